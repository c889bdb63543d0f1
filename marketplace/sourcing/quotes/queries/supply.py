"""What sellers can offer: their products with what is free in the months that are asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from marketplace.platform.database import session
from models.accounts import Organisation, VerificationState
from models.catalogue import Product, ProductState
from models.supply import HoldPurpose, Supply, SupplyHold
from models.unions import UnionMembership, UnionMembershipState


@dataclass(frozen=True, slots=True)
class SupplyChoice:
    """A product and grade of a supply book, with grams by month that are free for a quote."""

    organisation_id: int
    product_id: int
    grade: str
    name_vi: str
    name_en: str
    free: Mapping[date, int]

    @property
    def value(self) -> str:
        """How forms name it."""
        return f"{self.product_id}|{self.grade}"


@dataclass(frozen=True, slots=True)
class UnionMember:
    """A verified cooperative that is a member of a union today."""

    id: int
    code: str
    name: str


def supply_choices(
    seller_ids: Collection[int], months: Collection[date], *, quote: str = ""
) -> list[SupplyChoice]:
    """What of the books of sellers is on sale and foreseen for these months; one statement.

    What the quote named `quote` holds already counts as free for it.
    """
    own = (
        select(func.coalesce(func.sum(SupplyHold.grams), 0))
        .where(
            SupplyHold.supply_id == Supply.id,
            SupplyHold.purpose == HoldPurpose.QUOTE,
            SupplyHold.reference == quote,
            SupplyHold.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Supply.organisation_id,
            Supply.product_id,
            Supply.grade,
            Product.name_vi,
            Product.name_en,
            Supply.month,
            Supply.forecast_g - Supply.held_g - Supply.contracted_g + own,
        )
        .join(Product, Product.id == Supply.product_id)
        .where(
            Supply.organisation_id.in_(seller_ids),
            Supply.month.in_(months),
            Product.state == ProductState.PUBLISHED,
        )
        .order_by(Product.name_vi, Supply.product_id, Supply.grade, Supply.month)
    )
    found: dict[tuple[int, str], SupplyChoice] = {}
    free: dict[tuple[int, str], dict[date, int]] = {}
    for seller_id, product_id, grade, name_vi, name_en, month, grams in rows:
        key = (product_id, grade)
        free.setdefault(key, {})[month] = int(grams)
        found[key] = SupplyChoice(seller_id, product_id, grade, name_vi, name_en, free[key])
    return list(found.values())


def members_of_union(union_id: int) -> list[UnionMember]:
    """The cooperatives that a union may lead today, by name; one statement."""
    rows = session.execute(
        select(Organisation.id, Organisation.code, Organisation.short_name)
        .join(UnionMembership, UnionMembership.member_id == Organisation.id)
        .where(
            UnionMembership.union_id == union_id,
            UnionMembership.state == UnionMembershipState.ACTIVE,
            Organisation.verification == VerificationState.VERIFIED,
        )
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [UnionMember(*row) for row in rows]
