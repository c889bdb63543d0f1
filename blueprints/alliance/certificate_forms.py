"""The forms by which the alliance decides about certificates."""

from typing import Final

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from blueprints.covering import ProductsForm
from blueprints.forms import BaseForm
from marketplace.certification.rules import Verdict
from marketplace.platform.translation import lazy_gettext

NOTE_MAX: Final = 1000


class DecisionForm(ProductsForm):
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
