"""What the page of components shows: made up, and nothing of it is sold."""

from dataclasses import dataclass, field
from datetime import date

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from blueprints.assets import asset
from blueprints.forms import BaseForm, DayField, EmailField, MoneyField, PhoneField, WeightField
from blueprints.states import STATES
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext


@dataclass(frozen=True)
class SampleProduct:
    """What a card needs."""

    slug: str
    name: str
    cooperative_name: str
    province_name: str
    price: int
    pack_name: str
    per_kg: int | None
    certificates: tuple[str, ...]
    stock: str

    @property
    def image(self) -> str:
        """Its picture, 400 wide."""
        return asset(f"img/p/{self.slug}-400.webp")

    @property
    def image_large(self) -> str:
        """Its picture, 800 wide."""
        return asset(f"img/p/{self.slug}.webp")


class SampleForm(BaseForm):
    """A field of every kind."""

    name = StringField(lazy_gettext("Tên sản phẩm"), [InputRequired(), Length(max=120)])
    price = MoneyField(lazy_gettext("Giá một gói"), [InputRequired()])
    weight = WeightField(lazy_gettext("Khối lượng"), [InputRequired()])
    harvested_on = DayField(lazy_gettext("Ngày hái"), [InputRequired()])
    phone = PhoneField(lazy_gettext("Số điện thoại"), [InputRequired()])
    email = EmailField(lazy_gettext("E-mail"))
    password = PasswordField(lazy_gettext("Mật khẩu"))
    province = SelectField(lazy_gettext("Tỉnh, thành phố"))
    story = TextAreaField(lazy_gettext("Chuyện kể"), [Length(max=500)])
    delivery = RadioField(lazy_gettext("Cách nhận hàng"))
    payment = RadioField(lazy_gettext("Cách trả tiền"))
    pack = RadioField(lazy_gettext("Quy cách"))
    standards = SelectMultipleField(lazy_gettext("Chứng nhận"))
    photo = FileField(lazy_gettext("Ảnh sản phẩm"))
    agrees = BooleanField(lazy_gettext("Tôi đồng ý với quy chế của chợ"))


@dataclass
class Samples:
    """Everything the page shows."""

    form: SampleForm
    products: tuple[SampleProduct, ...]
    page: Page[int]
    season: str = "200000022133"
    states: dict[str, list[str]] = field(default_factory=dict)
    today: date = date(2026, 11, 22)


def samples() -> Samples:
    """The samples, in the reader's language."""
    form = SampleForm()
    form.province.choices = {"66": "Đắk Lắk", "01": "Hà Nội"}
    form.delivery.choices = {"home": _("Giao tận nhà"), "pickup": _("Lấy tại hợp tác xã")}
    form.payment.choices = {
        "bank_transfer": _("Chuyển khoản, quét mã QR"),
        "cash": _("Trả tiền khi nhận hàng"),
    }
    form.pack.choices = {"1": "250 g", "2": "500 g", "3": "1 kg"}
    form.standards.choices = {"vietgap": "VietGAP", "ocop": "OCOP"}
    if not form.is_submitted():
        form.name.data = "Chuối Laba"
        form.price.data = 32000
        form.weight.data = 12500
        form.harvested_on.data = date(2026, 11, 3)
        form.phone.data = "+84912345678"
        form.delivery.data, form.payment.data, form.pack.data = "home", "bank_transfer", "2"
        form.standards.data = ["ocop"]
    return Samples(
        form=form,
        products=(
            _sample("ca-phe-robusta", "Cà phê Robusta rang mộc", 145000, "gói 500 g", "con"),
            _sample("xoai-cat", "Xoài cát Hòa Lộc", 85000, "kg", "truoc"),
            _sample("che-shan", "Chè Shan tuyết cổ thụ", 320000, "hộp 250 g", "sap"),
            _sample("bo-sap", "Bơ sáp 034 Di Linh", 68000, "kg", "het"),
        ),
        page=Page(rows=[], request=PageRequest(number=5, size=20), total=400),
        states={kind: list(looks) for kind, looks in STATES.items()},
    )


def _sample(slug: str, name: str, price: int, pack: str, stock: str) -> SampleProduct:
    per_kg = {"gói 500 g": price * 2, "hộp 250 g": price * 4}.get(pack)
    return SampleProduct(
        slug=slug,
        name=name,
        cooperative_name="HTX Cà phê Cư Mgar",
        province_name="Đắk Lắk",
        price=price,
        pack_name=pack,
        per_kg=per_kg,
        certificates=("OCOP 4 sao", "VietGAP"),
        stock=stock,
    )
