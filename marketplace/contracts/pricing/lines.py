"""The price of one line: so much of one grade, shipped on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from marketplace.contracts.pricing.errors import (
    MoistureImpossibleError,
    ReferenceMissingError,
    UnknownGradeError,
)
from marketplace.contracts.terms import Grade, Price, Terms, first_of, per_kg

HUNDRED: Final = Decimal(100)
NO_GRADE: Final = Grade("", "")


@dataclass(frozen=True, slots=True)
class Priced:
    """What a line costs, and how that was found.

    Attributes:
        counted_g: The weight that is paid for, after moisture.
        unit_minor: Đồng per kilogram.
        amount_minor: What the line costs.
        inputs: Everything the two follow from, as JSON, for the row that keeps the calculation.
    """

    counted_g: int
    unit_minor: int
    amount_minor: int
    inputs: dict[str, Any]


def price_line(  # noqa: PLR0913 - a line is priced by exactly these
    *,
    terms: Terms,
    shipped_on: date,
    grade: str,
    net_g: int,
    moisture: Decimal | None,
    reference_minor: int | None,
) -> Priced:
    """What `net_g` grams of a grade cost.

    Args:
        terms: What the contract said when the goods were shipped.
        shipped_on: The day that decides the month of a fixed price.
        grade: Its code; empty where the contract names no grades.
        net_g: Accepted grams as weighed.
        moisture: Per cent as measured. Nobody measured (None): the goods count as weighed.
        reference_minor: The published price of that day, đồng per kilogram; only asked for where
            the price follows one.

    Raises:
        UnknownGradeError: the contract does not know the grade.
        MoistureImpossibleError: below nothing, or 100 % and more.
        ReferenceMissingError: the price follows a reference and there is none.
    """
    of_grade = _grade(terms, grade)
    counted_g = _counted(terms.price, net_g, moisture)
    start_minor, source = _start(terms.price, shipped_on, reference_minor)
    within_minor, bound = _within(terms.price, start_minor)
    unit_minor = max(within_minor + of_grade.difference_minor, 0)
    amount_minor = per_kg(counted_g, unit_minor)
    price = terms.price
    return Priced(
        counted_g,
        unit_minor,
        amount_minor,
        {
            "shipped_on": shipped_on.isoformat(),
            "net_g": net_g,
            "moisture": _plain(moisture),
            "standard_moisture": _plain(price.standard_moisture),
            "counted_g": counted_g,
            "source": source,
            "reference_code": price.reference_code,
            "reference_minor": None if price.is_fixed else reference_minor,
            "premium_minor": 0 if price.is_fixed else price.premium_minor,
            "start_minor": start_minor,
            "floor_minor": price.floor_minor,
            "ceiling_minor": price.ceiling_minor,
            "bound": bound,
            "grade": grade,
            "difference_minor": of_grade.difference_minor,
            "unit_minor": unit_minor,
            "amount_minor": amount_minor,
        },
    )


def _grade(terms: Terms, code: str) -> Grade:
    if not terms.grades and not code:
        return NO_GRADE
    for each in terms.grades:
        if each.code == code:
            return each
    raise UnknownGradeError(grade=code)


def _counted(price: Price, net_g: int, moisture: Decimal | None) -> int:
    """The weight at the standard moisture; drier goods count as more, wetter ones as less."""
    if moisture is not None and not 0 <= moisture < HUNDRED:
        raise MoistureImpossibleError(moisture=str(moisture))
    if price.standard_moisture is None or moisture is None:
        return net_g
    exact = net_g * (HUNDRED - moisture) / (HUNDRED - price.standard_moisture)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _start(price: Price, shipped_on: date, reference_minor: int | None) -> tuple[int, str]:
    """Đồng per kilogram before bounds and grades, and where they come from."""
    if price.is_fixed:
        month = price.monthly.get(first_of(shipped_on))
        return (price.base_minor, "base") if month is None else (month, "month")
    if reference_minor is None:
        raise ReferenceMissingError(code=price.reference_code, day=f"{shipped_on:%d/%m/%Y}")
    return reference_minor + price.premium_minor, "reference"


def _within(price: Price, minor: int) -> tuple[int, str]:
    """A price between the floor and the ceiling, and which of them held it."""
    if price.floor_minor is not None and minor < price.floor_minor:
        return price.floor_minor, "floor"
    if price.ceiling_minor is not None and minor > price.ceiling_minor:
        return price.ceiling_minor, "ceiling"
    return minor, ""


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
