"""Giving up on orders that nobody paid: their packs go back on sale."""

from datetime import datetime

from marketplace.inventory import operations as inventory
from marketplace.orders import operations as orders
from marketplace.orders import queries
from marketplace.payments import operations as payments
from marketplace.payments import queries as money
from marketplace.platform.failpoints import failpoint
from marketplace.platform.queue import defer

ANNOUNCE_EXPIRED = "orders.announce_expired"
"""The job that tells the buyer that the goods are no longer kept."""


def expire_order(*, order_id: int, at: datetime) -> bool:
    """End the waiting for one order's transfer, and tell the buyer.

    An order of which some money has come never ends by itself: it is kept, with its packs,
    until the rest comes, the buyer calls it off or a person of the market decides.

    Args:
        order_id: which; one that is paid, ended or not due yet is left as it is.
        at: the present.

    Returns:
        Whether it expired just now.

    Raises:
        OrderNotFoundError: there is none.
    """
    orders.lock_order(order_id)
    payment = money.find_payment(order_id)
    line_ids = queries.line_ids_of(order_id=order_id)
    if payment is not None and payment.received_minor > 0:
        orders.stop_expiry(order_id=order_id)
        inventory.keep_holds(line_ids)
        return False
    if not orders.expire_order(order_id=order_id, at=at):
        return False
    failpoint("expiry.after_expired")
    payments.expire_payment(order_id=order_id, at=at)
    failpoint("expiry.after_payment")
    inventory.release_holds(line_ids, at=at)
    defer(ANNOUNCE_EXPIRED, order_id=order_id)
    return True
