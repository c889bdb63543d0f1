"""The forms of an application. Forms check shape; onboarding checks sense."""

from typing import Any, Final

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.forms import BaseForm, DayField, EmailField, MoneyField, NumberField, PhoneField
from blueprints.words import KINDS as KIND_WORDS
from marketplace.accounts.rules import EMAIL_MAX, NAME_MAX, STORY_MAX
from marketplace.catalogue.categories import categories_tree
from marketplace.geography import queries as geography
from marketplace.onboarding import rules
from marketplace.onboarding.rules import Facts, Home, Person
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _

TAX_CODE_MAX: Final = 20


class PersonForm(BaseForm):
    """Step 1: who applies, for what kind of organisation."""

    phone = PhoneField(
        lazy_gettext("Số điện thoại"),
        validators=[InputRequired(lazy_gettext("Mời điền số điện thoại, ví dụ 0912 345 678"))],
    )
    contact_name = StringField(
        lazy_gettext("Họ và tên của bạn"),
        validators=[InputRequired(lazy_gettext("Mời điền họ tên của bạn")), Length(max=NAME_MAX)],
    )
    email = EmailField(
        lazy_gettext("E-mail"),
        validators=[
            InputRequired(lazy_gettext("Nhập địa chỉ e-mail, ví dụ lan@htx.example")),
            Length(max=EMAIL_MAX),
        ],
    )
    kind = RadioField(
        lazy_gettext("Tổ chức của bạn là"),
        validators=[InputRequired(lazy_gettext("Chọn loại tổ chức"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, _(KIND_WORDS[kind])) for kind in rules.KINDS]

    def person(self) -> Person:
        """What was typed. Call it after validation."""
        return Person(
            phone=self.phone.data,
            contact_name=self.contact_name.data or "",
            email=self.email.data or "",
            kind=self.kind.data or "",
            locale=current_locale(),
        )


class FactsForm(BaseForm):
    """Step 2: what the register of business knows of the organisation."""

    name = StringField(
        lazy_gettext("Tên đầy đủ"),
        validators=[
            InputRequired(lazy_gettext("Nhập tên như trên giấy đăng ký")),
            Length(max=NAME_MAX),
        ],
    )
    tax_code = StringField(
        lazy_gettext("Mã số thuế"), validators=[Optional(), Length(max=TAX_CODE_MAX)]
    )
    legal_representative = StringField(
        lazy_gettext("Người đại diện theo pháp luật"),
        validators=[
            InputRequired(lazy_gettext("Nhập họ tên người đại diện")),
            Length(max=NAME_MAX),
        ],
    )
    registration_number = StringField(
        lazy_gettext("Số giấy đăng ký"),
        validators=[Optional(), Length(max=rules.NUMBER_MAX)],
    )
    founded_on = DayField(lazy_gettext("Ngày thành lập"), validators=[Optional()])
    member_count = NumberField(
        lazy_gettext("Số thành viên"),
        validators=[Optional(), NumberRange(min=0, max=rules.MEMBERS_MAX)],
    )
    charter_capital_minor = MoneyField(lazy_gettext("Vốn điều lệ"), validators=[Optional()])

    def facts(self) -> Facts:
        """What was typed. Call it after validation."""
        count = self.member_count.data
        return Facts(
            name=self.name.data or "",
            tax_code=self.tax_code.data or "",
            registration_number=self.registration_number.data or "",
            legal_representative=self.legal_representative.data or "",
            founded_on=self.founded_on.data,
            charter_capital_minor=self.charter_capital_minor.data,
            member_count=None if count is None else int(count),
        )


class HomeForm(BaseForm):
    """Step 3: where the organisation is, and what it mainly sells."""

    province_code = SelectField(
        lazy_gettext("Tỉnh, thành phố"),
        validators=[InputRequired(lazy_gettext("Mời chọn tỉnh, thành phố"))],
    )
    commune_code = SelectField(
        lazy_gettext("Xã, phường, đặc khu"), validators=[Optional()], validate_choice=False
    )
    address = StringField(
        lazy_gettext("Số nhà, đường, thôn xóm"),
        validators=[Optional(), Length(max=rules.ADDRESS_MAX)],
    )
    category_ids = SelectMultipleField(
        lazy_gettext("Bán những nhóm hàng nào"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Chọn ít nhất một nhóm hàng"))],
    )
    story_vi = TextAreaField(
        lazy_gettext("Kể về tổ chức của bạn"), validators=[Optional(), Length(max=STORY_MAX)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        locale = current_locale()
        self.province_code.choices = [("", _("Chọn tỉnh, thành phố"))] + [
            (unit.code, unit.name if locale == "vi" else unit.name_en)
            for unit in geography.provinces()
        ]
        self.category_ids.choices = [
            (node.id, node.name(locale)) for node in categories_tree().tops
        ]
        found = geography.find_province(self.province_code.data or "")
        units = geography.communes_of(found.code) if found else ()
        first = _("Chọn xã, phường") if found else _("Chọn tỉnh trước")
        self.commune_code.choices = [("", first)] + [(unit.code, unit.full_name) for unit in units]
        if self.commune_code.data not in {unit.code for unit in units}:
            self.commune_code.data = ""

    def home(self) -> Home:
        """What was typed. Call it after validation."""
        return Home(
            province_code=self.province_code.data or "",
            commune_code=self.commune_code.data or None,
            address=self.address.data or "",
            category_ids=tuple(self.category_ids.data or ()),
            story_vi=self.story_vi.data or "",
        )


class ItemsForm(BaseForm):
    """Step 4: papers and answers, `file_7`, `answer_7`, `confirmed_7` for item 7."""
