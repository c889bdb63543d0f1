"""What the supply book computes without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

BOOK_MONTHS: Final = 12
"""How many months ahead a seller forecasts, the present one included."""
MOST_G: Final = 1_000_000_000_000
"""A million tonnes of one product in a month can only be a slip of the keyboard."""
GRADE_MAX: Final = 40
REASON_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many grams of a product and grade that are wanted of a month."""

    product_id: int
    grade: str
    month: date
    grams: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What somebody writes into the book for a product.

    Attributes:
        grade: which grade of it; empty where it has none.
        grams: by month; a month that is left out stays as it is.
        seen: the last change that the person has looked at; 0 if there was none.
        reason: why; needed where a month becomes less.
    """

    grade: str
    grams: Mapping[date, int] = field(default_factory=dict)
    seen: int = 0
    reason: str = ""


def month_of(day: date) -> date:
    """The month of a day, by its first."""
    return day.replace(day=1)


def month_after(month: date, count: int) -> date:
    """The month so many after another; before it if below nothing."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def months_from(month: date, count: int) -> list[date]:
    """So many months, beginning with one."""
    return [month_after(month, index) for index in range(count)]


def month_label(month: date) -> str:
    """A month in numbers, as both languages read it: `3/2027`."""
    return f"{month.month}/{month.year}"


def field_of(month: date) -> str:
    """What the field of a month is called in a form of twelve: `month_3`."""
    return f"month_{month.month}"


def tidy_grade(grade: str) -> str:
    """A grade without idle spaces, so that one is not written in two ways."""
    return " ".join(grade.split())
