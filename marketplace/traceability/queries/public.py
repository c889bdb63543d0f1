"""The public page behind a code."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from marketplace.platform.database import session
from marketplace.platform.statements import Question
from marketplace.traceability.errors import LotNotFoundError
from marketplace.traceability.origins import Origin, origin_of
from marketplace.traceability.queries import parts
from marketplace.traceability.rules import read_lot_code
from models.accounts import Organisation, VerificationState
from models.catalogue import Product, ProductState
from models.inventory import LotStock
from models.membership import Household, Plot
from models.traceability import Lot, LotEvent

RECENT: Final = 200
"""Among so many of the latest lots the one to show is looked for."""

HARVESTED_ON: Final = 2
"""Where the day of harvest stands among the columns of `LotPage`."""


@dataclass(frozen=True, slots=True)
class LotPage:
    """All that a lot's public page says. The plot is not among it: plots are people's.

    Attributes:
        has_member: whether a member of the cooperative grew it.
        member_name: their name, if they have agreed to be named; else None.
        origin: what happened on the day `harvested_on`.
        is_on_sale: whether buyers can see the product.
        verified_by: the alliance that checked the cooperative, if one has.
        absent: the certificates of its product that do not count for it, as far as everybody may
            read of them.
    """

    lot_id: int
    code: str
    harvested_on: date
    packed_on: date | None
    best_before_on: date | None
    province_code: str
    commune_code: str | None
    growing_area_code: str
    has_member: bool
    member_name: str | None
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
    origin: Origin
    events: tuple[parts.TraceEvent, ...]
    certificates: tuple[parts.TraceCertificate, ...]
    photos: tuple[parts.TracePhoto, ...]
    absent: tuple[parts.AbsentCertificate, ...]


def lot_page(code: str, *, on: date) -> LotPage:
    """The public page of the lot with this code; one statement.

    Args:
        code: as it is printed; see `rules.read_lot_code` for what people type.
        on: today in Việt Nam, for saying which certificates still hold.

    Raises:
        LotNotFoundError: there is none, or its product was never published.
    """
    found = LOT.ask(code=code)
    if not found:
        raise LotNotFoundError(lot_code=code)
    return _page(found[0], on)


def lot_with_most_to_tell(*, on: date) -> LotPage | None:
    """The lot on sale with the most events, the latest harvest of those; None on an empty market.

    Args:
        on: today in Việt Nam.
    """
    found = TOLD.ask()
    return _page(found[0], on) if found else None


def find_lot_code(typed: str) -> str | None:
    """The code of the public lot that somebody means; None if there is none."""
    return session.scalar(
        select(Lot.code)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.code == read_lot_code(typed), Product.published_at.is_not(None))
    )


def _lots() -> Any:  # noqa: ANN401 - a select of `LotPage` and `parts`
    alliance = aliased(Organisation)
    return (
        select(
            Lot.id,
            Lot.code,
            Lot.harvested_on,
            Lot.packed_on,
            Lot.best_before_on,
            Lot.province_code,
            Lot.commune_code,
            Lot.growing_area_code,
            Plot.id.is_not(None),
            case((~Household.is_hidden, Household.name)),
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
            parts.CATEGORY,
            *parts.columns(),
        )
        .join(Product, Product.id == Lot.product_id)
        .join(Organisation, Organisation.id == Lot.organisation_id)
        .outerjoin(alliance, alliance.id == Organisation.verified_by_id)
        .outerjoin(Plot, Plot.id == Lot.plot_id)
        .outerjoin(Household, Household.id == Plot.household_id)
        .where(Product.published_at.is_not(None))
    )


_told = (
    select(func.count())
    .select_from(LotEvent)
    .where(LotEvent.lot_id == Lot.id)
    .correlate(Lot)
    .scalar_subquery()
)
LOT: Final = Question(_lots().where(Lot.code == bindparam("code")))
TOLD: Final = Question(
    _lots()
    .join(LotStock, LotStock.lot_id == Lot.id)
    .where(
        Product.state == ProductState.PUBLISHED,
        Organisation.verification == VerificationState.VERIFIED,
        LotStock.on_hand_g > LotStock.held_g,
        Lot.id.in_(select(Lot.id).order_by(Lot.id.desc()).limit(RECENT)),
    )
    .order_by(_told.desc(), Lot.harvested_on.desc(), Lot.id.desc())
    .limit(1)
)


def _page(row: Any, on: date) -> LotPage:  # noqa: ANN401 - a row of `_lots`
    *facts, category = row[: -parts.COLUMNS]
    *hung, absent = parts.read(row[-parts.COLUMNS :], on, facts[HARVESTED_ON])
    public = tuple(one for one in absent if one.is_public)
    values: list[Any] = [*facts, origin_of(category), *hung, public]
    return LotPage(*values)
