"""The form of a product in the supply book: a year of months, and why they change."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Self

from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional, Regexp

from blueprints.forms import BaseForm, VolumeField
from marketplace.kernel.quantity import Unit
from marketplace.platform.translation import gettext, lazy_gettext
from marketplace.sourcing.supply.rules import (
    BOOK_MONTHS,
    GRADE_MAX,
    REASON_MAX,
    Forecast,
    field_of,
    month_label,
    months_from,
)

UNITS: Final = {"kg": Unit.KG, "tan": Unit.TAN}
"""The units that months are typed in, as addresses name them."""


def _month() -> VolumeField:
    return VolumeField(validators=[Optional()])


class ForecastForm(BaseForm):
    """Twelve months from `first` on, each in the field of its month of the calendar.

    So a form that stood open over the turn of a month still says what it means.
    """

    month_1 = _month()
    month_2 = _month()
    month_3 = _month()
    month_4 = _month()
    month_5 = _month()
    month_6 = _month()
    month_7 = _month()
    month_8 = _month()
    month_9 = _month()
    month_10 = _month()
    month_11 = _month()
    month_12 = _month()
    reason = StringField(
        lazy_gettext("Lý do thay đổi"), validators=[Optional(), Length(max=REASON_MAX)]
    )
    grade = HiddenField(validators=[Length(max=GRADE_MAX)])
    unit = HiddenField()
    first = HiddenField(validators=[Regexp(r"^\d{4}-(0[1-9]|1[0-2])$")])
    seen = HiddenField()

    @classmethod
    def filled_with(
        cls, grams: Mapping[date, int], *, first: date, unit: str, grade: str, seen: int
    ) -> Self:
        """The form as the book stands, or as somebody proposes; nothing is an empty field."""
        values = {field_of(month): weight or None for month, weight in grams.items()}
        texts = {"first": f"{first:%Y-%m}", "unit": unit, "grade": grade, "seen": str(seen)}
        return cls(formdata=None, data={**values, **texts})

    def process(self, formdata: Any = None, *rest: Any, **more: Any) -> None:  # noqa: ANN401
        """Understand what was sent; its unit first, for the numbers are read in it."""
        formdata = self.meta.wrap_formdata(self, formdata)
        unit = str((formdata or more.get("data") or {}).get("unit"))
        for number in range(1, BOOK_MONTHS + 1):
            self[f"month_{number}"].unit = UNITS.get(unit, Unit.TAN)
        super().process(formdata, *rest, **more)

    def named(self, months: list[date]) -> Self:
        """Name the fields after these months."""
        for month in months:
            self[field_of(month)].label.text = gettext("Tháng %(month)s", month=month_label(month))
        return self

    def forecast(self, this_month: date) -> Forecast:
        """What was typed, without months that are over. Call it after validation."""
        first = date.fromisoformat(f"{self.first.data}-01")
        typed = {
            month: self[field_of(month)].data or 0
            for month in months_from(first, BOOK_MONTHS)
            if month >= this_month and self[field_of(month)].raw_data
        }
        seen = self.seen.data or ""
        return Forecast(
            grade=self.grade.data or "",
            grams=typed,
            seen=int(seen) if seen.isascii() and seen.isdecimal() else 0,
            reason=self.reason.data or "",
        )
