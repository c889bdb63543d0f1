"""Which part of whose revenue book is meant, and the facts behind it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement

from marketplace.reporting.periods import Months, add_months
from models.ledger import RevenueFact, RevenueMonth

CURRENCY: Final = "VND"


@dataclass(frozen=True, slots=True)
class RevenueQuery:
    """Which part of whose book. Cuts that are None take everything."""

    organisation_id: int
    months: Months
    channel: str | None = None
    product_id: int | None = None
    category_id: int | None = None
    province_code: str | None = None


def facts_of(query: RevenueQuery) -> list[ColumnElement[bool]]:
    """The facts behind the figures of a query."""
    return facts_between(query, query.months.first, query.months.last)


def facts_between(query: RevenueQuery, first: date, last: date) -> list[ColumnElement[bool]]:
    """The facts of a query in other months, from the first to the last."""
    return [
        RevenueFact.organisation_id == query.organisation_id,
        RevenueFact.currency == CURRENCY,
        RevenueFact.business_day >= first,
        RevenueFact.business_day < add_months(last, 1),
        *cuts_of(query, RevenueFact),
    ]


def cuts_of(
    query: RevenueQuery, table: type[RevenueMonth | RevenueFact]
) -> list[ColumnElement[bool]]:
    """The cuts of a query, on the months' sums or on the facts."""
    wanted: list[tuple[Any, str | int | None]] = [
        (table.channel, query.channel),
        (table.product_id, query.product_id),
        (table.category_id, query.category_id),
        (table.buyer_province_code, query.province_code),
    ]
    return [column == value for column, value in wanted if value is not None]
