"""Periods of days, both ends included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.validity import Period, months_after

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)

days = st.dates(date(2020, 1, 1), date(2020, 2, 1))


@st.composite
def periods(draw):
    starts_on = draw(days)
    length = draw(st.none() | st.integers(0, 20))
    return Period(starts_on, None if length is None else starts_on + length * ONE_DAY)


def test_both_ends_belong_to_the_period():
    year = Period(FIRST, LAST)

    assert [year.covers(day) for day in (FIRST - ONE_DAY, FIRST, LAST, LAST + ONE_DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_without_an_end_it_goes_on():
    assert Period(FIRST).covers(date(9999, 12, 31))
    assert not Period(FIRST).covers(FIRST - ONE_DAY)


def test_it_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end on 2025-12-31"):
        Period(FIRST, FIRST - ONE_DAY)


@given(periods(), periods())
def test_periods_overlap_when_they_share_a_day(one, other):
    window = [date(2020, 1, 1) + n * ONE_DAY for n in range(60)]

    assert one.overlaps(other) == any(one.covers(day) and other.covers(day) for day in window)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 1), 36, date(2029, 3, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_counts_months_to_the_same_day_or_the_last_one(day, months, later):
    assert months_after(day, months) == later
