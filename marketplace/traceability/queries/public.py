"""The public page behind a code."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.platform.database import session
from marketplace.traceability.errors import LotNotFoundError
from marketplace.traceability.queries import parts
from models.accounts import Organisation, VerificationState
from models.catalogue import Product, ProductState
from models.traceability import Lot


@dataclass(frozen=True, slots=True)
class LotPage:
    """All that a lot's public page says. The plot's name is not among it: plots are people's.

    Attributes:
        is_on_sale: whether buyers can see the product.
        verified_by: the alliance that checked the cooperative, if one has.
    """

    lot_id: int
    code: str
    harvested_on: date
    packed_on: date | None
    best_before_on: date | None
    province_code: str
    commune_code: str | None
    growing_area_code: str
    quantity_g: int
    note_vi: str
    note_en: str
    product_slug: str
    product_vi: str
    product_en: str
    cover_sha256: str | None
    is_on_sale: bool
    cooperative_slug: str
    cooperative_name: str
    cooperative_short_name: str
    cooperative_is_verified: bool
    verified_at: datetime | None
    verified_by: str | None
    events: tuple[parts.TraceEvent, ...]
    certificates: tuple[parts.TraceCertificate, ...]
    photos: tuple[parts.TracePhoto, ...]


def lot_page(code: str, *, on: date) -> LotPage:
    """The public page of the lot with this code; one statement.

    Args:
        code: as it is printed; see `rules.read_lot_code` for what people type.
        on: today in Việt Nam, for saying which certificates still hold.

    Raises:
        LotNotFoundError: there is none, or its product was never published.
    """
    alliance = aliased(Organisation)
    row = session.execute(
        select(
            Lot.id,
            Lot.code,
            Lot.harvested_on,
            Lot.packed_on,
            Lot.best_before_on,
            Lot.province_code,
            Lot.commune_code,
            Lot.growing_area_code,
            Lot.quantity_g,
            Lot.note_vi,
            Lot.note_en,
            Product.slug,
            Product.name_vi,
            Product.name_en,
            Product.cover_sha256,
            Product.state == ProductState.PUBLISHED,
            Organisation.slug,
            Organisation.name,
            Organisation.short_name,
            Organisation.verification == VerificationState.VERIFIED,
            Organisation.verified_at,
            alliance.name,
            *parts.columns(),
        )
        .join(Product, Product.id == Lot.product_id)
        .join(Organisation, Organisation.id == Lot.organisation_id)
        .outerjoin(alliance, alliance.id == Organisation.verified_by_id)
        .where(Lot.code == code, Product.published_at.is_not(None))
    ).one_or_none()
    if row is None:
        raise LotNotFoundError(lot_code=code)
    values: list[Any] = [*row[: -parts.COLUMNS], *parts.read(row[-parts.COLUMNS :], on)]
    return LotPage(*values)


def require_lot_code(code: str) -> None:
    """Return if there is a public lot with this code.

    Raises:
        LotNotFoundError: there is none.
    """
    found = session.scalar(
        select(Lot.id)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.code == code, Product.published_at.is_not(None))
    )
    if found is None:
        raise LotNotFoundError(lot_code=code)
