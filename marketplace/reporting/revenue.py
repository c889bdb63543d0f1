"""The revenue book of a seller: what its delivered goods brought, to the đồng."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography import queries as geography
from marketplace.kernel.money import Money
from marketplace.platform.reading import read
from marketplace.platform.statements import Question
from marketplace.reporting.order_counts import order_counts
from marketplace.reporting.periods import add_months
from marketplace.reporting.revenue_query import CURRENCY, RevenueQuery, cuts_of
from models.catalogue import Category, Product
from models.ledger import LedgerAccount, LedgerPosting, RevenueMonth
from models.payments import Payout

DELIVERY = 0
"""The key under which delivery fees stand where goods have a product or a category."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over revenue facts, in whole đồng and grams; `net` is what the seller is owed."""

    line_count: int = 0
    quantity: int = 0
    grams: int = 0
    gross_minor: int = 0
    discount_minor: int = 0
    delivery_minor: int = 0
    commission_minor: int = 0
    net_minor: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def gross(self) -> Money:
        """Goods at their prices."""
        return Money(self.gross_minor, CURRENCY)

    @property
    def discount(self) -> Money:
        """What was taken off."""
        return Money(self.discount_minor, CURRENCY)

    @property
    def delivery(self) -> Money:
        """Delivery fees, which belong to the seller."""
        return Money(self.delivery_minor, CURRENCY)

    @property
    def commission(self) -> Money:
        """The market's share."""
        return Money(self.commission_minor, CURRENCY)

    @property
    def net(self) -> Money:
        """Gross - discount + delivery - commission."""
        return Money(self.net_minor, CURRENCY)


NAMES = tuple(field.name for field in fields(Figures))
NOTHING = Figures()
Names = dict[tuple[str, int | str], tuple[str, str]]
"""What the keys of a column are called, in Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the book."""

    month: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class CutRow:
    """One product, category, province or channel, with what it brought and before.

    `key` is the id or code for the link to its lines; names are None for delivery fees.
    """

    key: str
    name_vi: str | None
    name_en: str | None
    figures: Figures
    previous: Figures


@dataclass(frozen=True, slots=True)
class RevenueBook:
    """Everything that the screen, the files and the command show of one query."""

    query: RevenueQuery
    totals: Figures
    previous: Figures
    order_count: int
    previous_order_count: int
    months: Sequence[MonthRow]
    products: Sequence[CutRow]
    categories: Sequence[CutRow]
    provinces: Sequence[CutRow]
    channels: Sequence[CutRow]
    paid: Money
    outstanding: Money


def get_revenue_book(query: RevenueQuery, *, actor: Actor) -> RevenueBook:
    """The book for `query`, for the seller's director or accountant.

    `paid` are the payouts of the period, `outstanding` what the market owes the seller now,
    whatever the cuts.

    Raises:
        NotAllowedError: the actor does not see this seller's revenue.
    """
    authorize(actor, Permission.REVENUE_VIEW, query)
    sums = _sums(query)
    names = _names(sums)
    months = {row.month: _figures(row) for row in sums if row.which == _MONTH}
    now, before = _totals(sums)
    orders_now, orders_before = order_counts(query)
    paid, outstanding = _payouts(query)
    return RevenueBook(
        query=query,
        totals=now,
        previous=before,
        order_count=orders_now,
        previous_order_count=orders_before,
        months=[MonthRow(month, months.get(month, NOTHING)) for month in query.months],
        products=_cut(sums, _PRODUCT, "product_id", names),
        categories=_cut(sums, _CATEGORY, "category_id", names),
        provinces=_cut(sums, _PROVINCE, "buyer_province_code", names),
        channels=_cut(sums, _CHANNEL, "channel", names),
        paid=Money(paid, CURRENCY),
        outstanding=Money(outstanding, CURRENCY),
    )


# What PostgreSQL's grouping() says of a row: a bit is set for each column it is summed over.
_COLUMNS = ("month", "product_id", "category_id", "buyer_province_code", "channel")
_MONTH, _PRODUCT, _CATEGORY, _PROVINCE, _CHANNEL, _ALL = (
    0b01111,
    0b10111,
    0b11011,
    0b11101,
    0b11110,
    0b11111,
)


def _sums(query: RevenueQuery) -> Sequence[Row[Any]]:
    """Every sum of the book, and those of the period before, in one pass."""
    table = RevenueMonth
    kept = (
        select(
            (table.month >= query.months.first).label("is_current"),
            *(getattr(table, name) for name in (*_COLUMNS, *NAMES)),
        )
        .where(
            table.organisation_id == query.organisation_id,
            table.currency == CURRENCY,
            table.month.between(query.months.previous.first, query.months.last),
            *cuts_of(query, table),
        )
        .subquery()
    )
    cuts = [kept.c[name] for name in _COLUMNS]
    statement = select(
        func.grouping(*cuts).label("which"),
        kept.c.is_current,
        *cuts,
        *(func.sum(kept.c[name]).label(name) for name in NAMES),
    ).group_by(
        func.grouping_sets(
            *(tuple_(kept.c.is_current, cut) for cut in cuts), tuple_(kept.c.is_current)
        )
    )
    return read(statement)


def _figures(row: Row[Any]) -> Figures:
    return Figures(*(int(getattr(row, name)) for name in NAMES))


def _totals(sums: Sequence[Row[Any]]) -> tuple[Figures, Figures]:
    """Of the period, and of the one before."""
    found = {row.is_current: _figures(row) for row in sums if row.which == _ALL}
    return found.get(True, NOTHING), found.get(False, NOTHING)


def _cut(sums: Sequence[Row[Any]], which: int, column: str, names: Names) -> list[CutRow]:
    """The rows of one cut, the largest first; those that only the period before had come last."""
    now: dict[Any, Figures] = {}
    before: dict[Any, Figures] = {}
    for row in sums:
        if row.which == which:
            (now if row.is_current else before)[getattr(row, column)] = _figures(row)
    keys = sorted(now.keys() | before.keys(), key=lambda key: _size(now, before, key))
    rows = []
    for key in keys:
        name_vi, name_en = names.get((column, key), (None, None))
        figures, previous = now.get(key, NOTHING), before.get(key, NOTHING)
        rows.append(CutRow(str(key), name_vi, name_en, figures, previous))
    return rows


def _size(now: dict[Any, Figures], before: dict[Any, Figures], key: object) -> tuple[int, int, str]:
    return -now.get(key, NOTHING).net_minor, -before.get(key, NOTHING).net_minor, str(key)


def _among(column: Any, name: str) -> ColumnElement[bool]:  # noqa: ANN401 - any key
    found: ColumnElement[bool] = column == func.any(bindparam(name, type_=ARRAY(BigInteger)))
    return found


NAMED: Final = Question(
    select(literal("product_id"), Product.id, Product.name_vi, Product.name_en)
    .where(_among(Product.id, "products"))
    .union_all(
        select(literal("category_id"), Category.id, Category.name_vi, Category.name_en).where(
            _among(Category.id, "categories")
        )
    )
)


def _names(sums: Sequence[Row[Any]]) -> Names:
    """What the keys of the cuts are called, in both languages."""
    products = {row.product_id for row in sums if row.which == _PRODUCT}
    categories = {row.category_id for row in sums if row.which == _CATEGORY}
    provinces = {row.buyer_province_code for row in sums if row.which == _PROVINCE}
    names: Names = {
        (cut, key): (name_vi, name_en or name_vi)
        for cut, key, name_vi, name_en in NAMED.ask(
            products=list(products), categories=list(categories)
        )
    }
    for code in provinces:
        province = geography.province(code)
        names["buyer_province_code", code] = (province.name, province.name_en)
    return names


PAYOUTS: Final = Question(
    select(
        select(func.coalesce(func.sum(Payout.amount_minor), 0))
        .where(
            Payout.organisation_id == bindparam("organisation_id"),
            Payout.paid_on >= bindparam("first"),
            Payout.paid_on < bindparam("end"),
        )
        .scalar_subquery(),
        select(func.coalesce(-func.sum(LedgerPosting.amount_minor), 0))
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.code == bindparam("payable"))
        .scalar_subquery(),
    )
)


def _payouts(query: RevenueQuery) -> tuple[int, int]:
    """What was paid out in the period, and what is outstanding now, in đồng."""
    months = query.months
    [row] = PAYOUTS.ask(
        organisation_id=query.organisation_id,
        first=months.first,
        end=add_months(months.last, 1),
        payable=f"org:{query.organisation_id}:payable",
    )
    return int(row[0]), int(row[1])
