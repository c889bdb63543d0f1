"""Figures for the front page, and the addresses for search engines."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.catalogue.storefront.conditions import (
    ON_SALE,
    organisation,
    organisations,
    product,
    products,
)
from marketplace.catalogue.storefront.cooperatives import MARKET
from marketplace.platform.reading import read
from models.traceability import Lot


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the market is."""

    cooperatives: int
    provinces: int
    lots: int


@dataclass(frozen=True, slots=True)
class Address:
    """A page for search engines: its slug and when it last changed, if that is known."""

    slug: str
    changed_at: datetime | None


def figures() -> Figures:
    """How many verified sellers there are, from how many provinces, with how many lots."""
    [row] = read(
        select(
            func.count(),
            func.count(organisation.province_code.distinct()),
            select(func.count()).select_from(Lot.__table__).scalar_subquery(),
        )
        .select_from(organisations)
        .where(MARKET)
    )
    return Figures(*row)


def product_addresses(limit: int, offset: int = 0) -> list[Address]:
    """The products on sale, oldest first."""
    rows = read(
        select(product.slug, product.updated_at)
        .join(organisations, organisation.id == product.organisation_id)
        .where(ON_SALE)
        .order_by(product.id)
        .limit(limit)
        .offset(offset)
    )
    return [Address(*row) for row in rows]


def product_address_count() -> int:
    """How many products are on sale."""
    [[count]] = read(
        select(func.count())
        .select_from(products)
        .join(organisations, organisation.id == product.organisation_id)
        .where(ON_SALE)
    )
    return int(count)


def cooperative_addresses() -> list[Address]:
    """The verified sellers, oldest first."""
    rows = read(
        select(organisation.slug, organisation.verified_at)
        .select_from(organisations)
        .where(MARKET)
        .order_by(organisation.id)
    )
    return [Address(*row) for row in rows]
