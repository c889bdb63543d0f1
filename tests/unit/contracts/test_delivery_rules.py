"""Balances to the gram, days to the month's end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.deliveries.rules import (
    DELIVERY,
    Draw,
    agreed_deliveries,
    balance_of,
    expected_milli,
    is_late,
    is_short,
    moved_along,
    price_expected,
    priced_milli,
    rounded,
    with_tolerance,
)
from marketplace.contracts.terms import Calling, Price
from models.deliveries import DeliveryState
from tests.factories.contracts import TONNE, planned, some_terms

DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))


class TestBalance:
    def test_draw_both_down(self):
        left = balance_of(some_terms(), [Draw(5 * TONNE, 5 * TONNE * 120_000)])

        assert left.left_g == 15 * TONNE
        assert left.room_g == 16 * TONNE
        assert left.value_minor == 2_400_000_000
        assert left.drawn_minor == 600_000_000
        assert left.left_minor == 1_800_000_000
        assert left.room_minor == 1_920_000_000

    def test_without_a_schedule_the_whole_costs_the_base_price(self):
        assert balance_of(some_terms(schedule=()), []).value_minor == 2_400_000_000

    def test_months_have_their_prices(self):
        terms = some_terms(price=Price(120_000, monthly={date(2026, 12, 1): 130_000}))

        assert price_expected(terms, date(2026, 12, 31)) == 130_000
        assert price_expected(terms, date(2027, 1, 1)) == 120_000
        assert expected_milli(terms, date(2026, 12, 20), 1_001) == 130_130_000
        assert balance_of(terms, []).value_minor == terms.value_minor == 2_450_000_000

    def test_the_tolerance_ends_at_its_border(self):
        assert with_tolerance(20 * TONNE, 500) == 21 * TONNE
        assert with_tolerance(3, 500) == 3
        assert with_tolerance(20, 500) == 21

    def test_rounding_never_uses_the_balance_up(self):
        assert priced_milli(333, 1) == 332_500
        assert priced_milli(0, 3) == 0
        assert (rounded(499), rounded(500), rounded(1_499)) == (0, 1, 1)


class TestAgreed:
    def test_the_same_delivery_twice_is_two(self):
        terms = some_terms(schedule=(planned(date(2026, 12, 20)), planned(date(2026, 12, 20))))

        assert len(agreed_deliveries(terms)) == 2

    def test_the_order_of_writing_changes_no_key(self):
        terms = some_terms()
        turned = replace(terms, schedule=tuple(reversed(terms.schedule)))

        assert agreed_deliveries(turned) == agreed_deliveries(terms)

    def test_what_is_only_expected_plans_nothing(self):
        assert agreed_deliveries(some_terms(calling=Calling.CALL_OFF)) == {}


class TestMovedAlong:
    @pytest.mark.parametrize(
        ("day", "was", "becomes", "result"),
        [
            # By days.
            (date(2027, 1, 20), date(2026, 12, 20), date(2026, 12, 23), date(2027, 1, 23)),
            (date(2027, 2, 26), date(2027, 1, 26), date(2027, 1, 30), date(2027, 3, 2)),
            (date(2027, 1, 20), date(2026, 12, 20), date(2026, 12, 13), date(2027, 1, 13)),
            # To the same day of another month: what a month does not have becomes its last.
            (date(2027, 1, 20), date(2026, 12, 20), date(2027, 1, 20), date(2027, 2, 20)),
            (date(2027, 1, 31), date(2026, 12, 15), date(2027, 1, 15), date(2027, 2, 28)),
            (date(2028, 1, 31), date(2027, 12, 15), date(2028, 1, 15), date(2028, 2, 29)),
            # From end to end of a month: ends stay ends, over the leap day, too.
            (date(2027, 2, 28), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)),
            (date(2028, 2, 29), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)),
            (date(2028, 3, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
            (date(2028, 3, 30), date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
            (date(2028, 3, 15), date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 15)),
            # 28 February of a leap year is no end of a month.
            (date(2028, 3, 31), date(2028, 2, 28), date(2028, 3, 28), date(2028, 4, 30)),
            (date(2028, 2, 29), date(2027, 2, 28), date(2027, 2, 27), date(2028, 2, 28)),
            # A year on.
            (date(2028, 2, 29), date(2027, 11, 20), date(2028, 11, 20), date(2029, 2, 28)),
            # Over the turn of the year, backwards.
            (date(2027, 1, 31), date(2026, 12, 31), date(2026, 11, 30), date(2026, 12, 31)),
        ],
    )
    def test_hand_made(self, day, was, becomes, result):
        assert moved_along(day, was, becomes) == result

    @given(DAYS, DAYS, st.integers(-200, 200))
    def test_what_moves_goes_where_it_is_put(self, day, was, days):
        becomes = was + timedelta(days=days)

        assert moved_along(was, was, becomes) == becomes

    @given(DAYS, DAYS, DAYS, DAYS)
    def test_nobody_overtakes_anybody(self, one, other, was, becomes):
        early, late = sorted((one, other))

        assert moved_along(early, was, becomes) <= moved_along(late, was, becomes)


class TestBadges:
    def test_late_is_after_the_last_day(self):
        due = date(2026, 11, 20)

        assert not is_late(DeliveryState.CONFIRMED, due, None, due)
        assert is_late(DeliveryState.CONFIRMED, due, None, date(2026, 11, 21))
        assert not is_late(DeliveryState.SHIPPED, due, due, date(2026, 12, 1))
        assert is_late(DeliveryState.ACCEPTED, due, date(2026, 11, 21), date(2026, 12, 1))
        assert not is_late(DeliveryState.CANCELLED, due, None, date(2026, 12, 1))

    def test_short_is_below_the_tolerance(self):
        assert not is_short(5 * TONNE, 4_750_000, 500)
        assert is_short(5 * TONNE, 4_749_999, 500)


def test_goods_that_left_are_not_called_off():
    assert not DELIVERY.can(DeliveryState.PACKED, DeliveryState.CANCELLED)
    assert not DELIVERY.can(DeliveryState.SHIPPED, DeliveryState.CANCELLED)
    assert DELIVERY.is_final(DeliveryState.ACCEPTED)
