"""Whom somebody may offer a contract to, and about which goods."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from marketplace.platform.database import session
from models.accounts import SELLER_KINDS, Organisation, OrganisationKind, VerificationState
from models.catalogue import Product, ProductState


class Goods(NamedTuple):
    """A product that is on sale."""

    id: int
    name_vi: str
    name_en: str


def find_partner(text: str, *, sells: bool) -> Organisation | None:
    """A verified seller, or a verified enterprise, by its code or tax code; or None."""
    kinds = SELLER_KINDS if sells else (OrganisationKind.ENTERPRISE,)
    bare = text.strip()
    return session.scalar(
        select(Organisation).where(
            or_(Organisation.code == bare.upper(), Organisation.tax_code == bare),
            Organisation.kind.in_(kinds),
            Organisation.verification == VerificationState.VERIFIED,
        )
    )


def goods_of(seller_id: int) -> Sequence[Goods]:
    """What a seller has on sale, by name."""
    rows = session.execute(
        select(Product.id, Product.name_vi, Product.name_en)
        .where(Product.organisation_id == seller_id, Product.state == ProductState.PUBLISHED)
        .order_by(Product.name_vi, Product.id)
    )
    return [Goods(*row) for row in rows]


def find_goods(product_id: int) -> Product | None:
    """A product by its id."""
    return session.get(Product, product_id)
