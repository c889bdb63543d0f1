"""The forms of the alliance's desk about organisations."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from blueprints.forms import BaseForm
from marketplace.accounts.rules import APPEAL_MAX, REASON_MAX
from marketplace.platform.translation import lazy_gettext
from models.standing import AppealState


class SuspendForm(BaseForm):
    """Why an organisation is taken off the market; its directors read it."""

    reason = TextAreaField(
        lazy_gettext("Lý do tạm dừng"), validators=[InputRequired(), Length(max=REASON_MAX)]
    )


class CloseForm(BaseForm):
    """Why an organisation is taken off the market for good; its directors read it."""

    closing = TextAreaField(
        lazy_gettext("Lý do đóng"), validators=[InputRequired(), Length(max=REASON_MAX)]
    )


class AnswerForm(BaseForm):
    """What the alliance says to an appeal."""

    verdict = RadioField(
        lazy_gettext("Trả lời"),
        choices=[
            SelectChoice(AppealState.UPHELD.value, lazy_gettext("Chấp nhận, trả lại như trước")),
            SelectChoice(AppealState.DENIED.value, lazy_gettext("Giữ nguyên quyết định")),
        ],
        validators=[InputRequired(lazy_gettext("Chọn chấp nhận hay giữ nguyên"))],
    )
    reply = TextAreaField(
        lazy_gettext("Lời giải thích cho giám đốc"),
        validators=[
            InputRequired(lazy_gettext("Viết lời giải thích")),
            Length(max=APPEAL_MAX),
        ],
    )
