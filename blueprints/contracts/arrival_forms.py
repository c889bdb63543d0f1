"""What the page at unloading accepts. Forms check shape; the marketplace checks sense.

A delivery has as many lines as lots, so the fields are made for each delivery anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from werkzeug.datastructures import FileStorage
from wtforms import (
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired

from blueprints.fields import AtMost, DayField, NumberField, WeightField
from blueprints.forms import BaseForm, refuse_in_form
from marketplace.contracts.acceptance.rules import (
    DISPUTE_LENGTH,
    NAME_LENGTH,
    REASON_LENGTH,
    Arrival,
    LineResult,
    checked,
    grade_shipped,
)
from marketplace.contracts.terms import Grade, Terms
from marketplace.kernel.errors import InvalidError
from marketplace.platform.translation import lazy_gettext
from models.deliveries import Delivery, DeliveryLine

FULL: Final = "full"
OTHER: Final = "other"
PARTS: Final = ("outcome", "accepted", "rejected", "grade", "moisture", "reason", "photo", "kept")


class ArrivalForm(BaseForm):
    """What is asked once for a delivery, whatever it brings."""

    arrived_on = DayField(lazy_gettext("Ngày hàng đến"), validators=[InputRequired()])
    handed_by = StringField(
        lazy_gettext("Người giao hàng"), validators=[DataRequired(), AtMost(NAME_LENGTH)]
    )
    received_by = StringField(
        lazy_gettext("Người nhận hàng"), validators=[DataRequired(), AtMost(NAME_LENGTH)]
    )


class DisputeForm(BaseForm):
    """What a side does not agree with, or how it was settled."""

    text = TextAreaField(
        lazy_gettext("Nội dung"), validators=[DataRequired(), AtMost(DISPUTE_LENGTH)]
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form of one delivery is made of."""

    delivery: Delivery
    lines: Sequence[DeliveryLine]
    terms: Terms

    @property
    def needs_moisture(self) -> bool:
        """Whether the price follows what is measured."""
        return self.terms.price.standard_moisture is not None

    def form(self, *, today: date, name: str = "", is_sent: bool = False) -> ArrivalForm:
        """The form as it was sent, or fresh: everything arrived today as it was sent."""
        made: type[ArrivalForm] = type("ArrivalFormOfDelivery", (ArrivalForm,), self._fields())
        form = made() if is_sent else made(formdata=None, data=self._data(today, name))
        for line in self.lines:
            if self.terms.grades:
                form[f"grade_{line.id}"].choices = [
                    SelectChoice(each.code, _name_of(each)) for each in self.terms.grades
                ]
        return form

    def rows(self, form: ArrivalForm) -> list[tuple[DeliveryLine, Mapping[str, Field]]]:
        """Each line with its fields by their parts, for the template."""
        return [
            (
                line,
                {part: form[name] for part in PARTS if (name := f"{part}_{line.id}") in form},
            )
            for line in self.lines
        ]

    def photos(self, form: ArrivalForm) -> list[tuple[DeliveryLine, FileStorage]]:
        """The photos that came with the form."""
        sent = [(line, form[f"photo_{line.id}"].data) for line in self.lines]
        return [(line, file) for line, file in sent if isinstance(file, FileStorage) and file]

    def keep_photo(self, form: ArrivalForm, line: DeliveryLine, *, file_id: int) -> None:
        """Remember a photo, so that a refused form need not bring it again."""
        form[f"kept_{line.id}"].data = str(file_id)

    def results(self, form: ArrivalForm) -> list[LineResult] | None:
        """What was said of each line; None if something makes no sense, which the form says.

        Every line is looked at, so that nobody mends one after the other while a driver waits.
        """
        found = [self._result(form, line) for line in self.lines]
        for line, result in zip(self.lines, found, strict=True):
            try:
                checked([line], [result], self.terms)
            except InvalidError as error:
                refuse_in_form(form, error)
        return None if form.errors else found

    def arrival(self, form: ArrivalForm) -> Arrival:
        """When it came, and between whom it changed hands."""
        return Arrival(form.arrived_on.data, form.received_by.data or "", form.handed_by.data or "")

    def _result(self, form: ArrivalForm, line: DeliveryLine) -> LineResult:
        moisture = form[f"moisture_{line.id}"].data if self.needs_moisture else None
        moisture = moisture if moisture is None else moisture.quantize(Decimal("0.01"))
        kept = form[f"kept_{line.id}"].data or ""
        photo_id = int(kept) if kept.isdecimal() else None
        as_sent = grade_shipped(line, self.terms)
        reason = form[f"reason_{line.id}"].data or ""
        if form[f"outcome_{line.id}"].data == FULL:
            return LineResult(
                line.id, line.shipped_g, grade=as_sent, moisture=moisture, photo_id=photo_id
            )
        accepted_g = form[f"accepted_{line.id}"].data or 0
        rejected_g = form[f"rejected_{line.id}"].data or 0
        short_g = line.shipped_g - accepted_g - rejected_g
        grade = form[f"grade_{line.id}"].data if self.terms.grades else as_sent
        return LineResult(
            line.id,
            accepted_g,
            short_g,
            rejected_g,
            grade=grade or as_sent,
            moisture=moisture,
            reason=reason,
            photo_id=photo_id,
        )

    def _fields(self) -> dict[str, Field]:
        fields: dict[str, Any] = {}
        for line in self.lines:
            fields[f"outcome_{line.id}"] = RadioField(
                lazy_gettext("Hàng đến ra sao?"),
                choices=[
                    SelectChoice(FULL, lazy_gettext("Đủ, đúng loại")),
                    SelectChoice(OTHER, lazy_gettext("Có khác")),
                ],
                validators=[InputRequired()],
            )
            if self.needs_moisture:
                fields[f"moisture_{line.id}"] = NumberField(lazy_gettext("Độ ẩm đo được"))
            fields[f"accepted_{line.id}"] = WeightField(lazy_gettext("Nhận"))
            fields[f"rejected_{line.id}"] = WeightField(lazy_gettext("Không nhận, trả lại"))
            if self.terms.grades:
                fields[f"grade_{line.id}"] = SelectField(
                    lazy_gettext("Nhận theo loại"), validate_choice=False
                )
            fields[f"reason_{line.id}"] = StringField(
                lazy_gettext("Lý do"), validators=[AtMost(REASON_LENGTH)]
            )
            fields[f"photo_{line.id}"] = FileField(lazy_gettext("Ảnh chụp"))
            fields[f"kept_{line.id}"] = HiddenField()
        return fields

    def _data(self, today: date, name: str) -> dict[str, Any]:
        data: dict[str, Any] = {
            "arrived_on": today,
            "handed_by": self.delivery.handed_by,
            "received_by": name,
        }
        for line in self.lines:
            data[f"outcome_{line.id}"] = FULL
            data[f"accepted_{line.id}"] = line.shipped_g
            data[f"grade_{line.id}"] = grade_shipped(line, self.terms)
        return data


def _name_of(grade: Grade) -> str:
    return grade.code if grade.code == grade.name else f"{grade.code}, {grade.name}"
