"""Whose day it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import clock
from tests.moments import FIRST_SECOND_OF_NOVEMBER, LAST_SECOND_OF_OCTOBER, MONDAY, MONDAY_DAY


def test_the_day_turns_at_midnight_in_vietnam():
    assert clock.business_day(LAST_SECOND_OF_OCTOBER) == date(2026, 10, 31)
    assert clock.business_day(FIRST_SECOND_OF_NOVEMBER) == date(2026, 11, 1)
    assert clock.business_day(MONDAY) == MONDAY_DAY


def test_a_moment_without_a_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="without a time zone"):
        clock.business_day(datetime(2026, 11, 1))  # noqa: DTZ001 - that is the point


def test_midnight_in_vietnam_is_five_in_the_afternoon_before_in_utc():
    assert clock.vietnam_midnight(date(2026, 11, 1)) == FIRST_SECOND_OF_NOVEMBER
    assert clock.vietnam_midnight(date(2026, 11, 1)).tzinfo is UTC


@given(st.dates(date(1980, 1, 1), date(2200, 1, 1)))
def test_a_day_lasts_from_its_midnight_to_the_next(day):
    begins = clock.vietnam_midnight(day)
    ends = clock.vietnam_midnight(day + timedelta(days=1))

    assert clock.business_day(begins) == day
    assert clock.business_day(ends - timedelta(microseconds=1)) == day
    assert ends - begins == timedelta(hours=24)


def test_now_is_aware():
    assert clock.now().tzinfo is UTC
