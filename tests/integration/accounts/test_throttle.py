"""Counting tries in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import throttle
from marketplace.accounts.errors import TooManyAttemptsError
from models.accounts import ThrottleCounter
from tests.moments import MONDAY, TUESDAY

MINUTES_5 = timedelta(minutes=5)
LIMIT = throttle.Limit("test", 2, MINUTES_5)


class TestAllow:
    def test_lets_so_many_through_and_no_more(self, session):
        answers = [throttle.allow("a", 3, MINUTES_5, MONDAY) for _ in range(5)]

        assert answers == [True, True, True, False, False]

    def test_begins_anew_in_the_next_window(self, session):
        throttle.allow("a", 1, MINUTES_5, MONDAY)

        assert not throttle.allow("a", 1, MINUTES_5, MONDAY + MINUTES_5 - timedelta(seconds=1))
        assert throttle.allow("a", 1, MINUTES_5, MONDAY + MINUTES_5)

    def test_counts_each_key_by_itself(self, session):
        throttle.allow("a", 1, MINUTES_5, MONDAY)

        assert throttle.allow("b", 1, MINUTES_5, MONDAY)


class TestSpend:
    def test_says_how_many_minutes_are_left(self, session):
        at = MONDAY + timedelta(minutes=1, seconds=30)
        throttle.spend(LIMIT, "hoa@example.com", at)
        throttle.spend(LIMIT, "hoa@example.com", at)

        with pytest.raises(TooManyAttemptsError) as refused:
            throttle.spend(LIMIT, "hoa@example.com", at)

        assert refused.value.details == {"minutes": 4}

    def test_keeps_no_address_in_the_clear(self, session):
        throttle.spend(LIMIT, "hoa@example.com", MONDAY)

        [key] = session.scalars(select(ThrottleCounter.key))
        assert key.startswith("test:")
        assert "hoa" not in key
        assert len(key) <= 120

    def test_sign_in_is_limited_by_account_whatever_its_case(self, session):
        for each in range(10):
            throttle.spend_sign_in(
                email=" Hoa@Example.com " if each % 2 else "hoa@example.com",
                ip_address=f"192.0.2.{each}",
                at=MONDAY,
            )

        with pytest.raises(TooManyAttemptsError):
            throttle.spend_sign_in(email="hoa@example.com", ip_address="192.0.2.99", at=MONDAY)

    def test_sign_in_is_limited_by_address_whatever_the_account(self, session):
        for each in range(30):
            throttle.spend_sign_in(
                email=f"nguoi{each}@example.com", ip_address="192.0.2.1", at=MONDAY
            )

        with pytest.raises(TooManyAttemptsError):
            throttle.spend_sign_in(email="moi@example.com", ip_address="192.0.2.1", at=MONDAY)


def test_old_counts_are_forgotten(session):
    throttle.allow("old", 1, MINUTES_5, MONDAY - timedelta(days=3))
    throttle.allow("new", 1, MINUTES_5, MONDAY)

    assert throttle.forget_old_counts(TUESDAY) == 1
    assert session.scalar(select(func.count()).select_from(ThrottleCounter)) == 1
