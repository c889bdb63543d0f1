"""Periods of days, both ends included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.validity import Period

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
