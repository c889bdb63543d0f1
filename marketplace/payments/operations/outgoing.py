"""Money that leaves the market: refunds to buyers, payouts to sellers.

The operator makes the transfer at the bank and notes it here with the bank's reference.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts.operations.bank_accounts import require_payable
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.money import Money
from marketplace.payments import queries
from marketplace.payments.errors import (
    AmountNotPositiveError,
    BankReferenceMissingError,
    BankReferenceUsedError,
    PayoutTooHighError,
    RefundNotFoundError,
)
from marketplace.payments.operations.payment import settle
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.formatting import number
from marketplace.platform.locking import lock_one
from models.payments import Payout, Refund, RefundState


@dataclass(frozen=True, slots=True)
class NewPayout:
    """Money that was sent to a seller.

    Attributes:
        organisation_id: the seller.
        amount: above zero, and no more than is available to the seller.
        idempotency_key: made by the form, so that sending it twice pays once.
        bank_reference: the bank's reference of the transfer.
        paid_on: the day of the transfer in Việt Nam.
        bank_account_id: where it went; None for the seller's main account, if it has one.
    """

    organisation_id: int
    amount: Money
    idempotency_key: str
    bank_reference: str
    paid_on: date
    bank_account_id: int | None = None


def mark_refund_sent(*, actor: Actor, refund_id: int, bank_reference: str, at: datetime) -> Refund:
    """Note that a refund was transferred. Twice is once; the first reference stays.

    Raises:
        RefundNotFoundError: there is no such refund.
        NotAllowedError: the actor is not the operator.
        BankReferenceMissingError: the transfer has no reference.
    """
    refund = _lock_refund(refund_id)
    authorize(actor, Permission.REFUND_SEND, refund)
    if refund.state == RefundState.SENT:
        return refund
    if not bank_reference.strip():
        raise BankReferenceMissingError
    refund.state = RefundState.SENT
    refund.bank_reference = bank_reference.strip()
    refund.sent_at = at
    refund.sent_by_id = actor.user_id
    audit.record(
        actor=actor,
        action="payments.mark_refund_sent",
        subject_kind="refund",
        subject_id=refund.id,
        at=at,
        before={"state": RefundState.DUE},
        after={
            "state": RefundState.SENT,
            "amount_minor": refund.amount_minor,
            "bank_reference": refund.bank_reference,
        },
    )
    session.flush()
    if refund.payment_id is not None:
        payment = queries.get_payment(refund.payment_id)
        payment.refunded_minor += refund.amount_minor
        settle(payment, queries.transfer_facts_of(payment), at=at, actor=actor)
    return refund


def record_payout(*, actor: Actor, payout: NewPayout, available: Money, at: datetime) -> Payout:
    """Note that a seller was paid. The same key again gives the first payout back.

    Args:
        actor: the operator.
        payout: what was sent.
        available: what may be sent, as the ledger says under the seller's lock.
        at: when.

    Raises:
        NotAllowedError: the actor is not the operator.
        AmountNotPositiveError: nothing is sent.
        BankReferenceMissingError: the transfer has no reference.
        BankReferenceUsedError: another payout has that reference.
        PayoutTooHighError: that is more than is available.
        BankAccountNotFoundError: the seller never had that account.
        AccountHeldError: the account is too new for money to go there.
    """
    authorize(actor, Permission.PAYOUT_RECORD, payout)
    known = queries.find_payout(payout.idempotency_key)
    if known is not None:
        return known
    if payout.amount.minor <= 0:
        raise AmountNotPositiveError
    reference = payout.bank_reference.strip()
    if not reference:
        raise BankReferenceMissingError
    if session.scalar(select(Payout.id).where(Payout.bank_reference == reference)) is not None:
        raise BankReferenceUsedError
    if payout.amount > available:
        raise PayoutTooHighError(available=number(max(available.minor, 0)))
    account_id = require_payable(
        organisation_id=payout.organisation_id, account_id=payout.bank_account_id, at=at
    )
    row = Payout(
        organisation_id=payout.organisation_id,
        idempotency_key=payout.idempotency_key,
        currency=payout.amount.currency,
        amount_minor=payout.amount.minor,
        bank_reference=reference,
        paid_on=payout.paid_on,
        created_at=at,
        created_by_id=actor.user_id,
        bank_account_id=account_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        actor=actor,
        action="payments.record_payout",
        subject_kind="payout",
        subject_id=row.id,
        at=at,
        before={"available_minor": available.minor},
        after={
            "organisation_id": row.organisation_id,
            "amount_minor": row.amount_minor,
            "bank_reference": reference,
        },
    )
    return row


def _lock_refund(refund_id: int) -> Refund:
    """A refund, locked after the order and the payment that it belongs to."""
    order_id = queries.find_order_of_refund(refund_id)
    if order_id is not None:
        queries.lock_payment(order_id)
    refund = lock_one(select(Refund).where(Refund.id == refund_id))
    if refund is None:
        raise RefundNotFoundError(refund_id=refund_id)
    return refund
