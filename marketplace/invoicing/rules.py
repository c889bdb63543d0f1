"""What an invoice asks for and when, to the đồng: pure, from values to values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from marketplace.kernel.money import vnd
from marketplace.kernel.states import StateMachine
from models.invoicing import DueKind, DueState
from models.payments import BankLineOutcome

DUE: Final = StateMachine(
    "due",
    {
        DueState.AWAITING: {
            DueState.UNDERPAID,
            DueState.PAID,
            DueState.OVERPAID,
            DueState.CANCELLED,
        },
        DueState.UNDERPAID: {DueState.PAID, DueState.OVERPAID, DueState.CANCELLED},
        DueState.PAID: {DueState.OVERPAID},
        DueState.OVERPAID: {DueState.PAID},
        DueState.CANCELLED: (),
    },
)

WANTED: Final = frozenset({DueState.AWAITING, DueState.UNDERPAID})
"""The states in which money is waited for."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What an invoice is reckoned from, in đồng.

    Attributes:
        line_minors: what each accepted line costs.
        bonus_minor: what good work adds.
        penalty_minor: what breach takes off, with what earlier invoices could not bear.
        commission_bps: the market's share of what the goods bring.
        deposit_left_minor: what was paid beforehand and is not used up.
        advance_left_minor: what the buyer gave the seller itself beforehand, and is not used up.
        taken_bps: how much of the goods is taken from these two.
        retention_bps: how much of what is to be paid is kept back for a while.
    """

    line_minors: tuple[int, ...]
    bonus_minor: int = 0
    penalty_minor: int = 0
    commission_bps: int = 0
    deposit_left_minor: int = 0
    advance_left_minor: int = 0
    taken_bps: int = 0
    retention_bps: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What a line brings: its price with its part of the bonus, less its part of the penalty."""

    gross_minor: int
    discount_minor: int
    commission_minor: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an invoice says, in đồng; see `models.invoicing.Invoice`."""

    goods_minor: int
    bonus_minor: int
    penalty_minor: int
    carried_minor: int
    deposit_minor: int
    advance_minor: int
    retention_minor: int
    commission_minor: int
    shares: tuple[Share, ...]

    @property
    def revenue_minor(self) -> int:
        """What the delivery brings the seller before commission."""
        return self.goods_minor + self.bonus_minor - self.penalty_minor

    @property
    def total_minor(self) -> int:
        """What the buyer still pays for it, now and later."""
        return self.revenue_minor - self.deposit_minor - self.advance_minor


@dataclass(frozen=True, slots=True)
class Asked:
    """An amount that falls due on a day."""

    kind: DueKind
    minor: int
    due_on: date


def reckon(basis: Basis) -> Amounts:
    """The amounts of an invoice.

    Goods bear penalties down to nothing; what is over is carried to the next invoice. Deposit and
    advances are taken as agreed while they last. An advance never takes the market's commission
    away, for that money never came through the market.
    """
    goods = sum(basis.line_minors)
    penalty = min(basis.penalty_minor, goods + basis.bonus_minor)
    revenue = goods + basis.bonus_minor - penalty
    shares = _shares(basis, penalty)
    commission = sum(each.commission_minor for each in shares)
    taken = vnd(goods).share_bps(basis.taken_bps).minor
    deposit = min(basis.deposit_left_minor, taken, revenue)
    advance = min(basis.advance_left_minor, taken - deposit, revenue - deposit - commission)
    advance = max(advance, 0)
    total = revenue - deposit - advance
    return Amounts(
        goods_minor=goods,
        bonus_minor=basis.bonus_minor,
        penalty_minor=penalty,
        carried_minor=basis.penalty_minor - penalty,
        deposit_minor=deposit,
        advance_minor=advance,
        retention_minor=vnd(total).share_bps(basis.retention_bps).minor,
        commission_minor=commission,
        shares=shares,
    )


def dues_of(
    amounts: Amounts,
    *,
    stages: Sequence[tuple[int, int]],
    retention_days: int,
    accepted_on: date,
) -> list[Asked]:
    """What falls due and when: the stages by largest remainder, then what was kept back.

    Together they are the total of the invoice. What comes to nothing is left out.

    Args:
        amounts: of the invoice.
        stages: parts in basis points, with days after acceptance.
        retention_days: after acceptance.
        accepted_on: the day of it in Việt Nam.
    """
    now = vnd(amounts.total_minor - amounts.retention_minor)
    parts = now.split([bps for bps, _ in stages])
    asked = [
        Asked(DueKind.STAGE, part.minor, accepted_on + timedelta(days=days))
        for part, (_, days) in zip(parts, stages, strict=True)
    ]
    kept = accepted_on + timedelta(days=retention_days)
    asked.append(Asked(DueKind.RETENTION, amounts.retention_minor, kept))
    return [each for each in asked if each.minor]


def released(*, received_minor: int, revenue_minor: int, advance_minor: int, net_minor: int) -> int:
    """How much of an invoice the seller may be paid, after so much of it has come in.

    Seller and market get their parts of every đồng alike, the market what rounding leaves; with
    the last đồng the seller has all of it. What the buyer gave the seller itself is no part of it.

    Args:
        received_minor: the deposit that was consumed, and what was paid.
        revenue_minor: what the delivery brings before commission.
        advance_minor: of that, what the buyer gave the seller itself.
        net_minor: what it brings after commission.
    """
    through_market = revenue_minor - advance_minor
    if not through_market:
        return 0
    return (net_minor - advance_minor) * received_minor // through_market


def outcome_of(
    state: str, *, amount_minor: int, kept_minor: int, minor: int
) -> tuple[BankLineOutcome, int]:
    """What a credit above zero is to a due, and how much of it is kept; the rest goes back."""
    if state == DueState.CANCELLED:
        return BankLineOutcome.LATE, 0
    if state not in WANTED:
        return BankLineOutcome.DUPLICATE, 0
    missing = amount_minor - kept_minor
    if minor < missing:
        return BankLineOutcome.UNDER, minor
    return (BankLineOutcome.EXACT if minor == missing else BankLineOutcome.OVER), missing


def number_of(year: int, sequence: int) -> str:
    """What people call the `sequence`-th invoice of a seller in a year: `2026-00017`."""
    return f"{year}-{sequence:05d}"


def _shares(basis: Basis, penalty: int) -> tuple[Share, ...]:
    if not sum(basis.line_minors):
        return tuple(Share(0, 0, 0) for _ in basis.line_minors)
    bonuses = vnd(basis.bonus_minor).split(basis.line_minors)
    gross = [minor + more.minor for minor, more in zip(basis.line_minors, bonuses, strict=True)]
    return tuple(
        Share(whole, less.minor, vnd(whole - less.minor).share_bps(basis.commission_bps).minor)
        for whole, less in zip(gross, vnd(penalty).split(gross), strict=True)
    )
