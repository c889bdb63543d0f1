"""What the supply book computes without a database."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many grams of a product and grade that are wanted of a month."""

    product_id: int
    grade: str
    month: date
    grams: int


def month_label(month: date) -> str:
    """A month in numbers, as both languages read it: `3/2027`."""
    return f"{month.month}/{month.year}"
