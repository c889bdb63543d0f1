"""A seller's part on its way: confirmed, packed, handed over, delivered.

Each act locks the order first, then asks who may, then moves the state; doing it again changes
nothing and says so by returning False.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, BigInteger, bindparam, func, select
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.orders.errors import CarrierMissingError, NotPaidYetError, OrderNotFoundError
from marketplace.orders.rules import SELLER_ORDER
from marketplace.platform.locking import PairLock
from marketplace.platform.statements import Question, adding
from marketplace.platform.transitions import change_state
from models.orders import (
    DeliveryMethod,
    LineLot,
    Order,
    OrderState,
    SellerOrder,
    SellerOrderState,
)
from models.traceability import Lot

_LOCK = PairLock(
    Order,
    SellerOrder,
    SellerOrder.order_id == Order.id,
    SellerOrder.id == bindparam("part_id", type_=BigInteger),
)
_LOTS = Question(
    select(Lot.id, Lot.code, Lot.harvested_on, Lot.best_before_on).where(
        Lot.id == func.any(bindparam("lot_ids", type_=ARRAY(BigInteger)))
    )
)
_NEW_LINE_LOTS = adding(LineLot)


def lock_seller_order(seller_order_id: int) -> SellerOrder:
    """A seller's part, its order loaded; both rows locked until the transaction ends.

    Raises:
        OrderNotFoundError: there is none.
    """
    found = _LOCK.take(part_id=seller_order_id)
    if found is None:
        raise OrderNotFoundError(seller_order_id=seller_order_id)
    order, part = found
    set_committed_value(part, "order", order)
    return part


def confirm_seller_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Say that the goods will come; from then on the seller prepares them.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor does not sell for that organisation, or the part is too far
            on its way.
        NotPaidYetError: its transfer has not come.
    """
    part = lock_seller_order(seller_order_id)
    authorize(actor, Permission.SELLER_ORDER_CONFIRM, part)
    if part.state == SellerOrderState.PLACED and part.order.state != OrderState.OPEN:
        raise NotPaidYetError(number=part.number)
    if not change_state(part, SELLER_ORDER, SellerOrderState.CONFIRMED, actor=actor, at=at):
        return False
    part.confirmed_at = at
    return True


def pack_seller_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Say that the goods are packed; it can no longer be called off.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor does not work there, or the part is not at this step.
    """
    part = lock_seller_order(seller_order_id)
    authorize(actor, Permission.SELLER_ORDER_FULFIL, part)
    if not change_state(part, SELLER_ORDER, SellerOrderState.PACKED, actor=actor, at=at):
        return False
    part.packed_at = at
    return True


def fix_lots(
    *,
    taken: Sequence[tuple[int, int, int]],
    certificates: Mapping[int, Sequence[dict[str, Any]]],
) -> None:
    """Write on the lines which lots their packs came from, with what held at harvest.

    Args:
        taken: line id, lot id and packs; a line may have several lots.
        certificates: those in force at harvest, by lot id.
    """
    lots = {
        lot_id: facts
        for lot_id, *facts in _LOTS.ask(lot_ids=sorted({lot_id for _, lot_id, _ in taken}))
    }
    _NEW_LINE_LOTS.make_each(
        {
            "line_id": line_id,
            "lot_id": lot_id,
            "lot_code": lots[lot_id][0],
            "packs": packs,
            "harvested_on": lots[lot_id][1],
            "best_before_on": lots[lot_id][2],
            "certificates": Jsonb(list(certificates.get(lot_id, ()))),
        }
        for line_id, lot_id, packs in taken
    )


def hand_over_seller_order(
    *, actor: Actor, seller_order_id: int, carrier: str, tracking_code: str, at: datetime
) -> bool:
    """Say that the goods left the house; for goods that are collected, that they are ready.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor does not work there, or the part is not at this step.
        CarrierMissingError: goods on the road need somebody who carries them.
    """
    part = lock_seller_order(seller_order_id)
    authorize(actor, Permission.SELLER_ORDER_FULFIL, part)
    is_delivered = part.delivery_method == DeliveryMethod.DELIVERY
    if part.state == SellerOrderState.PACKED and is_delivered and not carrier.strip():
        raise CarrierMissingError(field="carrier")
    if not change_state(part, SELLER_ORDER, SellerOrderState.HANDED_OVER, actor=actor, at=at):
        return False
    part.handed_over_at = at
    part.carrier = carrier.strip()[:80]
    part.tracking_code = tracking_code.strip()[:60]
    return True


def deliver_seller_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Say that the buyer has the goods. The revenue of it is the caller's to book.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor does not work there, or the part is not at this step.
    """
    part = lock_seller_order(seller_order_id)
    authorize(actor, Permission.SELLER_ORDER_FULFIL, part)
    # The database refuses a delivered part without its moment, so the moment comes first.
    was, part.delivered_at = part.delivered_at, part.delivered_at or at
    try:
        return change_state(part, SELLER_ORDER, SellerOrderState.DELIVERED, actor=actor, at=at)
    except BaseException:
        part.delivered_at = was
        raise
