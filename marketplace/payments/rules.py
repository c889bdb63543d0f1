"""What the facts of a payment mean: pure, from facts to its state."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from marketplace.kernel.states import StateMachine
from models.payments import BankLineOutcome, CashState, PaymentState, RefundReason

PAYMENT_STATES: Final = StateMachine(
    "payment",
    {
        PaymentState.AWAITING: {
            PaymentState.UNDERPAID,
            PaymentState.PAID,
            PaymentState.OVERPAID,
            PaymentState.EXPIRED,
            PaymentState.CANCELLED,
        },
        PaymentState.UNDERPAID: {
            PaymentState.PAID,
            PaymentState.OVERPAID,
            PaymentState.REFUND_DUE,
        },
        PaymentState.PAID: {PaymentState.OVERPAID, PaymentState.REFUND_DUE},
        PaymentState.OVERPAID: {PaymentState.PAID, PaymentState.REFUND_DUE},
        PaymentState.EXPIRED: {PaymentState.LATE},
        PaymentState.CANCELLED: {PaymentState.LATE},
        PaymentState.LATE: {PaymentState.REFUND_DUE, PaymentState.REFUNDED},
        PaymentState.REFUND_DUE: {
            PaymentState.REFUNDED,
            PaymentState.PAID,
            PaymentState.OVERPAID,
            PaymentState.LATE,
        },
        PaymentState.REFUNDED: {PaymentState.LATE},
        PaymentState.CASH_EXPECTED: {
            PaymentState.CASH_COLLECTED,
            PaymentState.REMITTED,
            PaymentState.CANCELLED,
        },
        PaymentState.CASH_COLLECTED: {PaymentState.REMITTED},
        PaymentState.REMITTED: (),
    },
)

_CLOSING: Final = frozenset({RefundReason.CANCELLED, RefundReason.EXPIRED})
"""Why money goes back although it came in time: the order, or a part of it, no longer stands."""
_OUTSIDE: Final = frozenset({RefundReason.LATE, RefundReason.UNKNOWN})
"""Why money goes back that was never the order's: it stands in suspense."""


@dataclass(frozen=True, slots=True)
class RefundFact:
    """Money that goes back, in đồng; `is_sent` once it has gone."""

    reason: str
    minor: int
    is_sent: bool


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """All that is known of a payment by bank transfer, in đồng.

    Attributes:
        amount: what the order asked for.
        cancelled: of that, what belongs to parts that were cancelled.
        is_expired: the order ran out of time.
        received: what came in while the order stood.
        late: what came in afterwards.
        refunds: what goes or went back.
    """

    amount: int
    cancelled: int = 0
    is_expired: bool = False
    received: int = 0
    late: int = 0
    refunds: tuple[RefundFact, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether nothing is wanted any more."""
        return self.is_expired or self.cancelled >= self.amount

    @property
    def wanted(self) -> int:
        """What the parts that stand cost together."""
        return 0 if self.is_closed else self.amount - self.cancelled

    @property
    def kept(self) -> int:
        """What came in time and does not go back."""
        going_back = sum(each.minor for each in self.refunds if each.reason not in _OUTSIDE)
        return self.received - going_back

    @property
    def missing(self) -> int:
        """What is still to be paid; never below zero."""
        return max(0, self.wanted - self.kept)

    @property
    def excess(self) -> int:
        """What came in time, is not wanted, and is not going back yet; never below zero."""
        return max(0, self.kept - self.wanted)

    @property
    def is_covered(self) -> bool:
        """Whether the order stands and is paid for."""
        return not self.is_closed and self.missing == 0


@dataclass(frozen=True, slots=True)
class CashFacts:
    """Where the cash of each delivery of an order stands."""

    parts: tuple[str, ...]


def compute_state(facts: TransferFacts | CashFacts) -> PaymentState:
    """The state that the facts amount to. What is stored is never anything else."""
    if isinstance(facts, CashFacts):
        return _state_of_cash(facts)
    due = {each.reason for each in facts.refunds if not each.is_sent}
    if due:
        return _state_while_due(facts, due)
    if facts.is_closed:
        if facts.received or facts.late:
            return PaymentState.REFUNDED
        return PaymentState.EXPIRED if facts.is_expired else PaymentState.CANCELLED
    if facts.missing == 0:
        return PaymentState.PAID
    return PaymentState.UNDERPAID if facts.kept else PaymentState.AWAITING


def classify(facts: TransferFacts, minor: int) -> BankLineOutcome:
    """What a credit of `minor` đồng (above zero) is to a payment with these facts."""
    if facts.is_closed:
        return BankLineOutcome.LATE
    if facts.missing == 0:
        return BankLineOutcome.DUPLICATE
    if minor < facts.missing:
        return BankLineOutcome.UNDER
    return BankLineOutcome.EXACT if minor == facts.missing else BankLineOutcome.OVER


def stands_in_suspense(reason: str) -> bool:
    """Whether money that goes back for this reason was never counted as an order's."""
    return reason in _OUTSIDE


def _state_while_due(facts: TransferFacts, due: Iterable[str]) -> PaymentState:
    reasons = set(due)
    if RefundReason.LATE in reasons:
        return PaymentState.LATE
    if facts.is_closed or reasons & _CLOSING:
        return PaymentState.REFUND_DUE
    return PaymentState.OVERPAID


def _state_of_cash(facts: CashFacts) -> PaymentState:
    live = [part for part in facts.parts if part != CashState.CANCELLED]
    if not live:
        return PaymentState.CANCELLED
    if CashState.EXPECTED in live:
        return PaymentState.CASH_EXPECTED
    if CashState.COLLECTED in live:
        return PaymentState.CASH_COLLECTED
    return PaymentState.REMITTED
