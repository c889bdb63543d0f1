"""Calling off, until it is packed: the goods go back on sale and the money back to the buyer."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.inventory import operations as inventory
from marketplace.kernel.states import NotAllowedError
from marketplace.orders import operations as orders
from marketplace.orders import queries
from marketplace.orders.rules import CANCELLABLE, SELLER_ORDER
from marketplace.payments import operations as payments
from marketplace.platform.failpoints import failpoint
from marketplace.platform.queue import defer
from marketplace.workflows.fulfilment import ANNOUNCE_STEP
from models.orders import SellerOrder, SellerOrderState


def cancel_part(*, actor: Actor, seller_order_id: int, reason: str = "", at: datetime) -> bool:
    """Call one seller's part off.

    Returns:
        Whether anything changed; False if it was called off before.

    Raises:
        OrderNotFoundError, NotAllowedError, ReasonMissingError, PartOfUnpaidOrderError: see
            `cancel_seller_order`.
    """
    part = orders.cancel_seller_order(
        actor=actor, seller_order_id=seller_order_id, reason=reason, at=at
    )
    if part is None:
        return False
    _undo(actor, [part], at)
    orders.complete_order_if_done(order_id=part.order_id, at=at)
    return True


def cancel_order(*, actor: Actor, order_id: int, reason: str = "", at: datetime) -> bool:
    """Call a whole order off, as its buyer; parts that were called off before stay so.

    Returns:
        Whether anything changed.

    Raises:
        OrderNotFoundError: there is none.
        NotAllowedError: the actor did not order it, or some part of it is packed already.
    """
    parts = orders.lock_parts_to_cancel(actor=actor, order_id=order_id)
    for part in parts:
        if part.state not in CANCELLABLE:
            raise NotAllowedError(
                machine=SELLER_ORDER.name,
                from_state=part.state,
                to_state=str(SellerOrderState.CANCELLED),
            )
    for part in parts:
        orders.call_off(actor=actor, part=part, reason=reason, at=at)
    _undo(actor, parts, at)
    orders.complete_order_if_done(order_id=order_id, at=at)
    return bool(parts)


def _undo(actor: Actor, parts: Sequence[SellerOrder], at: datetime) -> None:
    """Give back what parts that were called off had taken: money, then packs.

    The packs of all parts go back in one go, for lots are always locked in ascending order.
    """
    failpoint("cancellation.after_cancelled")
    for part in parts:
        payments.cancel_part(actor=actor, order_id=part.order_id, seller_order_id=part.id, at=at)
    failpoint("cancellation.after_payment")
    line_ids = [each for part in parts for each in queries.line_ids_of(seller_order_id=part.id)]
    inventory.release_holds(line_ids, at=at)
    failpoint("cancellation.after_released")
    for part in parts:
        defer(ANNOUNCE_STEP, seller_order_id=part.id)
