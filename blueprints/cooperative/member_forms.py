"""What the pages of members accept. Forms check shape; the marketplace checks sense."""

import secrets
from datetime import date
from typing import Any, Final, Self

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from blueprints.forms import AtMost, BaseForm, DayField, MoneyField, PhoneField
from marketplace.geography import queries as geography
from marketplace.membership.operations import Contribution
from marketplace.membership.queries import Member
from marketplace.membership.rules import KIND_WORDS, MemberFacts
from marketplace.platform.translation import current_locale, gettext, lazy_gettext

PAID_IN: Final = "gop"
PAID_BACK: Final = "tra"


class MemberForm(BaseForm):
    """A member as the register has them."""

    name = StringField(lazy_gettext("Họ tên hoặc tên"), validators=[InputRequired(), AtMost(160)])
    kind = SelectField(lazy_gettext("Thành viên là"), validators=[InputRequired()])
    phone = PhoneField(lazy_gettext("Số điện thoại"), validators=[Optional()])
    province_code = SelectField(lazy_gettext("Tỉnh, thành phố"), validators=[InputRequired()])
    commune_code = SelectField(lazy_gettext("Xã, phường"), validators=[Optional()])
    hamlet = StringField(
        lazy_gettext("Thôn, buôn, ấp, số nhà"), validators=[Optional(), AtMost(120)]
    )
    joined_on = DayField(lazy_gettext("Ngày vào"), validators=[InputRequired()])
    is_official = BooleanField(lazy_gettext("Là thành viên chính thức"))
    code = StringField(lazy_gettext("Mã thành viên"), validators=[InputRequired(), AtMost(20)])
    note = StringField(lazy_gettext("Ghi chú"), validators=[Optional(), AtMost(300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.kind.choices = [(str(kind), gettext(word)) for kind, word in KIND_WORDS.items()]
        self.province_code.choices = provinces()
        self.commune_code.choices = communes(self.province_code.data)

    @classmethod
    def fresh(cls, *, province_code: str, commune_code: str | None, code: str, today: date) -> Self:
        """An empty form; most members live where their cooperative is."""
        return cls(
            formdata=None,
            data={
                "province_code": province_code,
                "commune_code": commune_code or "",
                "code": code,
                "joined_on": today,
                "is_official": True,
            },
        )

    @classmethod
    def of(cls, member: Member) -> Self:
        """The form with what the register says now."""
        return cls(formdata=None, obj=member, data={"commune_code": member.commune_code or ""})

    def facts(self, organisation_id: int, left_on: date | None = None) -> MemberFacts:
        """What was typed, for the operation. Call it after validation."""
        return MemberFacts(
            organisation_id=organisation_id,
            code=self.code.data or "",
            name=self.name.data or "",
            kind=self.kind.data,
            province_code=self.province_code.data,
            joined_on=self.joined_on.data,
            phone=self.phone.data,
            commune_code=self.commune_code.data or None,
            hamlet=self.hamlet.data or "",
            left_on=left_on,
            is_official=self.is_official.data,
            note=self.note.data or "",
        )


class LeaveForm(BaseForm):
    """The day of leaving."""

    left_on = DayField(lazy_gettext("Ngày ra"), validators=[InputRequired()])


class ConsentForm(BaseForm):
    """That a member agreed to be shown, and how."""

    consented_on = DayField(lazy_gettext("Ngày thành viên đồng ý"), validators=[InputRequired()])
    note = StringField(
        lazy_gettext("Đồng ý bằng cách nào"),
        id="consent_note",
        validators=[Optional(), AtMost(300)],
    )


class ShareForm(BaseForm):
    """Capital paid in or paid back."""

    direction = RadioField(lazy_gettext("Việc gì"), validators=[InputRequired()], default=PAID_IN)
    amount = MoneyField(lazy_gettext("Số tiền"), validators=[InputRequired()])
    on_day = DayField(lazy_gettext("Ngày góp hoặc trả"), validators=[InputRequired()])
    note = StringField(
        lazy_gettext("Số phiếu thu, phiếu chi"),
        id="share_note",
        validators=[Optional(), AtMost(200)],
    )
    key = HiddenField(validators=[InputRequired(), AtMost(80)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.direction.choices = [
            (PAID_IN, gettext("Góp thêm vốn")),
            (PAID_BACK, gettext("Trả lại vốn")),
        ]

    @classmethod
    def fresh(cls, today: date) -> Self:
        """An empty form with a key of its own, so that it counts once."""
        return cls(formdata=None, data={"on_day": today, "key": secrets.token_urlsafe(12)})

    def contribution(self, member_id: int) -> Contribution:
        """What was typed, for the operation. Call it after validation."""
        amount = abs(self.amount.data or 0)
        return Contribution(
            member_id=member_id,
            on_day=self.on_day.data,
            amount_minor=amount if self.direction.data == PAID_IN else -amount,
            key=self.key.data or "",
            note=self.note.data or "",
        )


def provinces() -> list[tuple[str, str]]:
    """The provinces to choose from, in the reader's language."""
    is_english = current_locale() == "en"
    return [
        (each.code, each.name_en if is_english else each.name) for each in geography.provinces()
    ]


def communes(province_code: str | None) -> list[tuple[str, str]]:
    """The communes of a province to choose from, and none of them."""
    nowhere = ("", gettext("Chưa chọn"))
    if not province_code or geography.find_province(province_code) is None:
        return [nowhere]
    found = geography.communes_of(province_code)
    return [nowhere, *((each.code, each.full_name) for each in found)]
