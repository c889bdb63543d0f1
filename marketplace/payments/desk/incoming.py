"""What waits for the operator; payments and refunds, as lists and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments.desk.pages import page_of
from marketplace.payments.errors import PaymentNotFoundError, RefundNotFoundError
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.orders import Order
from models.payments import (
    BankLine,
    BankLineOutcome,
    CashCollection,
    CashState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the operator: how many, and how much in đồng."""

    lines: int
    lines_minor: int
    refunds: int
    refunds_minor: int
    cash: int
    cash_minor: int
    underpaid: int
    pending: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment with its order. Amounts in đồng."""

    id: int
    order_id: int
    number: str
    reference: str | None
    recipient_name: str
    phone: str
    method: str
    state: str
    amount_minor: int
    received_minor: int
    refunded_minor: int
    created_at: datetime
    paid_at: datetime | None
    order_state: str


@dataclass(frozen=True, slots=True)
class RefundRow:
    """Money that goes back, and what is known of whom it came from. Amounts in đồng."""

    id: int
    amount_minor: int
    reason: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    bank_reference: str
    order_number: str | None
    recipient_name: str | None
    phone: str | None
    source: str | None
    """What the payer wrote on the last line that brought the money."""


def waiting(*, viewer: Actor) -> Waiting:
    """What waits for the operator; one statement.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)

    def count(model: Any, *conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401
        return select(func.count()).select_from(model).where(*conditions).scalar_subquery()

    def total(column: Any, *conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401
        return select(func.coalesce(func.sum(column), 0)).where(*conditions).scalar_subquery()

    is_open = (BankLine.outcome == BankLineOutcome.UNKNOWN, BankLine.resolved_at.is_(None))
    is_due = Refund.state == RefundState.DUE
    is_held = CashCollection.state == CashState.COLLECTED
    row = session.execute(
        select(
            count(BankLine, *is_open),
            total(BankLine.amount_minor, *is_open),
            count(Refund, is_due),
            total(Refund.amount_minor, is_due),
            count(CashCollection, is_held),
            total(CashCollection.collected_minor, is_held),
            count(Payment, Payment.state == PaymentState.UNDERPAID),
            count(BankLine, BankLine.outcome == BankLineOutcome.PENDING),
        )
    ).one()
    return Waiting(*(int(each) for each in row))


def payments(
    *, viewer: Actor, state: str = "", text: str = "", page: PageRequest
) -> Page[PaymentRow]:
    """Payments, newest first; two statements.

    Args:
        viewer: the operator.
        state: only those in this state; empty for all.
        text: an order's number, a reference, a telephone number or its end, a bank's reference.
        page: which page.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    statement = _payments()
    if state:
        statement = statement.where(Payment.state == state)
    if text:
        statement = statement.where(_names(text))
    ordered = statement.order_by(Payment.created_at.desc(), Payment.id.desc())
    return page_of(ordered, page, PaymentRow)


def payment(number: str, *, viewer: Actor) -> PaymentRow:
    """The payment of the order with this number.

    Raises:
        NotAllowedError: the viewer is not the operator.
        PaymentNotFoundError: there is none.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    row = session.execute(_payments().where(Order.number == number)).one_or_none()
    if row is None:
        raise PaymentNotFoundError(number=number)
    return PaymentRow(*row)


def refunds(*, viewer: Actor, state: str = "", page: PageRequest) -> Page[RefundRow]:
    """Refunds, those that are due first and of them the oldest; two statements.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    statement = _refunds()
    if state:
        statement = statement.where(Refund.state == state)
    ordered = statement.order_by(Refund.state, Refund.created_at, Refund.id)
    return page_of(ordered, page, RefundRow)


def refunds_of(payment_id: int, *, viewer: Actor) -> Sequence[RefundRow]:
    """The refunds of one payment, oldest first.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    rows = session.execute(
        _refunds().where(Refund.payment_id == payment_id).order_by(Refund.created_at, Refund.id)
    )
    return [RefundRow(*row) for row in rows]


def refund(refund_id: int, *, viewer: Actor) -> RefundRow:
    """One refund.

    Raises:
        NotAllowedError: the viewer is not the operator.
        RefundNotFoundError: there is no such refund.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    row = session.execute(_refunds().where(Refund.id == refund_id)).one_or_none()
    if row is None:
        raise RefundNotFoundError(refund_id=refund_id)
    return RefundRow(*row)


def _payments() -> Any:  # noqa: ANN401 - the row type would be a list of columns
    return select(
        Payment.id,
        Payment.order_id,
        Order.number,
        Payment.reference,
        Order.recipient_name,
        Order.phone,
        Payment.method,
        Payment.state,
        Payment.amount_minor,
        Payment.received_minor,
        Payment.refunded_minor,
        Payment.created_at,
        Payment.paid_at,
        Order.state,
    ).join(Order, Order.id == Payment.order_id)


def _names(text: str) -> ColumnElement[bool]:
    bare = "".join(text.split()).upper()
    lines = select(BankLine.payment_id).where(func.upper(BankLine.bank_reference) == bare)
    return or_(
        Order.number == bare,
        Payment.reference == bare,
        Order.phone.endswith(bare.lstrip("0"), autoescape=True) if bare.isdecimal() else false(),
        Payment.id.in_(lines),
    )


def _refunds() -> Any:  # noqa: ANN401 - the row type would be a list of columns
    source = (
        select(BankLine.description)
        .where(
            (BankLine.id == Refund.bank_line_id)
            | ((BankLine.payment_id == Refund.payment_id) & (BankLine.amount_minor > 0))
            | ((BankLine.due_id == Refund.due_id) & (BankLine.amount_minor > 0))
        )
        .order_by(BankLine.id.desc())
        .limit(1)
        .correlate(Refund)
        .scalar_subquery()
    )
    return (
        select(
            Refund.id,
            Refund.amount_minor,
            Refund.reason,
            Refund.state,
            Refund.created_at,
            Refund.sent_at,
            Refund.bank_reference,
            Order.number,
            Order.recipient_name,
            Order.phone,
            source,
        )
        .outerjoin(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
    )
