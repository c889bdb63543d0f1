"""Cash on delivery: expected at checkout, collected at the door, remitted to the market."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments import queries
from marketplace.payments.errors import (
    AmountNotPositiveError,
    CashNotCollectedError,
    CashNotFoundError,
    CashSettledError,
    DifferenceUnexplainedError,
)
from marketplace.payments.operations.payment import settle
from marketplace.platform import audit
from marketplace.platform.formatting import number
from marketplace.platform.locking import RowLock
from marketplace.platform.statements import Question
from models.orders import SellerOrder
from models.payments import CashCollection, CashState, Payment


@dataclass(frozen=True, slots=True)
class Remittance:
    """Cash that a seller handed on.

    Attributes:
        seller_order_id: the delivery that it was collected for.
        minor: how much reached the market, whole đồng; may be zero when all of it was lost.
        reason: why it differs from what was collected; needed if it does.
    """

    seller_order_id: int
    minor: int
    reason: str = ""


_PART_ID: Final = bindparam("part_id", type_=BigInteger)
_ORDER_OF: Final = Question(select(SellerOrder.order_id).where(SellerOrder.id == _PART_ID))
_LOCK_CASH: Final = RowLock(CashCollection, CashCollection.seller_order_id == _PART_ID)


def collect_cash(
    *, seller_order_id: int, minor: int, at: datetime, actor: Actor | None = None
) -> CashCollection:
    """Note what was collected at the door. Twice with the same amount is once.

    Args:
        seller_order_id: the seller order that is being delivered.
        minor: whole đồng, above zero; as expected, or the order is not delivered.
        at: when.
        actor: who says so.

    Raises:
        CashNotFoundError: the seller order is not paid in cash, or was cancelled.
        CashSettledError: it is noted already with another amount, or is not what is expected.
    """
    part, payment = _lock_part(seller_order_id)
    if part.state == CashState.CANCELLED:
        raise CashNotFoundError(seller_order_id=seller_order_id)
    if minor != part.expected_minor:
        raise CashSettledError(seller_order_id=seller_order_id)
    if part.state != CashState.EXPECTED:
        return part
    part.state = CashState.COLLECTED
    part.collected_minor = minor
    part.collected_at = at
    _settle(payment, at, actor)
    return part


def remit_cash(*, actor: Actor, remittance: Remittance, at: datetime) -> CashCollection:
    """Note cash that reached the market. Twice with the same amount is once.

    Raises:
        CashNotFoundError: the seller order is not paid in cash, or was cancelled.
        NotAllowedError: the actor is not the operator.
        AmountNotPositiveError: the amount is below zero.
        CashNotCollectedError: the seller has not said that it was collected.
        CashSettledError: it is remitted already, with another amount.
        DifferenceUnexplainedError: the amount differs, and there is no reason.
    """
    part, payment = _lock_part(remittance.seller_order_id)
    authorize(actor, Permission.CASH_REMIT, part)
    if remittance.minor < 0:
        raise AmountNotPositiveError
    if part.state == CashState.REMITTED:
        if part.remitted_minor != remittance.minor:
            raise CashSettledError(seller_order_id=part.seller_order_id)
        return part
    if part.state != CashState.COLLECTED:
        raise CashNotCollectedError(seller_order_id=part.seller_order_id)
    reason = remittance.reason.strip()
    if remittance.minor != part.collected_minor and not reason:
        raise DifferenceUnexplainedError(expected=number(part.collected_minor))
    part.state = CashState.REMITTED
    part.remitted_minor = remittance.minor
    part.remitted_at = at
    part.difference_reason = reason if remittance.minor != part.collected_minor else ""
    audit.record(
        actor=actor,
        action="payments.remit_cash",
        subject_kind="cash_collection",
        subject_id=part.id,
        at=at,
        before={"collected_minor": part.collected_minor},
        after={"remitted_minor": remittance.minor},
        reason=reason or None,
    )
    _settle(payment, at, actor)
    return part


def _lock_part(seller_order_id: int) -> tuple[CashCollection, Payment]:
    found = _ORDER_OF.ask(part_id=seller_order_id)
    if not found:
        raise CashNotFoundError(seller_order_id=seller_order_id)
    payment = queries.lock_payment(found[0][0])
    part = _LOCK_CASH.take(part_id=seller_order_id)
    if part is None:
        raise CashNotFoundError(seller_order_id=seller_order_id)
    return part, payment


def _settle(payment: Payment, at: datetime, actor: Actor | None) -> None:
    settle(payment, queries.cash_facts_of(payment.id), at=at, actor=actor)
