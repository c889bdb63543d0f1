"""The forms by which the alliance decides about certificates."""

from typing import Final

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from blueprints.forms import BaseForm
from marketplace.certification.queries import CertificatePage
from marketplace.certification.rules import Verdict
from marketplace.platform.translation import current_locale, lazy_gettext

NOTE_MAX: Final = 1000


class ScopeForm(BaseForm):
    """Which products of the holder a certificate covers."""

    product_ids = SelectMultipleField(
        lazy_gettext("Sản phẩm được chứng nhận"), coerce=int, validators=[Optional()]
    )

    def offer(self, page: CertificatePage) -> None:
        """Say which products there are to choose from."""
        locale = current_locale()
        self.product_ids.choices = [
            (each.id, (each.name_en if locale == "en" else "") or each.name_vi)
            for each in page.products
        ]


class DecisionForm(ScopeForm):
    """Verify or reject, with a word to the holder."""

    verdict = HiddenField(validators=[InputRequired(), AnyOf(list(Verdict))])
    note = TextAreaField(
        lazy_gettext("Lời nhắn tới hợp tác xã"), validators=[Optional(), Length(max=NOTE_MAX)]
    )


class RevokeForm(BaseForm):
    """Why a verification is taken back; the holder's directors read it."""

    note = TextAreaField(
        lazy_gettext("Lý do thu hồi"),
        validators=[InputRequired(lazy_gettext("Viết lý do thu hồi")), Length(max=NOTE_MAX)],
    )
