"""Periods of days in which something holds."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last day, both included; without a last day it is open.

    Days are Vietnamese calendar days (`clock.business_day`).

    Raises:
        ValueError: it would end before it starts.
    """

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"A period cannot end on {self.ends_on}, before {self.starts_on}")

    def covers(self, day: date) -> bool:
        """Whether the period holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: "Period") -> bool:
        """Whether there is a day on which both hold."""
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it is shorter.

    Args:
        day: from which to count.
        months: how many, 0 or more.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
