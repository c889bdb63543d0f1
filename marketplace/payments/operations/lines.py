"""What becomes of a bank line: put to its payment, kept for a person, decided by one."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments import queries
from marketplace.payments.errors import (
    BankLineNotFoundError,
    LineAmountError,
    LineSettledError,
    ReasonMissingError,
)
from marketplace.payments.operations.payment import Settled, owe, settle
from marketplace.payments.rules import classify
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import RowLock
from models.invoicing import Due
from models.payments import (
    BankLine,
    BankLineOutcome,
    Payment,
    Refund,
    RefundReason,
)

_GOES_BACK: Final = {
    BankLineOutcome.OVER: RefundReason.OVERPAID,
    BankLineOutcome.DUPLICATE: RefundReason.DUPLICATE,
    BankLineOutcome.LATE: RefundReason.LATE,
}


_LOCK_LINE: Final = RowLock(BankLine, BankLine.id == bindparam("line_id", type_=BigInteger))


def lock_line(line_id: int) -> BankLine:
    """A bank line, locked. Lines are locked before orders and payments.

    Raises:
        BankLineNotFoundError: there is no such line.
    """
    line = _LOCK_LINE.take(line_id=line_id)
    if line is None:
        raise BankLineNotFoundError(line_id=line_id)
    return line


def lock_unknown_line(*, actor: Actor, line_id: int, reason: str) -> BankLine:
    """A line that waits for a person, locked for that person to decide.

    Raises:
        BankLineNotFoundError: there is no such line.
        NotAllowedError: the actor is not the operator.
        LineSettledError: it does not wait any more.
        ReasonMissingError: the decision has no reason.
    """
    line = lock_line(line_id)
    authorize(actor, Permission.BANK_LINE_RESOLVE, line)
    if line.outcome != BankLineOutcome.UNKNOWN or line.resolved_at is not None:
        raise LineSettledError(line_id=line_id)
    if not reason.strip():
        raise ReasonMissingError
    return line


def require_amount(line: BankLine, minor: int) -> None:
    """Refuse a line whose amount is not the one that it is to explain.

    Raises:
        LineAmountError: it is another amount.
    """
    if line.amount_minor != minor:
        raise LineAmountError(line_id=line.id)


def apply_credit(
    *, line: BankLine, payment: Payment, at: datetime, actor: Actor | None = None
) -> Settled:
    """Put the money of a locked line to a locked payment.

    The line gets its outcome; what is too much or too late is due to go back.
    """
    facts = queries.transfer_facts_of(payment)
    outcome = classify(facts, line.amount_minor)
    line.payment_id = payment.id
    line.outcome = outcome
    line.matched_at = at
    payment.received_minor += line.amount_minor
    session.flush()
    refund = None
    if outcome in _GOES_BACK:
        too_much = (
            line.amount_minor
            if outcome == BankLineOutcome.LATE
            else queries.transfer_facts_of(payment).excess
        )
        refund = owe(
            payment, minor=too_much, reason=_GOES_BACK[outcome], ref=f"bank:{line.id}", at=at
        )
    return settle(payment, queries.transfer_facts_of(payment), at=at, actor=actor, refund=refund)


def put_to_due(*, line: BankLine, due: Due, outcome: BankLineOutcome, at: datetime) -> None:
    """Note what a locked line paid of a contract, and what it was to it."""
    line.due_id = due.id
    line.outcome = outcome
    line.matched_at = at
    session.flush()


def refund_due(
    *, due: Due, minor: int, reason: RefundReason, ref: str, at: datetime
) -> Refund | None:
    """Make money that came for a due go back; nothing if it is nothing. Whoever calls asks once."""
    if not minor:
        return None
    refund = Refund(
        due_id=due.id,
        ref=ref,
        currency=due.currency,
        amount_minor=minor,
        reason=reason,
        created_at=at,
    )
    session.add(refund)
    session.flush()
    return refund


def keep_unknown(*, line: BankLine, at: datetime) -> None:
    """Leave a locked line for a person: nobody can tell which order it is for."""
    line.outcome = BankLineOutcome.UNKNOWN
    line.matched_at = at
    session.flush()


def keep_debit(*, line: BankLine, at: datetime) -> None:
    """Note that a locked line is money that went out; refunds and payouts book that themselves."""
    line.outcome = BankLineOutcome.DEBIT
    line.matched_at = at
    session.flush()


def resolve_line(*, actor: Actor, line: BankLine, reason: str, at: datetime) -> None:
    """Write down what a person decided about a locked line that was unknown."""
    line.resolution = reason.strip()
    line.resolved_at = at
    audit.record(
        actor=actor,
        action="payments.resolve_line",
        subject_kind="bank_line",
        subject_id=line.id,
        at=at,
        before={"outcome": BankLineOutcome.UNKNOWN},
        after={
            "outcome": str(line.outcome),
            "payment_id": line.payment_id,
            "due_id": line.due_id,
        },
        reason=line.resolution,
    )
    session.flush()


def refund_line(*, line: BankLine, at: datetime) -> Refund:
    """Make the money of a locked unknown line due to go back to whoever sent it."""
    refund = Refund(
        bank_line_id=line.id,
        ref=f"bank:{line.id}",
        currency=line.currency,
        amount_minor=line.amount_minor,
        reason=RefundReason.UNKNOWN,
        created_at=at,
    )
    session.add(refund)
    session.flush()
    return refund
