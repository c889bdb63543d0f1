"""How an order opens and how it ends."""

from datetime import datetime

from sqlalchemy import BigInteger, Select, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.orders.errors import (
    OrderNotFoundError,
    PartOfUnpaidOrderError,
    ReasonMissingError,
)
from marketplace.orders.operations.fulfilling import lock_seller_order
from marketplace.orders.rules import ORDER, SELLER_ORDER, order_outcome
from marketplace.platform.database import session
from marketplace.platform.locking import RowLock
from marketplace.platform.statements import Question
from marketplace.platform.transitions import change_state
from models.orders import Order, OrderState, SellerOrder, SellerOrderState

_LOCK_ORDER = RowLock(Order, Order.id == bindparam("order_id", type_=BigInteger))
_STATES = Question(
    select(SellerOrder.state).where(SellerOrder.order_id == bindparam("order_id", type_=BigInteger))
)


def lock_order(order_id: int) -> Order:
    """An order, locked until the transaction ends.

    Raises:
        OrderNotFoundError: there is none.
    """
    order = _LOCK_ORDER.take(order_id=order_id)
    if order is None:
        raise OrderNotFoundError(order_id=order_id)
    return order


def open_paid_order(*, actor: Actor, order_id: int, at: datetime) -> bool:
    """Let the sellers begin: the whole sum has come. An order that is open stays so.

    Returns:
        Whether it opened just now.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: it was cancelled or expired before.
    """
    order = lock_order(order_id)
    if order.state in {OrderState.OPEN, OrderState.COMPLETED}:
        return False
    opened = change_state(order, ORDER, OrderState.OPEN, actor=actor, at=at)
    order.expires_at = None
    return opened


def stop_expiry(*, order_id: int) -> None:
    """Let an order wait without end: some of its money came, so a person decides."""
    lock_order(order_id).expires_at = None


def expire_order(*, order_id: int, at: datetime) -> bool:
    """Give up waiting for a transfer; the parts are called off. Its stock is the caller's to free.

    Returns:
        Whether it expired just now; False if it was paid, called off or expired before, or its
        time is not over yet.
    """
    order = lock_order(order_id)
    if order.state != OrderState.AWAITING_PAYMENT:
        return False
    if order.expires_at is None or order.expires_at > at:
        return False
    change_state(order, ORDER, OrderState.EXPIRED, actor=None, at=at)
    for part in session.scalars(_parts_of(order_id)):
        change_state(part, SELLER_ORDER, SellerOrderState.CANCELLED, actor=None, at=at)
        part.cancelled_at = at
    return True


def cancel_seller_order(
    *, actor: Actor, seller_order_id: int, reason: str, at: datetime
) -> SellerOrder | None:
    """Call one part off, before it is packed: by its buyer, or by its seller with a reason.

    Returns:
        The part, its order loaded; None if it was called off before.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor neither bought nor sells it, or it is packed already.
        ReasonMissingError: a seller gave none.
        PartOfUnpaidOrderError: the transfer of the whole order is still awaited.
    """
    part = lock_seller_order(seller_order_id)
    is_buyer = allows(actor, Permission.ORDER_CANCEL, part.order)
    if not is_buyer:
        authorize(actor, Permission.SELLER_ORDER_CANCEL, part)
        if not reason.strip():
            raise ReasonMissingError(field="reason")
    if part.order.state == OrderState.AWAITING_PAYMENT:
        live = _parts_of(part.order_id).where(SellerOrder.state != SellerOrderState.CANCELLED)
        if session.scalar(select(func.count()).select_from(live.subquery())) != 1:
            raise PartOfUnpaidOrderError(number=part.number)
    return call_off(actor=actor, part=part, reason=reason, at=at)


def call_off(*, actor: Actor, part: SellerOrder, reason: str, at: datetime) -> SellerOrder | None:
    """Cancel a part whose order is locked; None if it was before."""
    why = reason.strip()
    if not change_state(
        part, SELLER_ORDER, SellerOrderState.CANCELLED, actor=actor, at=at, reason=why or None
    ):
        return None
    part.cancelled_at = at
    part.cancel_reason = why
    return part


def lock_parts_to_cancel(*, actor: Actor, order_id: int) -> list[SellerOrder]:
    """The parts of an order that its buyer calls off as a whole; the order is locked.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor did not order it.
    """
    order = lock_order(order_id)
    authorize(actor, Permission.ORDER_CANCEL, order)
    parts = list(session.scalars(_parts_of(order_id)))
    for part in parts:
        part.order = order
    return [part for part in parts if part.state != SellerOrderState.CANCELLED]


def complete_order_if_done(*, order_id: int, at: datetime) -> OrderState | None:
    """Close an order all of whose parts are delivered or called off.

    Returns:
        Its new state, or None if it goes on.
    """
    order = lock_order(order_id)
    outcome = order_outcome([state for [state] in _STATES.ask(order_id=order_id)])
    if outcome is None or not change_state(order, ORDER, outcome, actor=None, at=at):
        return None
    return outcome


def _parts_of(order_id: int) -> Select[SellerOrder]:
    return (
        select(SellerOrder)
        .where(SellerOrder.order_id == order_id)
        .order_by(SellerOrder.id)
        .execution_options(populate_existing=True)
    )
