"""Fees, days, states."""

from dataclasses import dataclass
from datetime import date

import pytest

from marketplace.orders import rules
from models.orders import DeliveryMethod, OrderState, SellerOrderState

DELIVERY, PICKUP = DeliveryMethod.DELIVERY, DeliveryMethod.PICKUP
SUNDAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Terms:
    own_region_fee_minor: int = 25_000
    other_region_fee_minor: int = 40_000
    free_from_minor: int | None = 500_000
    own_region_days: int = 2
    other_region_days: int = 4


@pytest.mark.parametrize(
    ("goods", "method", "near", "fee"),
    [
        (499_999, DELIVERY, True, 25_000),
        (499_999, DELIVERY, False, 40_000),
        (500_000, DELIVERY, False, 0),
        (1, PICKUP, False, 0),
    ],
)
def test_delivery_costs_by_region_until_it_is_free(goods, method, near, fee):
    assert rules.delivery_fee(Terms(), goods, method=method, same_region=near) == fee


def test_delivery_never_gets_free_by_itself():
    terms = Terms(free_from_minor=None)

    assert rules.delivery_fee(terms, 10**12, method=DELIVERY, same_region=False) == 40_000


@pytest.mark.parametrize(
    ("method", "near", "day"),
    [
        (DELIVERY, True, date(2026, 11, 24)),
        (DELIVERY, False, date(2026, 11, 26)),
        (PICKUP, True, None),
    ],
)
def test_goods_are_promised_by_region(method, near, day):
    assert rules.promised_day(Terms(), SUNDAY, method=method, same_region=near) == day


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        (["delivered", "delivered"], OrderState.COMPLETED),
        (["delivered", "cancelled"], OrderState.COMPLETED),
        (["cancelled", "cancelled"], OrderState.CANCELLED),
        (["delivered", "packed"], None),
        (["placed"], None),
    ],
)
def test_an_order_ends_with_its_last_part(parts, outcome):
    assert rules.order_outcome(parts) == outcome


def test_a_part_can_be_called_off_until_it_is_packed():
    assert {SellerOrderState.PLACED, SellerOrderState.CONFIRMED} == rules.CANCELLABLE


def test_the_good_way_follows_the_table():
    ways = zip(rules.STEPS, rules.STEPS[1:], strict=False)

    assert all(rules.SELLER_ORDER.can(first, second) for first, second in ways)
    assert rules.SELLER_ORDER.is_final(rules.STEPS[-1])


@pytest.mark.parametrize("machine", [rules.ORDER, rules.SELLER_ORDER])
def test_every_state_can_be_reached(machine):
    reached = {state for each in machine.states for state in machine.following(each)}

    assert set(machine.states) - reached == {machine.states[0]}
