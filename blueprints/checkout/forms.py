"""The one form of the checkout: at most twelve fields, whatever is in the basket."""

from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from blueprints.forms import BaseForm, EmailField, PhoneField
from marketplace.geography import queries as geography
from marketplace.orders.operations import Purchase, Recipient
from marketplace.orders.quotes import DIGEST_LENGTH, Seller
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
from models.orders import DeliveryMethod, PaymentMethod

METHOD: Final = "giao-"
"""The fields of delivery: `giao-17` is how the goods of organisation 17 reach the buyer."""


class CheckoutForm(BaseForm):
    """Who gets the goods, where, and how they are paid for."""

    name = StringField(
        lazy_gettext("Họ và tên"),
        validators=[InputRequired(lazy_gettext("Mời điền họ tên người nhận")), Length(max=160)],
    )
    phone = PhoneField(
        lazy_gettext("Số điện thoại"),
        validators=[InputRequired(lazy_gettext("Mời điền số điện thoại, ví dụ 0912 345 678"))],
    )
    email = EmailField(lazy_gettext("E-mail"), validators=[Optional(), Length(max=254)])
    province = SelectField(
        lazy_gettext("Tỉnh, thành phố"),
        validators=[InputRequired(lazy_gettext("Mời chọn tỉnh, thành phố"))],
    )
    commune = SelectField(
        lazy_gettext("Xã, phường, đặc khu"), validators=[Optional()], validate_choice=False
    )
    address = StringField(
        lazy_gettext("Số nhà, đường, thôn xóm"), validators=[Optional(), Length(max=200)]
    )
    note = TextAreaField(
        lazy_gettext("Ghi chú cho hợp tác xã"), validators=[Optional(), Length(max=500)]
    )
    payment_method = RadioField(
        lazy_gettext("Cách trả tiền"), validators=[InputRequired()], default="bank_transfer"
    )
    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])
    agreed = HiddenField(validators=[Length(max=2 * DIGEST_LENGTH + 1)])

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - WTForms takes anything
        super().__init__(**values)
        self.province.choices = [("", _("Chọn tỉnh, thành phố"))] + [
            (unit.code, unit.name if current_locale() == "vi" else unit.name_en)
            for unit in geography.provinces()
        ]
        self.payment_method.choices = [
            (PaymentMethod.BANK_TRANSFER.value, _("Chuyển khoản, quét mã QR")),
            (PaymentMethod.CASH.value, _("Trả tiền khi nhận hàng")),
        ]
        self.list_communes()

    @property
    def province_code(self) -> str | None:
        """The province that was chosen, if there is such a one."""
        found = geography.find_province(self.province.data or "")
        return found.code if found else None

    def list_communes(self) -> None:
        """Offer the communes of the province that is chosen now; drop one of another province."""
        code = self.province_code
        units = geography.communes_of(code) if code else ()
        first = _("Chọn xã, phường") if code else _("Chọn tỉnh trước")
        self.commune.choices = [("", first)] + [(unit.code, unit.full_name) for unit in units]
        if self.commune.data not in {unit.code for unit in units}:
            self.commune.data = ""

    def purchase(self, pickups: frozenset[int]) -> Purchase:
        """What the buyer sends. Call it after validation."""
        return Purchase(
            key=self.key.data or "",
            recipient=Recipient(
                name=(self.name.data or "").strip(),
                phone=self.phone.data or "",
                province_code=self.province.data or "",
                commune_code=self.commune.data or None,
                address=self.address.data or "",
                email=self.email.data or None,
                note=self.note.data or "",
            ),
            payment_method=PaymentMethod(self.payment_method.data),
            pickups=pickups,
            agreed=self.agreed.data or "",
            locale=current_locale(),
        )


def method_field(seller: Seller) -> str:
    """The name of the field that says how a seller's goods reach the buyer."""
    return f"{METHOD}{seller.organisation_id}"


def pickups_in(values: Any) -> frozenset[int]:  # noqa: ANN401 - a form or its like
    """The ids of the organisations whose goods the buyer wants to collect."""
    return frozenset(
        int(name.removeprefix(METHOD))
        for name, value in values.items()
        if value == DeliveryMethod.PICKUP and name.removeprefix(METHOD).isdecimal()
    )
