"""The forms by which the alliance decides about certificates."""

from typing import Final

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from blueprints.covering import ProductsForm
from blueprints.forms import BaseForm
from marketplace.certification.rules import Check, Verdict
from marketplace.platform.translation import lazy_gettext
from models.certification import CheckKind

NOTE_MAX: Final = 1000
SOURCE_MAX: Final = 300


class DecisionForm(ProductsForm):
    """Verify or reject, with a word to the holder."""

    verdict = HiddenField(validators=[InputRequired(), AnyOf(list(Verdict))])
    note = TextAreaField(
        lazy_gettext("Lời nhắn tới hợp tác xã"), validators=[Optional(), Length(max=NOTE_MAX)]
    )


class CheckForm(BaseForm):
    """What a certificate was compared with."""

    kind = RadioField(
        lazy_gettext("Đã đối chiếu với"),
        choices=[
            SelectChoice(CheckKind.DOCUMENT.value, lazy_gettext("Giấy chứng nhận")),
            SelectChoice(CheckKind.REGISTER.value, lazy_gettext("Danh sách của nơi cấp")),
        ],
        default=CheckKind.REGISTER.value,
        validators=[InputRequired(lazy_gettext("Chọn đã đối chiếu với gì"))],
    )
    source = StringField(
        lazy_gettext("Nguồn đối chiếu"), validators=[Optional(), Length(max=SOURCE_MAX)]
    )
    check_note = TextAreaField(
        lazy_gettext("Ghi chú nội bộ"), validators=[Optional(), Length(max=NOTE_MAX)]
    )

    def check(self) -> Check:
        """What was filled in."""
        return Check(
            kind=CheckKind(self.kind.data),
            source=self.source.data or "",
            note=self.check_note.data or "",
        )


class RevokeForm(BaseForm):
    """Why a verification is taken back; the holder's directors read it."""

    note = TextAreaField(
        lazy_gettext("Lý do thu hồi"),
        validators=[InputRequired(lazy_gettext("Viết lý do thu hồi")), Length(max=NOTE_MAX)],
    )
