"""How many orders and deliveries are behind a revenue book."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.platform.reading import read
from marketplace.platform.statements import Question
from marketplace.reporting.revenue_query import RevenueQuery, facts_between
from models.invoicing import Invoice
from models.ledger import RevenueFact
from models.orders import Channel, Order, SellerOrder


def order_counts(query: RevenueQuery) -> tuple[int, int]:
    """How many delivered orders and invoiced deliveries are behind the totals, and those before."""
    is_of_goods = query.product_id is not None or query.category_id is not None
    if is_of_goods or query.channel == Channel.CONTRACT:
        [row] = read(_orders_by_facts(query))
    elif query.channel is not None:
        [row] = read(_orders_delivered(query))
    elif query.province_code is not None:
        [row] = read(_orders_delivered(query))
        [more] = read(_orders_by_facts(replace(query, channel=Channel.CONTRACT)))
        return row[0] + more[0], row[1] + more[1]
    else:
        [row] = DELIVERED.ask(
            organisation_id=query.organisation_id,
            starts_at=query.months.starts_at,
            earlier=query.months.previous.starts_at,
            ends_at=query.months.ends_at,
        )
    return row[0], row[1]


def _between(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    seller: InstrumentedAttribute[int],
    since: str,
    until: str,
    *conditions: ColumnElement[bool],
) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            seller == bindparam("organisation_id"),
            column >= bindparam(since),
            column < bindparam(until),
            *conditions,
        )
        .scalar_subquery()
    )


_EARNS: Final = Invoice.goods_minor + Invoice.bonus_minor > Invoice.penalty_minor
DELIVERED: Final = Question(
    select(
        *(
            _between(SellerOrder.delivered_at, SellerOrder.organisation_id, since, until)
            + _between(Invoice.issued_at, Invoice.organisation_id, since, until, _EARNS)
            for since, until in (("starts_at", "ends_at"), ("earlier", "starts_at"))
        )
    )
)
"""By the orders' own moments, which an index answers alone."""


def _orders_delivered(query: RevenueQuery) -> Select[int, int]:
    """By the orders' own moments, cut by what the whole order says."""
    starts_at = query.months.starts_at
    statement = select(
        func.count().filter(SellerOrder.delivered_at >= starts_at).label("now"),
        func.count().filter(SellerOrder.delivered_at < starts_at).label("before"),
    ).where(
        SellerOrder.organisation_id == query.organisation_id,
        SellerOrder.delivered_at >= query.months.previous.starts_at,
        SellerOrder.delivered_at < query.months.ends_at,
    )
    if query.province_code is not None or query.channel is not None:
        statement = statement.where(SellerOrder.order_id == Order.id)
    if query.province_code is not None:
        statement = statement.where(Order.province_code == query.province_code)
    if query.channel is not None:
        statement = statement.where(Order.channel == query.channel)
    return statement


def _orders_by_facts(query: RevenueQuery) -> Select[int, int]:
    """By the facts, for a cut that only part of an order may be in."""
    first = query.months.first
    orders = RevenueFact.entry_id.distinct()
    return select(
        func.count(orders).filter(RevenueFact.business_day >= first).label("now"),
        func.count(orders).filter(RevenueFact.business_day < first).label("before"),
    ).where(*facts_between(query, query.months.previous.first, query.months.last))
