"""States, fees, days, names of keys: everything that can be known without a database."""

from datetime import date, timedelta
from typing import Protocol

from marketplace.kernel.states import StateMachine
from models.orders import DeliveryMethod, OrderState, SellerOrderState

MAX_QUANTITY = 999
"""The most packs in one line; larger quantities are a contract, not a retail sale."""

MAX_LINES = 50
"""The most lines in one cart."""

CONFIRM_WITHIN = timedelta(hours=24)
"""A part that nobody confirmed for so long is late."""

PROMISES_FOR = timedelta(days=180)
"""How long a part counts in a seller's promise record, from the moment it was ordered."""

REPLY_MAX = 500
"""The longest reply of a seller beside a promise that was not kept, in characters."""

ORDER = StateMachine(
    "order",
    {
        OrderState.AWAITING_PAYMENT: {OrderState.OPEN, OrderState.CANCELLED, OrderState.EXPIRED},
        OrderState.OPEN: {OrderState.COMPLETED, OrderState.CANCELLED},
        OrderState.COMPLETED: (),
        OrderState.CANCELLED: (),
        OrderState.EXPIRED: (),
    },
)
"""The whole order. It opens when it is paid, or at once when cash is paid at the door."""

SELLER_ORDER = StateMachine(
    "seller_order",
    {
        SellerOrderState.PLACED: {SellerOrderState.CONFIRMED, SellerOrderState.CANCELLED},
        SellerOrderState.CONFIRMED: {SellerOrderState.PACKED, SellerOrderState.CANCELLED},
        SellerOrderState.PACKED: {SellerOrderState.HANDED_OVER},
        SellerOrderState.HANDED_OVER: {SellerOrderState.DELIVERED},
        SellerOrderState.DELIVERED: (),
        SellerOrderState.CANCELLED: (),
    },
)
"""One cooperative's part. Packing fixes the lots, so nothing is cancelled after it."""

CANCELLABLE = frozenset(
    state for state in SellerOrderState if SELLER_ORDER.can(state, SellerOrderState.CANCELLED)
)
"""The states in which a part can still be called off."""

STEPS = (
    SellerOrderState.PLACED,
    SellerOrderState.CONFIRMED,
    SellerOrderState.PACKED,
    SellerOrderState.HANDED_OVER,
    SellerOrderState.DELIVERED,
)
"""The way of a part that goes well, in order."""


class DeliveryTerms(Protocol):
    """What a seller asks for delivery; fees in whole đồng."""

    @property
    def own_region_fee_minor(self) -> int:
        """To the region of the seller."""

    @property
    def other_region_fee_minor(self) -> int:
        """To any other region."""

    @property
    def free_from_minor(self) -> int | None:
        """From this sum of goods on, delivery is free; None: never."""

    @property
    def own_region_days(self) -> int:
        """Days until the goods are there, in the region of the seller."""

    @property
    def other_region_days(self) -> int:
        """Days until the goods are there, elsewhere."""


def delivery_fee(terms: DeliveryTerms, goods_minor: int, *, method: str, same_region: bool) -> int:
    """What delivery of one seller's part costs, in whole đồng, whatever it weighs.

    Args:
        terms: the seller's.
        goods_minor: the sum of the goods after discounts.
        method: collecting the goods oneself costs nothing.
        same_region: the buyer lives in the seller's region.
    """
    if method == DeliveryMethod.PICKUP:
        return 0
    if terms.free_from_minor is not None and goods_minor >= terms.free_from_minor:
        return 0
    return terms.own_region_fee_minor if same_region else terms.other_region_fee_minor


def promised_day(
    terms: DeliveryTerms, ordered_on: date, *, method: str, same_region: bool
) -> date | None:
    """The day by which the goods are to be with the buyer; None for goods that are collected."""
    if method == DeliveryMethod.PICKUP:
        return None
    days = terms.own_region_days if same_region else terms.other_region_days
    return ordered_on + timedelta(days=days)


def order_outcome(parts: list[str]) -> OrderState | None:
    """What becomes of an open order whose parts are in these states; None: it stays open."""
    if any(not SELLER_ORDER.is_final(state) for state in parts):
        return None
    if SellerOrderState.DELIVERED in parts:
        return OrderState.COMPLETED
    return OrderState.CANCELLED
