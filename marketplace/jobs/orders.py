"""What orders need done later, or every minute."""

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.orders import operations
from marketplace.orders.operations import reminding
from marketplace.orders.queries import overdue_order_ids
from marketplace.platform.transaction import transaction
from marketplace.reporting.promises import sellers_beyond_limits
from marketplace.workflows import checkout, expiry, fulfilment, order_mails

log = structlog.get_logger(__name__)


@job(checkout.ANNOUNCE_PLACED)
def announce_placed(*, order_id: int, **_newer: object) -> None:
    """Write to the people of a new order. Safe to run twice: each message has its key."""
    with transaction():
        order_mails.tell_placed(order_id=order_id, at=now())


@job(fulfilment.ANNOUNCE_STEP)
def announce_step(*, seller_order_id: int, **_newer: object) -> None:
    """Write to the people of a part that went a step on. Safe to run twice."""
    with transaction():
        order_mails.tell_step(seller_order_id=seller_order_id, at=now())


@job(expiry.ANNOUNCE_EXPIRED)
def announce_expired(*, order_id: int, **_newer: object) -> None:
    """Write to the buyer of an order that expired. Safe to run twice."""
    with transaction():
        order_mails.tell_expired(order_id=order_id, at=now())


@job("orders.count_reminders", cron="*/10 * * * *")
def count_reminders(**_newer: object) -> None:
    """Find the sellers whom the alliance is to remind, among all orders of half a year.

    Safe to run twice and by two at once: each count stands for itself, one after the other.
    """
    with transaction():
        reminding.hold_reminders()
        at = now()
        reminding.replace_reminders(tallies=sellers_beyond_limits(at), at=at)


@job("orders.expire_orders", cron="* * * * *")
def expire_orders(**_newer: object) -> None:
    """End the waiting for transfers that did not come, each order in its own transaction.

    Safe to run twice and by two at once: an order that has ended is left alone. One that cannot
    be ended is logged; it does not keep the others waiting.
    """
    with transaction():
        overdue = overdue_order_ids(now())
    for order_id in overdue:
        try:
            with transaction():
                expiry.expire_order(order_id=order_id, at=now())
        except Exception:
            log.exception("order not expired", order_id=order_id)


@job("orders.discard_old_carts", cron="41 20 * * *")
def discard_old_carts(**_newer: object) -> None:
    """Throw away forgotten carts, at night in Việt Nam. Safe to run twice."""
    with transaction():
        operations.discard_old_carts(now())
