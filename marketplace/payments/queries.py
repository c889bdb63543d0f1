"""What is known of payments. The pages' own lists are in `marketplace.payments.desk`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, bindparam, func, select

from marketplace.accounts.banks import number_of
from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.kernel.money import Money
from marketplace.payments.bank_transfer import TransferRequest
from marketplace.payments.errors import (
    NoCollectingAccountError,
    PaymentNotFoundError,
)
from marketplace.payments.rules import CashFacts, RefundFact, TransferFacts
from marketplace.platform.database import session
from marketplace.platform.locking import RowLock
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.bank_accounts import BankAccount
from models.orders import Order, OrderState, PaymentMethod, SellerOrder, SellerOrderState
from models.payments import (
    BankLine,
    BankLineOutcome,
    CashCollection,
    Payment,
    Payout,
    Refund,
    RefundState,
)

_ORDER_ID = bindparam("order_id", type_=BigInteger)
_PAYMENT_ID = bindparam("payment_id", type_=BigInteger)
_PART_ID = bindparam("part_id", type_=BigInteger)
_LOCK_ORDER = RowLock(Order, Order.id == _ORDER_ID)
_LOCK_PAYMENT = RowLock(Payment, Payment.order_id == _ORDER_ID)
_NUMBER = Question(select(SellerOrder.number).where(SellerOrder.id == _PART_ID))
_CASH_STATES = Question(
    select(CashCollection.state)
    .where(CashCollection.payment_id == _PAYMENT_ID)
    .order_by(CashCollection.id)
)


def _credited(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """The sum of the lines that were put to a payment."""
    return (
        select(func.coalesce(func.sum(BankLine.amount_minor), 0))
        .where(BankLine.payment_id == _PAYMENT_ID, condition)
        .scalar_subquery()
    )


_TRANSFER_FACTS = Question(
    select(
        Order.state,
        select(func.coalesce(func.sum(SellerOrder.total_minor), 0))
        .where(
            SellerOrder.order_id == _ORDER_ID,
            (SellerOrder.state == SellerOrderState.CANCELLED)
            | (SellerOrder.id == bindparam("cancelled_part_id", type_=BigInteger)),
        )
        .scalar_subquery(),
        _credited(BankLine.outcome != BankLineOutcome.LATE),
        _credited(BankLine.outcome == BankLineOutcome.LATE),
        Refund.reason,
        Refund.amount_minor,
        Refund.state,
    )
    .outerjoin(Refund, Refund.payment_id == _PAYMENT_ID)
    .where(Order.id == _ORDER_ID)
    .order_by(Refund.id)
)
"""One row for each refund; a single one, without a refund, if there is none."""


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the page on which a buyer pays has to show.

    Attributes:
        order_id: the order.
        number: its number.
        order_state: where the order stands.
        method: "bank_transfer" or "cash".
        state: where its money stands.
        total: what the order asks for.
        received: what came in, whenever.
        missing: what is still to be paid.
        due: what is to be sent back.
        refunded: what was sent back.
        holds_until: until when the goods are kept; None when they are kept without end.
        paid_at: when it was paid in full.
        request: the transfer to make; None when nothing is to be paid by transfer.
        phone: of the recipient.
    """

    order_id: int
    number: str
    order_state: str
    method: str
    state: str
    total: Money
    received: Money
    missing: Money
    due: Money
    refunded: Money
    holds_until: datetime | None
    paid_at: datetime | None
    request: TransferRequest | None
    phone: str


COLLECTING: Final = Question(select(BankAccount.id).where(BankAccount.is_collecting))
WITH_REFERENCE: Final = Question(
    select(Payment.id).where(Payment.reference == bindparam("reference"))
)


def collecting_account() -> BankAccount:
    """The account that buyers transfer to.

    Raises:
        NoCollectingAccountError: the operator has none.
    """
    account = session.scalar(select(BankAccount).where(BankAccount.is_collecting))
    if account is None:
        raise NoCollectingAccountError
    return account


def collecting_account_id() -> int:
    """The id of the account that buyers transfer to.

    Raises:
        NoCollectingAccountError: the operator has none.
    """
    for [account_id] in COLLECTING.ask():
        return int(account_id)
    raise NoCollectingAccountError


def is_taken(reference: str) -> bool:
    """Whether some payment carries this reference."""
    return bool(WITH_REFERENCE.ask(reference=reference))


def find_payment(order_id: int) -> Payment | None:
    """The payment of an order."""
    return session.scalar(select(Payment).where(Payment.order_id == order_id))


def find_cash(seller_order_id: int) -> CashCollection | None:
    """The cash that a seller order brings in, if it is paid at the door."""
    return session.scalar(
        select(CashCollection).where(CashCollection.seller_order_id == seller_order_id)
    )


def get_payment(payment_id: int) -> Payment:
    """A payment by its id.

    Raises:
        PaymentNotFoundError: there is no such payment.
    """
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFoundError(payment_id=payment_id)
    return payment


def find_order_of_refund(refund_id: int) -> int | None:
    """The order that a refund belongs to, if it belongs to one."""
    return session.scalar(
        select(Payment.order_id)
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Refund.id == refund_id)
    )


def find_due_of_refund(refund_id: int) -> int | None:
    """What fell due under a contract and is refunded, if the refund is of such a thing."""
    return session.scalar(select(Refund.due_id).where(Refund.id == refund_id))


def is_anything_going_back(due_id: int) -> bool:
    """Whether money of a due waits to be sent back."""
    waiting = select(Refund.id).where(Refund.due_id == due_id, Refund.state == RefundState.DUE)
    return session.scalar(waiting.limit(1)) is not None


def seller_order_number(seller_order_id: int) -> str:
    """The number of a seller order; empty if there is none."""
    found = _NUMBER.ask(part_id=seller_order_id)
    return str(found[0][0]) if found else ""


def get_payee(organisation_id: int) -> Organisation:
    """Who a payout goes to."""
    return session.get_one(Organisation, organisation_id)


def find_payout(idempotency_key: str) -> Payout | None:
    """The payout that was recorded under a key."""
    return session.scalar(select(Payout).where(Payout.idempotency_key == idempotency_key))


def find_by_references(references: Sequence[str]) -> Sequence[Payment]:
    """The payments that carry one of the references, each once."""
    if not references:
        return []
    return session.scalars(
        select(Payment).where(Payment.reference.in_(references)).order_by(Payment.id)
    ).all()


def find_by_number(text: str) -> Payment | None:
    """The payment by transfer of the order with this number, or with this reference."""
    wanted = text.strip().upper()
    return session.scalar(
        select(Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Payment.method == PaymentMethod.BANK_TRANSFER,
            (Order.number == wanted) | (Payment.reference == wanted.replace(" ", "")),
        )
    )


def lock_payment(order_id: int) -> Payment:
    """The payment of an order, locked: the order first, as everybody does.

    Raises:
        PaymentNotFoundError: the order has none.
    """
    _LOCK_ORDER.take(order_id=order_id)
    payment = _LOCK_PAYMENT.take(order_id=order_id)
    if payment is None:
        raise PaymentNotFoundError(order_id=order_id)
    return payment


def facts_of(payment: Payment) -> TransferFacts | CashFacts:
    """All that is known of a payment."""
    if payment.method == PaymentMethod.CASH:
        return cash_facts_of(payment.id)
    return transfer_facts_of(payment)


def cash_facts_of(payment_id: int) -> CashFacts:
    """Where the cash of each delivery stands."""
    return CashFacts(tuple(state for [state] in _CASH_STATES.ask(payment_id=payment_id)))


def transfer_facts_of(
    payment: Payment, *, cancelled_part_id: int | None = None, is_expired: bool = False
) -> TransferFacts:
    """All that is known of a payment by transfer.

    Args:
        payment: the payment.
        cancelled_part_id: a seller order that is being cancelled, whatever its row says yet.
        is_expired: the order is running out of time now, whatever its row says yet.
    """
    rows = _TRANSFER_FACTS.ask(
        order_id=payment.order_id, payment_id=payment.id, cancelled_part_id=cancelled_part_id
    )
    state, off, received, late = rows[0][:4]
    return TransferFacts(
        amount=payment.amount_minor,
        cancelled=int(off),
        is_expired=is_expired or state == OrderState.EXPIRED,
        received=int(received),
        late=int(late),
        refunds=tuple(
            RefundFact(reason, minor, refund_state == RefundState.SENT)
            for _, _, _, _, reason, minor, refund_state in rows
            if reason is not None
        ),
    )


def is_covered(order_id: int) -> bool:
    """Whether an order by transfer stands and is paid in full."""
    payment = find_payment(order_id)
    if payment is None or payment.method == PaymentMethod.CASH:
        return False
    return transfer_facts_of(payment).is_covered


def pay_page(order_number: str, *, viewer: Actor) -> PayPage:
    """What the page on which a buyer pays has to show; three statements.

    Raises:
        PaymentNotFoundError: there is no such order, it has no payment, or the viewer neither
            ordered it nor came by its link.
    """
    row = session.execute(
        select(Payment, Order, BankAccount)
        .join(Order, Order.id == Payment.order_id)
        .outerjoin(BankAccount, BankAccount.id == Payment.bank_account_id)
        .where(Order.number == order_number)
    ).one_or_none()
    if row is None or not allows(viewer, Permission.ORDER_VIEW, row[1]):
        raise PaymentNotFoundError(number=order_number)
    payment, order, account = row
    missing = due = 0
    if payment.method == PaymentMethod.BANK_TRANSFER:
        facts = transfer_facts_of(payment)
        missing = facts.missing
        due = sum(each.minor for each in facts.refunds if not each.is_sent)
    currency = payment.currency
    return PayPage(
        order_id=order.id,
        number=order.number,
        order_state=order.state,
        method=payment.method,
        state=payment.state,
        total=payment.amount,
        received=payment.received,
        missing=Money(missing, currency),
        due=Money(due, currency),
        refunded=payment.refunded,
        holds_until=order.expires_at,
        paid_at=payment.paid_at,
        request=_request(payment, account, missing),
        phone=order.phone,
    )


def pending_line_ids() -> Sequence[int]:
    """The lines that wait to be put to their orders, oldest first."""
    return session.scalars(
        select(BankLine.id)
        .where(BankLine.outcome == BankLineOutcome.PENDING)
        .order_by(BankLine.booked_at, BankLine.id)
    ).all()


def _request(payment: Payment, account: BankAccount | None, missing: int) -> TransferRequest | None:
    if not missing or account is None or payment.reference is None:
        return None
    return TransferRequest(
        bank_bin=account.bank_bin,
        bank_name=account.bank_name,
        account_number=number_of(account),
        holder_name=account.holder_name,
        amount=Money(missing, payment.currency),
        reference=payment.reference,
    )
