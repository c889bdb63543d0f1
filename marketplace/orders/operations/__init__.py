"""Changing carts and orders."""

from marketplace.orders.operations.carts import (
    add_to_cart,
    adopt_cart,
    discard_cart,
    discard_old_carts,
    lock_cart,
    set_quantities,
)
from marketplace.orders.operations.ending import (
    call_off,
    cancel_seller_order,
    complete_order_if_done,
    expire_order,
    lock_order,
    lock_parts_to_cancel,
    open_paid_order,
    stop_expiry,
)
from marketplace.orders.operations.fulfilling import (
    confirm_seller_order,
    deliver_seller_order,
    fix_lots,
    hand_over_seller_order,
    lock_seller_order,
    pack_seller_order,
)
from marketplace.orders.operations.placing import Placed, Purchase, Recipient, record_order
from marketplace.orders.operations.replying import reply_to_promise

__all__ = [
    "Placed",
    "Purchase",
    "Recipient",
    "add_to_cart",
    "adopt_cart",
    "call_off",
    "cancel_seller_order",
    "complete_order_if_done",
    "confirm_seller_order",
    "deliver_seller_order",
    "discard_cart",
    "discard_old_carts",
    "expire_order",
    "fix_lots",
    "hand_over_seller_order",
    "lock_cart",
    "lock_order",
    "lock_parts_to_cancel",
    "lock_seller_order",
    "open_paid_order",
    "pack_seller_order",
    "record_order",
    "reply_to_promise",
    "set_quantities",
    "stop_expiry",
]
