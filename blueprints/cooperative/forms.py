"""The forms of the settings and of the team of an organisation."""

from typing import Self

from wtforms import BooleanField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.forms import BaseForm, DayField, EmailField, MoneyField, PhoneField, WholeField
from marketplace.accounts.operations.facts import Facts
from marketplace.accounts.operations.organisations import DeliveryTerms, Portrait
from marketplace.accounts.rules import (
    BRAND_MAX,
    DAYS_MAX,
    EMAIL_MAX,
    NAME_MAX,
    REGISTRATION_MAX,
    STORY_MAX,
    TAGLINE_MAX,
)
from marketplace.platform.translation import lazy_gettext
from models.accounts import DeliverySettings


class PortraitForm(BaseForm):
    """How an organisation shows itself, in two languages."""

    name = StringField(
        lazy_gettext("Tên đầy đủ"), validators=[InputRequired(), Length(max=NAME_MAX)]
    )
    name_en = StringField(
        lazy_gettext("Tên tiếng Anh"), validators=[Optional(), Length(max=NAME_MAX)]
    )
    phone = PhoneField(lazy_gettext("Số điện thoại cho người mua"), validators=[Optional()])
    tagline_vi = StringField(
        lazy_gettext("Một câu giới thiệu"), validators=[Optional(), Length(max=TAGLINE_MAX)]
    )
    tagline_en = StringField(
        lazy_gettext("Một câu giới thiệu, tiếng Anh"),
        validators=[Optional(), Length(max=TAGLINE_MAX)],
    )
    story_vi = TextAreaField(
        lazy_gettext("Câu chuyện của tổ chức"), validators=[Optional(), Length(max=STORY_MAX)]
    )
    story_en = TextAreaField(
        lazy_gettext("Câu chuyện của tổ chức, tiếng Anh"),
        validators=[Optional(), Length(max=STORY_MAX)],
    )

    def portrait(self) -> Portrait:
        """What was typed, for the operation. Call it after validation."""
        return Portrait(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            tagline_vi=self.tagline_vi.data or "",
            tagline_en=self.tagline_en.data or "",
            story_vi=self.story_vi.data or "",
            story_en=self.story_en.data or "",
            phone=self.phone.data,
        )


class FactsForm(BaseForm):
    """What the papers of an organisation say; capital in whole đồng."""

    tax_code = StringField(lazy_gettext("Mã số thuế"), validators=[Optional(), Length(max=14)])
    registration_number = StringField(
        lazy_gettext("Số đăng ký"), validators=[Optional(), Length(max=REGISTRATION_MAX)]
    )
    legal_representative = StringField(
        lazy_gettext("Người đại diện theo pháp luật"),
        validators=[Optional(), Length(max=NAME_MAX)],
    )
    founded_on = DayField(lazy_gettext("Ngày thành lập"), validators=[Optional()])
    charter_capital_minor = MoneyField(lazy_gettext("Vốn điều lệ"), validators=[Optional()])
    member_count = WholeField(lazy_gettext("Số thành viên"), validators=[Optional()])
    brand = StringField(lazy_gettext("Thương hiệu"), validators=[Optional(), Length(max=BRAND_MAX)])

    def facts(self) -> Facts:
        """What was typed, for the operation. Call it after validation."""
        return Facts(
            tax_code=self.tax_code.data or "",
            registration_number=self.registration_number.data or "",
            legal_representative=self.legal_representative.data or "",
            charter_capital_minor=self.charter_capital_minor.data,
            founded_on=self.founded_on.data,
            member_count=self.member_count.data,
            brand=self.brand.data or "",
        )


class PicturesForm(BaseForm):
    """The pictures that stand for an organisation."""

    logo = FileField(lazy_gettext("Logo"))
    cover = FileField(lazy_gettext("Ảnh bìa"))


class DeliveryForm(BaseForm):
    """What delivery costs and how long it takes; amounts in whole đồng."""

    own_region_fee = MoneyField(lazy_gettext("Phí giao trong vùng"), validators=[InputRequired()])
    own_region_days = IntegerField(
        lazy_gettext("Số ngày giao trong vùng"),
        validators=[InputRequired(), NumberRange(0, DAYS_MAX)],
    )
    other_region_fee = MoneyField(
        lazy_gettext("Phí giao tới vùng khác"), validators=[InputRequired()]
    )
    other_region_days = IntegerField(
        lazy_gettext("Số ngày giao tới vùng khác"),
        validators=[InputRequired(), NumberRange(0, DAYS_MAX)],
    )
    free_from = MoneyField(lazy_gettext("Miễn phí giao cho đơn từ"), validators=[Optional()])
    offers_pickup = BooleanField(lazy_gettext("Người mua có thể tới lấy"))
    pickup_note = StringField(
        lazy_gettext("Lấy hàng ở đâu, giờ nào"),
        validators=[Optional(), Length(max=TAGLINE_MAX)],
    )
    accepts_cash = BooleanField(lazy_gettext("Nhận tiền mặt khi giao (COD)"))

    @classmethod
    def filled_with(cls, terms: DeliverySettings | None) -> Self:
        """The form with the terms in force; a seller that has none yet starts from the usual."""
        if terms is None:
            return cls(
                formdata=None,
                own_region_fee=25_000,
                own_region_days=2,
                other_region_fee=40_000,
                other_region_days=4,
                offers_pickup=True,
                accepts_cash=True,
            )
        return cls(
            formdata=None,
            obj=terms,
            own_region_fee=terms.own_region_fee_minor,
            other_region_fee=terms.other_region_fee_minor,
            free_from=terms.free_from_minor,
        )

    def terms(self) -> DeliveryTerms:
        """What was typed, for the operation. Call it after validation."""
        return DeliveryTerms(
            own_region_fee_minor=self.own_region_fee.data,
            other_region_fee_minor=self.other_region_fee.data,
            free_from_minor=self.free_from.data,
            own_region_days=self.own_region_days.data or 0,
            other_region_days=self.other_region_days.data or 0,
            offers_pickup=self.offers_pickup.data,
            pickup_note=self.pickup_note.data or "",
            accepts_cash=self.accepts_cash.data,
        )


class InvitationForm(BaseForm):
    """Whom to invite, and for what; the view gives the roles of the kind of organisation."""

    email = EmailField(
        lazy_gettext("E-mail của người được mời"),
        validators=[InputRequired(), Length(max=EMAIL_MAX)],
    )
    role = SelectField(lazy_gettext("Vai trò"), validators=[InputRequired()])
