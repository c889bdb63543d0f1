"""Reading orders at a seller's desk."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.kernel.text import fold
from marketplace.orders.errors import OrderNotFoundError
from marketplace.orders.queries.views import OrderView, view_where, views_where
from marketplace.orders.rules import CONFIRM_WITHIN
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import User
from models.orders import Order, OrderLine, OrderState, SellerOrder, SellerOrderState
from models.payments import CashCollection, Payment
from models.platform import StateChange

LEAST_DIGITS = 3
"""The fewest end digits of a telephone number that find an order."""


_LETTERS = [chr(code) for code in range(0xC0, 0x1EFA) if re.fullmatch("[a-z]", fold(chr(code)))]
_FOLDING = ("".join(_LETTERS), "".join(map(fold, _LETTERS)))
"""What `fold` does to single letters, so that PostgreSQL can do it to names that lie unfolded."""


class DeskFilter(StrEnum):
    """The saved views of the list of orders; the value stands in the address."""

    ALL = ""
    UNPAID = "cho-tien"
    TO_CONFIRM = "cho-xac-nhan"
    TO_PACK = "dong-goi"
    TO_HAND_OVER = "cho-giao"
    ON_THE_WAY = "dang-giao"
    LATE = "tre-hen"
    DONE = "da-xong"
    CANCELLED = "da-huy"


@dataclass(frozen=True, slots=True)
class SellerOrderRow:
    """A part in the list of a seller's orders. Amounts in minor units.

    `payment_state` is that of the whole order; `cash_state`, that of this part's cash, goes first.
    """

    id: int
    number: str
    state: str
    order_state: str
    payment_state: str | None
    cash_state: str | None
    delivery_method: str
    placed_at: datetime
    promised_on: date | None
    recipient_name: str
    phone: str
    province_code: str
    total_minor: int
    lines: list[list[Any]]
    is_late: bool

    @property
    def waits_for_money(self) -> bool:
        """Whether nothing is to be done before the money is there."""
        return self.order_state == OrderState.AWAITING_PAYMENT

    @property
    def can_be_confirmed(self) -> bool:
        """Whether confirming is the next step."""
        return self.state == SellerOrderState.PLACED and not self.waits_for_money


@dataclass(frozen=True, slots=True)
class Today:
    """What waits at a seller's desk, and how the month goes. Amounts in minor units."""

    to_confirm: int
    oldest_to_confirm: datetime | None
    late_to_confirm: int
    to_pack: int
    to_hand_over: int
    due_today: int
    on_the_way: int
    unpaid: int
    delivered_count: int
    delivered_minor: int
    delivered_count_before: int
    delivered_minor_before: int
    held_minor: int
    held_count: int


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state, for a timeline."""

    to_state: str
    at: datetime
    by_name: str | None
    by_seller: bool
    reason: str | None


def _filters(at: datetime) -> dict[DeskFilter, ColumnElement[bool]]:
    state = SellerOrder.state
    paid = Order.state != OrderState.AWAITING_PAYMENT
    placed = and_(state == SellerOrderState.PLACED, paid)
    ready = state.in_([SellerOrderState.CONFIRMED, SellerOrderState.PACKED])
    return {
        DeskFilter.UNPAID: Order.state == OrderState.AWAITING_PAYMENT,
        DeskFilter.TO_CONFIRM: placed,
        DeskFilter.TO_PACK: state == SellerOrderState.CONFIRMED,
        DeskFilter.TO_HAND_OVER: state == SellerOrderState.PACKED,
        DeskFilter.ON_THE_WAY: state == SellerOrderState.HANDED_OVER,
        DeskFilter.LATE: or_(
            and_(placed, SellerOrder.placed_at < at - CONFIRM_WITHIN),
            and_(ready, SellerOrder.promised_on < business_day(at)),
        ),
        DeskFilter.DONE: state == SellerOrderState.DELIVERED,
        DeskFilter.CANCELLED: state == SellerOrderState.CANCELLED,
    }


def _mine(organisation_id: int) -> ColumnElement[bool]:
    """The parts that a seller sees: not those that nobody ever paid."""
    return and_(SellerOrder.organisation_id == organisation_id, Order.state != OrderState.EXPIRED)


def counts_of(organisation_id: int, at: datetime) -> Mapping[DeskFilter, int]:
    """How many orders each saved view holds; one statement."""
    filters = _filters(at)
    statement: Any = (
        select(func.count(), *(func.count().filter(where) for where in filters.values()))
        .select_from(SellerOrder)
        .join(Order, Order.id == SellerOrder.order_id)
        .where(_mine(organisation_id))
    )
    found = session.execute(statement).one()
    return dict(zip([DeskFilter.ALL, *filters], found, strict=True))


def seller_orders_of(
    organisation_id: int,
    at: datetime,
    *,
    view: DeskFilter = DeskFilter.ALL,
    search: str = "",
    page: PageRequest,
) -> Page[SellerOrderRow]:
    """A page of a seller's orders, newest first; those that wait for it oldest first.

    Two statements, however many rows.

    Args:
        organisation_id: whose.
        at: the present, to say what is late.
        view: a saved view.
        search: a part of the number, at least three end digits of the telephone, or a name.
        page: which page.
    """
    filters = _filters(at)
    where = [_mine(organisation_id)]
    if view in filters:
        where.append(filters[view])
    if search.strip():
        where.append(_matches(search.strip()))
    first, second = SellerOrder.placed_at.desc(), SellerOrder.id.desc()
    if view in {DeskFilter.TO_CONFIRM, DeskFilter.TO_PACK, DeskFilter.TO_HAND_OVER}:
        first, second = SellerOrder.placed_at.asc(), SellerOrder.id.asc()
    lines = (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(
                    OrderLine.quantity,
                    OrderLine.pack_name_vi,
                    OrderLine.product_name_vi,
                    OrderLine.pack_name_en,
                    OrderLine.product_name_en,
                )
            )
        )
        .where(OrderLine.seller_order_id == SellerOrder.id)
        .correlate(SellerOrder)
        .scalar_subquery()
    )
    statement: Any = (
        select(
            SellerOrder.id,
            SellerOrder.number,
            SellerOrder.state,
            Order.state,
            Payment.state,
            CashCollection.state,
            SellerOrder.delivery_method,
            SellerOrder.placed_at,
            SellerOrder.promised_on,
            Order.recipient_name,
            Order.phone,
            Order.province_code,
            SellerOrder.total_minor,
            lines,
            func.coalesce(filters[DeskFilter.LATE], False),
        )
        .join(Order, Order.id == SellerOrder.order_id)
        .outerjoin(Payment, Payment.order_id == Order.id)
        .outerjoin(CashCollection, CashCollection.seller_order_id == SellerOrder.id)
        .where(*where)
        .order_by(first, second)
        .limit(page.size)
        .offset(page.offset)
    )
    counted = (
        select(func.count())
        .select_from(SellerOrder)
        .join(Order, Order.id == SellerOrder.order_id)
        .where(*where)
    )
    rows = [SellerOrderRow(*row) for row in session.execute(statement)]
    return Page(rows=rows, request=page, total=session.scalar(counted) or 0)


def _matches(search: str) -> ColumnElement[bool]:
    digits = "".join(filter(str.isdigit, search))
    found = [
        SellerOrder.number.contains(search.upper(), autoescape=True),
        func.lower(func.translate(Order.recipient_name, *_FOLDING)).contains(
            fold(search), autoescape=True
        ),
    ]
    if len(digits) >= LEAST_DIGITS:
        found.append(Order.phone.endswith(digits.removeprefix("0"), autoescape=True))
    return or_(*found)


def get_seller_order(number: str, *, viewer: Actor) -> OrderView:
    """A seller's part of an order, as an order that has only this part.

    Raises:
        OrderNotFoundError: there is none, or it is another seller's.
    """
    view = view_where(
        SellerOrder.number == number, SellerOrder.organisation_id == viewer.organisation_id
    )
    if view is None or not allows(viewer, Permission.SELLER_ORDER_VIEW, view.parts[0]):
        raise OrderNotFoundError(number=number)
    return view


def get_seller_orders(numbers: Collection[str], *, viewer: Actor) -> list[OrderView]:
    """Several parts of one seller, each as an order that has only this part; three statements.

    Raises:
        OrderNotFoundError: one of them does not exist, or is another seller's.
    """
    views = views_where(
        SellerOrder.number.in_(sorted(set(numbers))),
        SellerOrder.organisation_id == viewer.organisation_id,
    )
    if len(views) != len(set(numbers)) or not all(
        allows(viewer, Permission.SELLER_ORDER_VIEW, view.parts[0]) for view in views
    ):
        raise OrderNotFoundError
    return views


def steps_of(seller_order_id: int) -> list[Step]:
    """How a part came to its state, oldest first."""
    statement = (
        select(
            StateChange.to_state,
            StateChange.at,
            User.full_name,
            StateChange.actor_organisation_id.is_not(None),
            StateChange.reason,
        )
        .outerjoin(User, User.id == StateChange.actor_user_id)
        .where(
            StateChange.subject_kind == "seller_order", StateChange.subject_id == seller_order_id
        )
        .order_by(StateChange.id)
    )
    return [Step(*row) for row in session.execute(statement)]


def today_of(organisation_id: int, at: datetime) -> Today:
    """What waits, and this month against the same days of the last; one statement."""
    filters = _filters(at)
    today = business_day(at)
    month = vietnam_midnight(today.replace(day=1))
    before = vietnam_midnight((today.replace(day=1) - timedelta(days=1)).replace(day=1))
    before_end = min(before + (at - month), month)
    this_month = and_(SellerOrder.delivered_at >= month, SellerOrder.delivered_at <= at)
    last_month = and_(SellerOrder.delivered_at >= before, SellerOrder.delivered_at <= before_end)
    held = and_(
        Order.state == OrderState.OPEN,
        SellerOrder.state.notin_([SellerOrderState.DELIVERED, SellerOrderState.CANCELLED]),
    )
    due = and_(
        filters[DeskFilter.TO_PACK] | filters[DeskFilter.TO_HAND_OVER],
        SellerOrder.promised_on <= today,
    )
    to_confirm = filters[DeskFilter.TO_CONFIRM]
    one = func.count()
    total = _total(this_month)
    total_before = _total(last_month)
    total_held = _total(held)
    statement: Any = (
        select(
            one.filter(to_confirm),
            func.min(SellerOrder.placed_at).filter(to_confirm),
            one.filter(to_confirm & (SellerOrder.placed_at < at - CONFIRM_WITHIN)),
            one.filter(filters[DeskFilter.TO_PACK]),
            one.filter(filters[DeskFilter.TO_HAND_OVER]),
            one.filter(due),
            one.filter(filters[DeskFilter.ON_THE_WAY]),
            one.filter(filters[DeskFilter.UNPAID]),
            one.filter(this_month),
            total,
            one.filter(last_month),
            total_before,
            total_held,
            one.filter(held),
        )
        .select_from(SellerOrder)
        .join(Order, Order.id == SellerOrder.order_id)
        .where(_mine(organisation_id))
    )
    found: Any = session.execute(statement).one()
    return Today(*found)


def _total(where: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of the parts that fit, in minor units."""
    return func.coalesce(func.sum(SellerOrder.total_minor).filter(where), 0).cast(BigInteger)
