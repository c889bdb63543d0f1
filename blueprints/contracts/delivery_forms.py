"""What the pages of deliveries accept. Forms check shape; the marketplace checks sense."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.cooperative.member_forms import provinces
from blueprints.forms import BaseForm, DayField, VolumeField
from marketplace.contracts.deliveries.operations.moving import Days
from marketplace.contracts.deliveries.rules import ADDRESS_MAX, TEXT_MAX, Packing, Wanted, place_for
from marketplace.contracts.terms import Grade, Place, Terms
from marketplace.platform.translation import gettext, lazy_gettext
from marketplace.workflows.shipping import LotChoice
from models.deliveries import Delivery

THIS: Final = "this"
FOLLOWING: Final = "following"


class CallOffForm(BaseForm):
    """What a buyer calls off; filled with the place that the contract names."""

    grams = VolumeField(
        lazy_gettext("Khối lượng"),
        validators=[InputRequired(lazy_gettext("Mời ghi khối lượng cần gọi."))],
    )
    due_from = DayField(
        lazy_gettext("Giao từ ngày"),
        validators=[InputRequired(lazy_gettext("Mời chọn ngày bắt đầu giao."))],
    )
    due_on = DayField(
        lazy_gettext("Giao muộn nhất"),
        validators=[InputRequired(lazy_gettext("Mời chọn ngày giao muộn nhất."))],
    )
    province_code = SelectField(lazy_gettext("Tỉnh, thành phố"), validators=[InputRequired()])
    address = StringField(
        lazy_gettext("Nơi nhận"),
        validators=[InputRequired(lazy_gettext("Mời ghi nơi nhận hàng.")), Length(max=ADDRESS_MAX)],
    )
    note = TextAreaField(lazy_gettext("Dặn bên bán"), validators=[Optional(), Length(max=TEXT_MAX)])
    key = HiddenField()

    def __init__(self, terms: Terms, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms'
        super().__init__(*args, **kwargs)
        self._usual = place_for(terms)
        self.province_code.choices = provinces()
        if not self.is_submitted():
            self.key.data = secrets.token_hex(12)
            if self._usual is not None:
                self.province_code.data = self._usual.province_code
                self.address.data = self._usual.address

    def wanted(self) -> Wanted:
        """What the form says."""
        place = Place(self.province_code.data, None, (self.address.data or "").strip())
        usual = self._usual
        if usual and (place.province_code, place.address) == (usual.province_code, usual.address):
            place = usual
        return Wanted(
            self.due_from.data, self.due_on.data, self.grams.data, place, self.note.data or ""
        )


class MoveForm(BaseForm):
    """Where a delivery goes, and whether those that follow go along."""

    due_from = DayField(
        lazy_gettext("Giao từ ngày"),
        validators=[InputRequired(lazy_gettext("Mời chọn ngày bắt đầu giao."))],
    )
    due_on = DayField(
        lazy_gettext("Giao muộn nhất"),
        validators=[InputRequired(lazy_gettext("Mời chọn ngày giao muộn nhất."))],
    )
    scope = RadioField(lazy_gettext("Đổi đợt nào"), default=THIS)
    reason = StringField(
        lazy_gettext("Lý do"),
        validators=[
            InputRequired(lazy_gettext("Mời ghi lý do, để bên kia hiểu.")),
            Length(max=TEXT_MAX),
        ],
    )

    def __init__(self, delivery: Delivery, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, obj=delivery, **kwargs)
        self.scope.choices = [
            (THIS, gettext("Chỉ đợt này")),
            (FOLLOWING, gettext("Đợt này và các đợt sau")),
        ]

    @property
    def days(self) -> Days:
        """The days that the form says."""
        return Days(self.due_from.data, self.due_on.data)

    @property
    def and_following(self) -> bool:
        """Whether the later ones go along."""
        return bool(self.scope.data == FOLLOWING)


class ShipForm(BaseForm):
    """Who carries the goods, as it stands on the paper."""

    carrier = StringField(
        lazy_gettext("Đơn vị vận chuyển"),
        validators=[InputRequired(lazy_gettext("Mời ghi đơn vị vận chuyển.")), Length(max=80)],
    )
    vehicle = StringField(
        lazy_gettext("Biển số xe"),
        validators=[InputRequired(lazy_gettext("Mời ghi biển số xe.")), Length(max=40)],
    )
    handed_by = StringField(
        lazy_gettext("Người giao hàng"),
        validators=[InputRequired(lazy_gettext("Mời ghi tên người giao hàng.")), Length(max=80)],
    )


class PackForm(BaseForm):
    """How much of which lots is packed. Its fields are made for the lots of the day."""

    def packing(self, choices: Sequence[LotChoice]) -> list[Packing]:
        """What the form says of the lots that may be packed; empty ones are left out."""
        found = []
        for each in choices:
            name = grams_field(each.lot_id)
            grams = self[name].data if name in self else None
            if grams:
                grade = grade_field(each.lot_id)
                found.append(Packing(each.lot_id, grams, self[grade].data if grade in self else ""))
        return found


def pack_form(choices: Sequence[LotChoice], grades: Sequence[Grade]) -> PackForm:
    """A form with an amount, and a grade if the contract has grades, for each lot that may go."""
    fields: dict[str, Any] = {}
    for each in choices:
        if each.reasons:
            continue
        label = gettext("Đóng từ lô %(code)s", code=each.code)
        fields[grams_field(each.lot_id)] = VolumeField(
            label, validators=[Optional()], default=each.proposed_g or None
        )
        if grades:
            fields[grade_field(each.lot_id)] = SelectField(
                gettext("Loại của lô %(code)s", code=each.code),
                choices=[(grade.code, grade.name or grade.code) for grade in grades],
            )
    form: PackForm = type("LotsForm", (PackForm,), fields)()
    return form


def grams_field(lot_id: int) -> str:
    """The name of the field for how much of a lot is packed."""
    return f"grams-{lot_id}"


def grade_field(lot_id: int) -> str:
    """The name of the field for the grade of a lot."""
    return f"grade-{lot_id}"
