"""Opening a payment, and keeping its state at what its facts say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.references import REFERENCE_BITS, make_reference
from marketplace.payments import queries
from marketplace.payments.errors import NotUnderpaidError, ReasonMissingError
from marketplace.payments.rules import (
    PAYMENT_STATES,
    CashFacts,
    TransferFacts,
    compute_state,
)
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.statements import NewRows
from marketplace.platform.transitions import change_state
from models.orders import Order, PaymentMethod
from models.payments import (
    CashCollection,
    CashState,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
)

PAYMENTS: Final = NewRows(Payment)
COLLECTIONS: Final = NewRows(CashCollection)


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment after something happened to it.

    Attributes:
        payment: the payment, in the state that its facts now say.
        is_covered: the order stands and is paid in full by transfer, so it may be worked on.
        refund: what became due to be sent back by it, if anything.
    """

    payment: Payment
    is_covered: bool
    refund: Refund | None = None


def open_payment(
    *, order: Order, cash_parts: Sequence[tuple[int, int, int]] = (), at: datetime
) -> Payment:
    """Ask for the money of a new order.

    Args:
        order: the order, with its id; its total is what is asked for.
        cash_parts: for cash on delivery, what each seller order brings in: its id, the
            organisation's id, whole đồng above zero. Together they are the total.
        at: when.

    Raises:
        NoCollectingAccountError: a transfer is asked for, and there is no account for it.
        ValueError: the parts do not add up to the total.
    """
    if order.payment_method == PaymentMethod.CASH:
        return _open_cash(order, cash_parts, at)
    payment = Payment(
        order_id=order.id,
        method=PaymentMethod.BANK_TRANSFER,
        reference=_fresh_reference(),
        currency=order.currency,
        amount_minor=order.total_minor,
        state=PaymentState.AWAITING,
        created_at=at,
        bank_account_id=queries.collecting_account_id(),
    )
    PAYMENTS.write(payment)
    return payment


def cancel_part(
    *, order_id: int, seller_order_id: int, at: datetime, actor: Actor | None = None
) -> Settled:
    """Stop asking for a cancelled seller order; what was paid for it is due to go back.

    Call it in the transaction that cancels the seller order. Twice is once.

    Raises:
        PaymentNotFoundError: the order has no payment.
    """
    payment = queries.lock_payment(order_id)
    if payment.method == PaymentMethod.CASH:
        _cancel_cash(seller_order_id)
        return settle(payment, queries.cash_facts_of(payment.id), at=at, actor=actor)
    facts = queries.transfer_facts_of(payment, cancelled_part_id=seller_order_id)
    ref = f"seller-order:{seller_order_id}"
    refund = owe(payment, minor=facts.excess, reason=RefundReason.CANCELLED, ref=ref, at=at)
    facts = queries.transfer_facts_of(payment, cancelled_part_id=seller_order_id)
    return settle(payment, facts, at=at, actor=actor, refund=refund)


def expire_payment(*, order_id: int, at: datetime, actor: Actor | None = None) -> Settled:
    """Stop waiting for the money of an order whose time is over; a part that came goes back.

    Call it in the transaction that expires the order. Twice is once.

    Raises:
        PaymentNotFoundError: the order has no payment.
    """
    payment = queries.lock_payment(order_id)
    facts = queries.transfer_facts_of(payment, is_expired=True)
    refund = owe(
        payment,
        minor=facts.excess,
        reason=RefundReason.EXPIRED,
        ref=f"expired:{payment.id}",
        at=at,
    )
    facts = queries.transfer_facts_of(payment, is_expired=True)
    return settle(payment, facts, at=at, actor=actor, refund=refund)


def give_up_waiting(*, actor: Actor, payment: Payment, reason: str, at: datetime) -> None:
    """Decide that the rest of a locked payment will not come; the caller cancels the order.

    Raises:
        NotAllowedError: the actor is not the operator.
        NotUnderpaidError: it is not paid in part.
        ReasonMissingError: there is no reason.
    """
    authorize(actor, Permission.REFUND_SEND, payment)
    if payment.state != PaymentState.UNDERPAID:
        raise NotUnderpaidError(payment_id=payment.id)
    if not reason.strip():
        raise ReasonMissingError
    audit.record(
        actor=actor,
        action="payments.give_up_waiting",
        subject_kind="payment",
        subject_id=payment.id,
        at=at,
        before={"state": payment.state, "received_minor": payment.received_minor},
        reason=reason.strip(),
    )


def owe(
    payment: Payment, *, minor: int, reason: RefundReason, ref: str, at: datetime
) -> Refund | None:
    """Add `minor` đồng to what is due to go back; nothing if it is nothing."""
    if not minor:
        return None
    refund = Refund(
        payment_id=payment.id,
        ref=ref,
        currency=payment.currency,
        amount_minor=minor,
        reason=reason,
        created_at=at,
    )
    session.add(refund)
    session.flush()
    return refund


def settle(
    payment: Payment,
    facts: TransferFacts | CashFacts,
    *,
    at: datetime,
    actor: Actor | None = None,
    refund: Refund | None = None,
) -> Settled:
    """Put a locked payment into the state that its facts say."""
    is_covered = isinstance(facts, TransferFacts) and facts.is_covered
    if is_covered and payment.paid_at is None:
        payment.paid_at = at
    change_state(payment, PAYMENT_STATES, compute_state(facts), actor=actor, at=at)
    session.flush()
    return Settled(payment, is_covered, refund)


def _open_cash(order: Order, parts: Sequence[tuple[int, int, int]], at: datetime) -> Payment:
    if sum(minor for _, _, minor in parts) != order.total_minor:
        raise ValueError("The cash of the parts is not the total of the order")
    payment = Payment(
        order_id=order.id,
        method=PaymentMethod.CASH,
        currency=order.currency,
        amount_minor=order.total_minor,
        state=PaymentState.CASH_EXPECTED,
        created_at=at,
    )
    PAYMENTS.write(payment)
    COLLECTIONS.write(
        *(
            CashCollection(
                seller_order_id=seller_order_id,
                payment_id=payment.id,
                organisation_id=organisation_id,
                currency=order.currency,
                expected_minor=minor,
                created_at=at,
            )
            for seller_order_id, organisation_id, minor in parts
        )
    )
    return payment


def _cancel_cash(seller_order_id: int) -> None:
    part = session.scalar(
        select(CashCollection).where(CashCollection.seller_order_id == seller_order_id)
    )
    # Cash that was collected stays a fact, whatever becomes of the order.
    if part is not None and part.state == CashState.EXPECTED:
        part.state = CashState.CANCELLED
        session.flush()


def _fresh_reference() -> str:
    """A reference that no payment has; of 2^40 hardly any is taken."""
    while True:
        reference = make_reference(draw_bits(REFERENCE_BITS))
        if not queries.is_taken(reference):
            return reference
