"""The forms of the alliance about applications and about its checklist."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from blueprints.forms import BaseForm, DayField
from blueprints.words import KINDS as KIND_WORDS
from marketplace.accounts.rules import NAME_MAX
from marketplace.catalogue.categories import categories_tree
from marketplace.geography import queries as geography
from marketplace.kernel.translation import mark
from marketplace.onboarding import rules
from marketplace.onboarding.operations import Judgement, NewRequirement
from marketplace.onboarding.rules import Verdict
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
from models.onboarding import Topic

HELP_MAX: Final = 1000
TOPIC_WORDS: Final = {
    Topic.TERMS: mark("Quy chế, cam kết"),
    Topic.IDENTITY: mark("Người đại diện"),
    Topic.PAPERS: mark("Giấy đăng ký, giấy phép"),
    Topic.BANK_ACCOUNT: mark("Tài khoản ngân hàng"),
    Topic.PRODUCTS: mark("Sản phẩm"),
    Topic.OTHER: mark("Việc khác"),
}


class JudgeForm(BaseForm):
    """What is said about one item."""

    verdict = HiddenField(validators=[InputRequired(), AnyOf(list(Verdict))])
    note = TextAreaField(validators=[Optional(), Length(max=rules.NOTE_MAX)])
    until = DayField(validators=[Optional()])

    def judgement(self) -> Judgement:
        """What was filled in. Call it after validation."""
        return Judgement(
            Verdict(self.verdict.data or ""), note=self.note.data or "", until=self.until.data
        )


class RejectForm(BaseForm):
    """Why somebody is turned down for good."""

    reason = TextAreaField(
        lazy_gettext("Lý do không chấp thuận"),
        validators=[
            InputRequired(lazy_gettext("Viết lý do không chấp thuận")),
            Length(max=rules.NOTE_MAX),
        ],
    )


class RequirementForm(BaseForm):
    """What is asked for, of whom."""

    topic = RadioField(lazy_gettext("Về việc gì"), default=Topic.PAPERS.value)
    title_vi = StringField(
        lazy_gettext("Tên yêu cầu"),
        validators=[InputRequired(lazy_gettext("Nhập tên yêu cầu")), Length(max=NAME_MAX)],
    )
    help_vi = TextAreaField(
        lazy_gettext("Hướng dẫn"), validators=[Optional(), Length(max=HELP_MAX)]
    )
    title_en = StringField(
        lazy_gettext("Tên yêu cầu bằng tiếng Anh"), validators=[Optional(), Length(max=NAME_MAX)]
    )
    help_en = TextAreaField(
        lazy_gettext("Hướng dẫn bằng tiếng Anh"), validators=[Optional(), Length(max=HELP_MAX)]
    )
    needs_file = BooleanField(lazy_gettext("Phải gửi tệp"))
    needs_text = BooleanField(lazy_gettext("Phải viết câu trả lời"))
    needs_two = BooleanField(lazy_gettext("Hai cán bộ cùng xét"))
    kind = SelectField(lazy_gettext("Loại tổ chức"), validators=[Optional()])
    province_code = SelectField(lazy_gettext("Tỉnh, thành"), validators=[Optional()])
    category_id = SelectField(lazy_gettext("Nhóm hàng"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        locale = current_locale()
        self.topic.choices = [(topic.value, _(TOPIC_WORDS[topic])) for topic in Topic]
        self.kind.choices = [("", _("Mọi loại"))] + [
            (kind.value, _(KIND_WORDS[kind])) for kind in rules.KINDS
        ]
        self.province_code.choices = [("", _("Cả nước"))] + [
            (unit.code, unit.name if locale == "vi" else unit.name_en)
            for unit in geography.provinces()
        ]
        self.category_id.choices = [("", _("Mọi nhóm hàng"))] + [
            (str(node.id), node.name(locale)) for node in categories_tree().tops
        ]

    def concerned(self) -> dict[str, Any]:
        """Whom it concerns: kind, province and group of goods, None meaning any."""
        category = self.category_id.data or ""
        return {
            "kind": self.kind.data or None,
            "province_code": self.province_code.data or None,
            "category_id": int(category) if category.isdecimal() else None,
        }

    def wanted(self) -> NewRequirement:
        """What was filled in. Call it after validation."""
        return NewRequirement(
            topic=self.topic.data or "",
            title_vi=self.title_vi.data or "",
            title_en=self.title_en.data or "",
            help_vi=self.help_vi.data or "",
            help_en=self.help_en.data or "",
            needs_file=bool(self.needs_file.data),
            needs_text=bool(self.needs_text.data),
            needs_two=bool(self.needs_two.data),
            **self.concerned(),
        )
