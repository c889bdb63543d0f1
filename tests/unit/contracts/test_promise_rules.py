"""Whether a promise of a delivery was kept: each rule at its border."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.contracts.promises.rules import (
    ANSWER_WITHIN,
    Facts,
    Promise,
    SignedPrice,
    counts_against,
    judged,
)
from marketplace.contracts.terms import Price

DUE = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
NEXT_DAY = NOON + timedelta(days=1)
PLANNED = Facts(
    id=1,
    number="GH1",
    seller_id=1,
    state="planned",
    due_on=DUE,
    asked_at=None,
    confirmed_at=None,
    shipped_at=None,
    arrived_on=None,
    accepted_at=None,
    shipped_g=0,
    accepted_g=None,
    schemes=(),
    lacking=(),
    prices=(),
    is_disputed=False,
    was_disputed=False,
    reply=None,
    replied_at=None,
)
SHIPPED = replace(PLANNED, state="shipped", shipped_at=NOON, shipped_g=1000)
ACCEPTED = replace(SHIPPED, state="accepted", accepted_at=NEXT_DAY, arrived_on=DUE, accepted_g=1000)


def verdict(facts, promise, at=NEXT_DAY):
    return judged(facts, at)[promise]


@pytest.mark.parametrize(
    ("facts", "at", "kept"),
    [
        (PLANNED, NOON, None),
        (PLANNED, NEXT_DAY, False),
        (SHIPPED, NEXT_DAY, None),
        (replace(SHIPPED, shipped_at=NEXT_DAY), NEXT_DAY, False),
        (ACCEPTED, NEXT_DAY, True),
        (replace(ACCEPTED, arrived_on=DUE + timedelta(days=1)), NEXT_DAY, False),
        (replace(ACCEPTED, arrived_on=None), NEXT_DAY, True),
        (replace(PLANNED, state="cancelled"), NEXT_DAY, None),
    ],
)
def test_on_time(facts, at, kept):
    assert verdict(facts, Promise.ON_TIME, at) is kept


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (SHIPPED, None),
        (ACCEPTED, True),
        (replace(ACCEPTED, accepted_g=999), False),
    ],
)
def test_accepted(facts, kept):
    assert verdict(facts, Promise.ACCEPTED) is kept


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (replace(PLANNED, schemes=("ORGANIC",)), None),
        (SHIPPED, None),
        (replace(SHIPPED, schemes=("ORGANIC",)), True),
        (replace(SHIPPED, schemes=("ORGANIC",), lacking=("ORGANIC",)), False),
    ],
)
def test_certified(facts, kept):
    assert verdict(facts, Promise.CERTIFIED) is kept


@pytest.mark.parametrize(
    ("confirmed_at", "at", "kept"),
    [
        (None, NOON + ANSWER_WITHIN, None),
        (None, NOON + ANSWER_WITHIN + timedelta(seconds=1), False),
        (NOON + ANSWER_WITHIN, NEXT_DAY, True),
        (NOON + ANSWER_WITHIN + timedelta(seconds=1), NEXT_DAY, False),
    ],
)
def test_answered(confirmed_at, at, kept):
    asked = replace(PLANNED, asked_at=NOON, confirmed_at=confirmed_at)

    assert verdict(asked, Promise.ANSWERED, at) is kept
    assert verdict(replace(asked, asked_at=None), Promise.ANSWERED, at) is None


def signed(price, side="buyer", days=0):
    return SignedPrice(NOON + timedelta(days=days), side, price)


FIRST = signed(Price(120_000), "seller", -30)


@pytest.mark.parametrize(
    ("prices", "kept"),
    [
        ([], True),
        ([FIRST], True),
        ([FIRST, signed(Price(121_000), "seller", -5)], False),
        ([FIRST, signed(Price(121_000), "buyer", -5)], True),
        ([FIRST, signed(Price(119_000), "seller", -5)], True),
        ([FIRST, signed(Price(121_000), "seller", 5)], True),  # signed after it was accepted
        ([FIRST, signed(Price(121_000), "seller", -5), signed(Price(120_000), "buyer", -2)], True),
        (
            [FIRST, signed(Price(120_000, {date(2026, 11, 1): 125_000}), "seller", -5)],
            False,
        ),
        (
            [FIRST, signed(Price(120_000, {date(2026, 12, 1): 125_000}), "seller", -5)],
            True,
        ),
        (
            [
                signed(Price(120_000, reference_code="R", premium_minor=1_000), "buyer", -30),
                signed(Price(120_000, reference_code="R", premium_minor=2_000), "seller", -5),
            ],
            False,
        ),
    ],
)
def test_price(prices, kept):
    assert verdict(replace(ACCEPTED, prices=prices), Promise.PRICE) is kept


def test_nothing_of_a_price_is_settled_before_acceptance():
    assert verdict(SHIPPED, Promise.PRICE) is None


def test_whatever_is_missed_counts_against_the_seller():
    assert counts_against(PLANNED, NEXT_DAY)
    assert not counts_against(ACCEPTED, NEXT_DAY)
