"""Finding orders: for their buyer, and for workflows and jobs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.orders.errors import OrderNotFoundError
from marketplace.orders.queries.views import OrderView, view_where
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.orders import Order, OrderLine, OrderState, SellerOrder

_LINES_OF_PART = Question(
    select(OrderLine.id)
    .where(OrderLine.seller_order_id == bindparam("part_id", type_=BigInteger))
    .order_by(OrderLine.id)
)
_LINES_OF_ORDER = Question(
    select(OrderLine.id)
    .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
    .where(SellerOrder.order_id == bindparam("order_id", type_=BigInteger))
    .order_by(OrderLine.id)
)


def get_order_view(
    *, number: str | None = None, order_id: int | None = None, viewer: Actor
) -> OrderView:
    """An order for its buyer, by its number or its id.

    Raises:
        OrderNotFoundError: there is none, or the viewer neither ordered it nor came by its link.
    """
    wanted = Order.number == number if number is not None else Order.id == order_id
    view = view_where(wanted)
    if view is None or not allows(viewer, Permission.ORDER_VIEW, view):
        raise OrderNotFoundError(number=number)
    return view


def get_part_view(seller_order_id: int) -> OrderView:
    """One part, as an order that has only this part. For workflows and jobs: asks nobody.

    Raises:
        OrderNotFoundError: there is none.
    """
    view = view_where(SellerOrder.id == seller_order_id)
    if view is None:
        raise OrderNotFoundError(seller_order_id=seller_order_id)
    return view


def find_order_id(number: str) -> int | None:
    """The id of the order with this number."""
    return session.scalar(select(Order.id).where(Order.number == number))


def find_order_by_key(key: str) -> Order | None:
    """The order that was placed under an idempotency key."""
    return session.scalar(select(Order).where(Order.idempotency_key == key))


def line_ids_of(*, order_id: int | None = None, seller_order_id: int | None = None) -> list[int]:
    """The ids of the lines of an order, or of one seller's part of it, ascending."""
    found = (
        _LINES_OF_ORDER.ask(order_id=order_id)
        if seller_order_id is None
        else _LINES_OF_PART.ask(part_id=seller_order_id)
    )
    return [line_id for [line_id] in found]


def overdue_order_ids(at: datetime, *, limit: int = 200) -> list[int]:
    """Orders whose time to pay is over, longest first."""
    statement = (
        select(Order.id)
        .where(Order.state == OrderState.AWAITING_PAYMENT, Order.expires_at <= at)
        .order_by(Order.expires_at, Order.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class BuyerOrderRow:
    """An order in its buyer's list."""

    number: str
    state: str
    payment_method: str
    placed_at: datetime
    total_minor: int
    sellers: str
    goods: str


def orders_of_buyer(user_id: int, page: PageRequest) -> Page[BuyerOrderRow]:
    """What a person ordered while signed in, newest first; two statements."""
    sellers = (
        select(func.string_agg(Organisation.short_name, ", "))
        .join(SellerOrder, SellerOrder.organisation_id == Organisation.id)
        .where(SellerOrder.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    goods = (
        select(func.string_agg(OrderLine.product_name_vi, ", "))
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    mine = Order.buyer_user_id == user_id
    statement = (
        select(
            Order.number,
            Order.state,
            Order.payment_method,
            Order.placed_at,
            Order.total_minor,
            sellers,
            goods,
        )
        .where(mine)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    rows = [BuyerOrderRow(*row) for row in session.execute(statement)]
    total = session.scalar(select(func.count()).select_from(Order).where(mine))
    return Page(rows=rows, request=page, total=total or 0)
