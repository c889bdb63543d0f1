"""The forms of the alliance's desk about organisations."""

from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, Optional

from blueprints.forms import BaseForm, EmailField
from marketplace.accounts.rules import APPEAL_MAX, EMAIL_MAX, NAME_MAX, REASON_MAX
from marketplace.geography import queries as geography
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
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


def _email() -> EmailField:
    return EmailField(
        lazy_gettext("E-mail của cán bộ đầu tiên"),
        validators=[InputRequired(lazy_gettext("Nhập e-mail")), Length(max=EMAIL_MAX)],
    )


class ReachForm(BaseForm):
    """About which province an alliance decides; none of them: the whole country."""

    province_code = SelectField(lazy_gettext("Phạm vi"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.province_code.choices = [("", _("Cả nước")), *_provinces()]


class FirstOfficerForm(BaseForm):
    """Who is invited into an alliance that nobody works for yet."""

    email = _email()


class AllianceForm(BaseForm):
    """A new alliance of a province."""

    name = StringField(
        lazy_gettext("Tên liên minh"),
        validators=[InputRequired(lazy_gettext("Nhập tên liên minh")), Length(max=NAME_MAX)],
    )
    province_code = SelectField(
        lazy_gettext("Tỉnh, thành"),
        validators=[InputRequired(lazy_gettext("Chọn tỉnh, thành phố"))],
    )
    email = _email()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.province_code.choices = [("", _("Chọn tỉnh, thành phố")), *_provinces()]


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


def _provinces() -> list[tuple[str, str]]:
    is_english = current_locale() == "en"
    return [
        (each.code, each.name_en if is_english else each.name) for each in geography.provinces()
    ]
