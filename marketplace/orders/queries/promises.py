"""What a seller promises with a part of an order, and whether it was kept: the rules, in SQL.

A part counts from the moment it **reached** its seller: the order itself where cash is paid at the
door, the moment its transfer was found complete otherwise. Parts that were never paid never reached
anybody. Each promise is kept, missed, or neither yet; what neither the seller nor the clock has
settled does not count.

- confirmed: within `CONFIRM_WITHIN` after the part reached the seller. A buyer who calls off
  sooner leaves it open.
- handed over: at the latest on the part's `promised_on`, the day that was promised to the buyer
  from the delivery settings when they ordered, and that stays with the part. Goods that the buyer
  collects have no such day and do not count.
- not called off: everything counts that reached the seller; missed is what the seller called off.
- delivered: missed is what the seller called off, and what is not delivered after `promised_on`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Interval, Select, and_, case, cast, func, literal, or_

from marketplace.kernel.clock import VIETNAM, business_day
from marketplace.orders.rules import CONFIRM_WITHIN, PROMISES_FOR
from models.orders import Order, OrderState, PaymentMethod, SellerOrder, SellerOrderState
from models.payments import Payment
from models.platform import StateChange


class Promise(StrEnum):
    """What is promised; the value stands in addresses."""

    CONFIRMED = "xac-nhan"
    HANDED_OVER = "giao-dung-hen"
    NOT_CALLED_OFF = "khong-huy"
    DELIVERED = "giao-xong"


def find_promise(text: str) -> Promise | None:
    """The promise that an address names; None if it names none."""
    return next((promise for promise in Promise if promise == text), None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Conditions over the parts that `of_parts` joins.

    Attributes:
        reached_at: when a part reached its seller.
        counts: whether it counts at all.
        by_seller: whether its seller called it off.
        kept: by promise.
        missed: by promise; a part may be neither.
    """

    reached_at: ColumnElement[datetime]
    counts: ColumnElement[bool]
    by_seller: ColumnElement[bool]
    kept: Mapping[Promise, ColumnElement[bool]]
    missed: Mapping[Promise, ColumnElement[bool]]

    @property
    def against(self) -> ColumnElement[bool]:
        """Whether anything about a part counts against its seller."""
        return or_(*self.missed.values())

    def settled(self, promise: Promise) -> ColumnElement[bool]:
        """Whether a promise was kept or missed."""
        return or_(self.kept[promise], self.missed[promise])

    def verdict(self, promise: Promise) -> ColumnElement[bool | None]:
        """True: kept; false: missed; null: neither."""
        return case((self.kept[promise], True), (self.missed[promise], False))


def of_parts(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A select over parts with what `judge` asks of them."""
    return (
        columns.select_from(SellerOrder)
        .join(Order, Order.id == SellerOrder.order_id)
        .outerjoin(Payment, Payment.order_id == Order.id)
        .outerjoin(
            StateChange,
            and_(
                SellerOrder.state == SellerOrderState.CANCELLED,
                StateChange.subject_kind == "seller_order",
                StateChange.subject_id == SellerOrder.id,
                StateChange.to_state == SellerOrderState.CANCELLED,
            ),
        )
    )


def judge(at: datetime) -> Judgement:
    """The rules as they stand at a moment, over the parts of `PROMISES_FOR` before it."""
    part = SellerOrder
    reached_at = case(
        (Order.payment_method == PaymentMethod.CASH, part.placed_at), else_=Payment.paid_at
    )
    # Helpers act with their own organisation; buyers may belong to the seller, too.
    by_seller = and_(
        part.state == SellerOrderState.CANCELLED,
        func.coalesce(StateChange.on_behalf_of_id, StateChange.actor_organisation_id)
        == part.organisation_id,
        func.coalesce(StateChange.actor_user_id != Order.buyer_user_id, literal(value=True)),
    )
    confirm_by = reached_at + literal(CONFIRM_WITHIN, Interval)
    delivered = part.delivered_at.is_not(None)
    is_overdue = and_(part.cancelled_at.is_(None), part.promised_on < business_day(at))
    is_by_seller = func.coalesce(by_seller, literal(value=False))
    return Judgement(
        reached_at=reached_at,
        counts=and_(
            part.placed_at > at - PROMISES_FOR,
            Order.placed_at > at - PROMISES_FOR,  # the same moment, which is in an index
            reached_at <= at,
            Order.state.notin_([OrderState.AWAITING_PAYMENT, OrderState.EXPIRED]),
            or_(part.cancelled_at.is_(None), part.cancelled_at >= reached_at),
        ),
        by_seller=is_by_seller,
        kept={
            Promise.CONFIRMED: part.confirmed_at <= confirm_by,
            Promise.HANDED_OVER: _day(part.handed_over_at) <= part.promised_on,
            Promise.NOT_CALLED_OFF: ~is_by_seller,
            Promise.DELIVERED: delivered,
        },
        missed={
            Promise.CONFIRMED: func.coalesce(part.confirmed_at, part.cancelled_at, literal(at))
            > confirm_by,
            Promise.HANDED_OVER: _day(
                func.coalesce(part.handed_over_at, part.cancelled_at, literal(at))
            )
            > part.promised_on,
            Promise.NOT_CALLED_OFF: is_by_seller,
            Promise.DELIVERED: and_(~delivered, or_(is_by_seller, is_overdue)),
        },
    )


def _day(moment: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a column or an expression
    """The Vietnamese day of a moment."""
    return cast(func.timezone(VIETNAM.key, moment), Date)
