"""The one place that looks at the clock, and the one that knows whose day it is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time zone of every date that people see; +07:00 without summer time."""


def now() -> datetime:
    """The present moment, aware, in UTC. Call it at the edge and pass it down."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place


def business_day(at: datetime) -> date:
    """The calendar day in Việt Nam at the moment `at`.

    Raises:
        ValueError: `at` carries no time zone, so nobody can say which day it is.
    """
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone belongs to no day")
    return at.astimezone(VIETNAM).date()


def vietnam_midnight(day: date) -> datetime:
    """The moment at which `day` begins in Việt Nam, aware, in UTC.

    A report over the days [first, last] reads the moments from `vietnam_midnight(first)`
    up to, but not including, `vietnam_midnight(last + 1 day)`.
    """
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)
