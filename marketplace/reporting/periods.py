"""Runs of calendar months in Việt Nam."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.kernel.clock import vietnam_midnight
from marketplace.reporting.errors import MonthUnreadableError, PeriodInvalidError

MONTHS_IN_YEAR = 12
LONGEST = 60

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")


def month_of(day: date) -> date:
    """The first day of the month of `day`; months are written as their first day."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` months later; earlier if negative."""
    years, index = divmod(month.month - 1 + count, MONTHS_IN_YEAR)
    return date(month.year + years, index + 1, 1)


def parse_month(text: str) -> date:
    """The month written as `2026-11`.

    Raises:
        MonthUnreadableError: it is written otherwise.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise MonthUnreadableError(text=text[:20])
    return date(int(found[1]), int(found[2]), 1)


@dataclass(frozen=True, slots=True)
class Months:
    """The months from `first` to `last`, both included, each given as its first day.

    Raises:
        PeriodInvalidError: the last comes before the first, or there are more than 60.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 1 <= self._count <= LONGEST:
            raise PeriodInvalidError(first=str(self.first), last=str(self.last))

    @classmethod
    def until(cls, day: date, *, count: int) -> "Months":
        """The `count` months that end with the month of `day`."""
        last = month_of(day)
        return cls(add_months(last, 1 - count), last)

    def __len__(self) -> int:
        return self._count

    @property
    def _count(self) -> int:
        """How many months; below one while they run backwards."""
        years = self.last.year - self.first.year
        return years * MONTHS_IN_YEAR + self.last.month - self.first.month + 1

    def __iter__(self) -> Iterator[date]:
        return (add_months(self.first, index) for index in range(len(self)))

    @property
    def previous(self) -> "Months":
        """As many months, right before."""
        return Months(add_months(self.first, -len(self)), add_months(self.first, -1))

    @property
    def starts_at(self) -> datetime:
        """Midnight in Việt Nam at which the first month begins."""
        return vietnam_midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """Midnight in Việt Nam at which the last month is over; no longer inside."""
        return vietnam_midnight(add_months(self.last, 1))
