"""Amounts of invoices: worked out by hand, and laws that always hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.invoicing.rules import (
    DUE,
    Amounts,
    Asked,
    Basis,
    Share,
    dues_of,
    number_of,
    outcome_of,
    reckon,
    released,
)
from models.invoicing import DueKind, DueState
from models.payments import BankLineOutcome

DAY = date(2026, 11, 23)
MINOR = st.integers(0, 10**12)
BPS = st.integers(0, 10_000)
BASES = st.builds(
    Basis,
    line_minors=st.lists(MINOR, max_size=5).map(tuple),
    bonus_minor=st.just(0),
    penalty_minor=MINOR,
    commission_bps=st.integers(0, 3_000),
    deposit_left_minor=MINOR,
    advance_left_minor=MINOR,
    taken_bps=BPS,
    retention_bps=BPS,
)


def test_goods_alone() -> None:
    found = reckon(Basis(line_minors=(600_000_000, 1), commission_bps=200))
    assert (found.goods_minor, found.total_minor, found.retention_minor) == (600_000_001,) * 2 + (
        0,
    )
    assert found.shares == (Share(600_000_000, 0, 12_000_000), Share(1, 0, 0))
    assert found.commission_minor == 12_000_000


def test_everything_at_once() -> None:
    found = reckon(
        Basis(
            line_minors=(300_000_000, 300_000_001),
            penalty_minor=10_000_001,
            deposit_left_minor=100_000_000,
            advance_left_minor=50_000_000,
            taken_bps=2_000,
            retention_bps=500,
        )
    )
    # 20 % of the goods are 120,000,000: the deposit gives 100, the advance the other 20 million.
    assert (found.deposit_minor, found.advance_minor) == (100_000_000, 20_000_000)
    assert found.total_minor == 600_000_001 - 10_000_001 - 120_000_000 == 470_000_000
    assert found.retention_minor == 23_500_000
    assert [each.discount_minor for each in found.shares] == [5_000_000, 5_000_001]


def test_bonus_is_spread_over_the_lines() -> None:
    found = reckon(Basis(line_minors=(100, 200), bonus_minor=10))
    assert [each.gross_minor for each in found.shares] == [103, 207]
    assert found.total_minor == 310


def test_what_goods_cannot_bear_is_carried() -> None:
    found = reckon(
        Basis(line_minors=(100,), penalty_minor=130, deposit_left_minor=50, taken_bps=10_000)
    )
    assert (found.penalty_minor, found.carried_minor, found.total_minor) == (100, 30, 0)
    assert found.deposit_minor == 0
    nothing = reckon(Basis(line_minors=(0, 0), penalty_minor=7))
    assert (nothing.penalty_minor, nothing.carried_minor, nothing.total_minor) == (0, 7, 0)
    assert reckon(Basis(line_minors=())).total_minor == 0


def test_an_advance_leaves_the_commission() -> None:
    found = reckon(
        Basis(line_minors=(1_000,), commission_bps=300, advance_left_minor=5_000, taken_bps=10_000)
    )
    assert (found.commission_minor, found.advance_minor, found.total_minor) == (30, 970, 30)


@given(BASES)
def test_amounts_always_fit(basis: Basis) -> None:
    found = reckon(basis)
    assert found.total_minor >= 0
    assert 0 <= found.retention_minor <= found.total_minor
    assert 0 <= found.advance_minor <= basis.advance_left_minor
    assert 0 <= found.deposit_minor <= basis.deposit_left_minor
    assert found.penalty_minor + found.carried_minor == basis.penalty_minor
    assert sum(each.gross_minor - each.discount_minor for each in found.shares) == (
        found.revenue_minor
    )
    assert all(0 <= each.discount_minor <= each.gross_minor for each in found.shares)


@given(BASES, st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_dues_add_up_and_release_everything_once(basis: Basis, weights: list[int]) -> None:
    amounts = reckon(basis)
    whole = sum(weights)
    stages = [(each * 10_000 // whole, 10 * index) for index, each in enumerate(weights)]
    stages[-1] = (10_000 - sum(bps for bps, _ in stages[:-1]), stages[-1][1])
    dues = dues_of(amounts, stages=stages, retention_days=90, accepted_on=DAY)
    assert sum(each.minor for each in dues) == amounts.total_minor
    assert all(each.minor > 0 for each in dues)
    came, freed = amounts.deposit_minor, 0
    for minor in [0, *(each.minor for each in dues)]:
        came += minor
        now = _released(amounts, came)
        assert freed <= now <= came
        freed = now
    net = amounts.revenue_minor - amounts.commission_minor
    assert freed == net - amounts.advance_minor


def _released(amounts: Amounts, came: int) -> int:
    return released(
        received_minor=came,
        revenue_minor=amounts.revenue_minor,
        advance_minor=amounts.advance_minor,
        net_minor=amounts.revenue_minor - amounts.commission_minor,
    )


def test_stages_go_by_largest_remainder() -> None:
    amounts = reckon(Basis(line_minors=(100,), retention_bps=1_000))
    assert dues_of(
        amounts, stages=[(3_333, 0), (3_333, 15), (3_334, 30)], retention_days=60, accepted_on=DAY
    ) == [
        Asked(DueKind.STAGE, 30, DAY),
        Asked(DueKind.STAGE, 30, date(2026, 12, 8)),
        Asked(DueKind.STAGE, 30, date(2026, 12, 23)),
        Asked(DueKind.RETENTION, 10, date(2027, 1, 22)),
    ]


def test_nothing_to_pay_asks_for_nothing() -> None:
    amounts = reckon(Basis(line_minors=(0,)))
    assert dues_of(amounts, stages=[(10_000, 15)], retention_days=0, accepted_on=DAY) == []


@pytest.mark.parametrize(
    ("state", "kept", "minor", "expected"),
    [
        (DueState.AWAITING, 0, 99, (BankLineOutcome.UNDER, 99)),
        (DueState.AWAITING, 0, 100, (BankLineOutcome.EXACT, 100)),
        (DueState.AWAITING, 0, 101, (BankLineOutcome.OVER, 100)),
        (DueState.UNDERPAID, 40, 60, (BankLineOutcome.EXACT, 60)),
        (DueState.UNDERPAID, 40, 61, (BankLineOutcome.OVER, 60)),
        (DueState.PAID, 100, 100, (BankLineOutcome.DUPLICATE, 0)),
        (DueState.OVERPAID, 100, 1, (BankLineOutcome.DUPLICATE, 0)),
        (DueState.CANCELLED, 0, 100, (BankLineOutcome.LATE, 0)),
    ],
)
def test_what_money_is_to_a_due(
    state: str, kept: int, minor: int, expected: tuple[BankLineOutcome, int]
) -> None:
    assert outcome_of(state, amount_minor=100, kept_minor=kept, minor=minor) == expected


def test_numbers_and_states() -> None:
    assert number_of(2026, 17) == "2026-00017"
    assert not DUE.can(DueState.CANCELLED, DueState.PAID)
    assert DUE.can(DueState.AWAITING, DueState.PAID)
