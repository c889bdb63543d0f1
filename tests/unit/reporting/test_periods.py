"""Runs of months."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reporting.errors import MonthUnreadableError, PeriodInvalidError
from marketplace.reporting.periods import Months, add_months, parse_month


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(-300, 300))
def test_months_added_and_taken_away_lead_back(day, count):
    month = day.replace(day=1)

    assert add_months(add_months(month, count), -count) == month


def test_a_month_begins_at_midnight_in_viet_nam():
    november = Months(date(2026, 11, 1), date(2026, 11, 1))

    assert november.starts_at == datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    assert november.ends_at == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_the_previous_period_is_as_long_and_ends_right_before():
    months = Months(date(2025, 12, 1), date(2026, 2, 1))

    assert list(months.previous) == [date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1)]


def test_twelve_months_until_today():
    months = Months.until(date(2026, 11, 22), count=12)

    assert (months.first, months.last, len(months)) == (date(2025, 12, 1), date(2026, 11, 1), 12)


@pytest.mark.parametrize("text", ["2026-13", "11/2026", "2026-1", "", "2026-11-01", "1999-01"])
def test_what_is_no_month(text):
    with pytest.raises(MonthUnreadableError):
        parse_month(text)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 1), date(2026, 1, 1)),
        (date(2026, 11, 1), date(2025, 1, 1)),
        (date(2021, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_runs_forward_for_at_most_five_years(first, last):
    with pytest.raises(PeriodInvalidError):
        Months(first, last)
