"""Cooperatives as buyers meet them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, literal, select

from marketplace.catalogue.storefront.conditions import (
    HOLDS,
    certificate,
    certificates,
    organisation,
    organisations,
    product,
    products,
)
from marketplace.catalogue.storefront.page import Delivery, Proof
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.translation import mark
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.reading import read
from models.accounts import SELLER_KINDS, DeliverySettings, Organisation, VerificationState
from models.catalogue import ProductState
from models.media import MediaFile

PAGE_SIZE: Final = 24


class CooperativeNotFoundError(NotFoundError):
    """There is no such seller, or the alliance has not verified it."""

    code = "catalogue.cooperative_not_found"
    message = mark("Không tìm thấy hợp tác xã này.")


@dataclass(frozen=True, slots=True)
class CooperativeCard:
    """A seller in a list."""

    id: int
    slug: str
    name: str
    short_name: str
    kind: str
    province_code: str
    tagline_vi: str
    tagline_en: str
    member_count: int | None
    product_count: int
    cover_sha256: str | None


@dataclass(frozen=True, slots=True)
class CooperativePage:
    """A seller's own page."""

    id: int
    code: str
    slug: str
    kind: str
    name: str
    name_en: str | None
    short_name: str
    tax_code: str | None
    province_code: str
    commune_code: str | None
    address: str
    phone: str | None
    founded_on: date | None
    member_count: int | None
    tagline_vi: str
    tagline_en: str
    story_vi: str
    story_en: str
    verified_at: datetime | None
    verified_by: str | None
    brand: str
    logo_sha256: str | None
    cover_sha256: str | None
    delivery: Delivery | None
    proofs: tuple[Proof, ...]


MARKET: Final = and_(
    organisation.kind.in_(sorted(SELLER_KINDS)),
    organisation.verification == VerificationState.VERIFIED,
)
delivery = DeliverySettings.__table__.c
_files = MediaFile.__table__
_alliance = Organisation.__table__.alias("alliance")
_published = and_(
    product.organisation_id == organisation.id, product.state == ProductState.PUBLISHED
)
_count = (
    select(func.count())
    .select_from(products)
    .where(_published)
    .correlate(organisations)
    .scalar_subquery()
)
_cover = (
    select(product.cover_sha256)
    .where(_published, product.cover_sha256.is_not(None))
    .order_by(product.published_at.desc(), product.id.desc())
    .limit(1)
    .correlate(organisations)
    .scalar_subquery()
)
CARDS: Final = select(
    organisation.id,
    organisation.slug,
    organisation.name,
    organisation.short_name,
    organisation.kind,
    organisation.province_code,
    organisation.tagline_vi,
    organisation.tagline_en,
    organisation.member_count,
    _count,
    _cover,
).where(MARKET)


def cooperatives(
    request: PageRequest, *, province_codes: Collection[str] = ()
) -> Page[CooperativeCard]:
    """Verified sellers in alphabetical order; two statements.

    Args:
        request: which page.
        province_codes: only from these; empty: from all.
    """
    wanted = MARKET
    if province_codes:
        wanted = and_(wanted, organisation.province_code.in_(sorted(province_codes)))
    [[total]] = read(select(func.count()).select_from(organisations).where(wanted))
    rows = _cards(
        CARDS.where(wanted)
        .order_by(organisation.sort_key, organisation.id)
        .limit(request.size)
        .offset(request.offset)
    )
    return Page(rows=rows, request=request, total=total)


def cooperatives_by_province() -> dict[str, int]:
    """How many verified sellers each province has; one statement."""
    rows = read(
        select(organisation.province_code, func.count())
        .where(MARKET)
        .group_by(organisation.province_code)
    )
    return {row[0]: row[1] for row in rows}


def cooperatives_of_the_day(today: date, count: int) -> list[CooperativeCard]:
    """Some sellers with something to tell and to sell, others each day; one statement."""
    shuffled = func.md5(organisation.slug + literal(today.isoformat()))
    return _cards(
        CARDS.where(organisation.tagline_vi != "", select(product.id).where(_published).exists())
        .order_by(shuffled)
        .limit(count)
    )


def cooperative_page(slug: str, *, today: date) -> CooperativePage:
    """A seller's page without its products; two statements.

    Raises:
        CooperativeNotFoundError: there is none, or it is not verified.
    """
    found = read(
        select(
            organisation.id,
            organisation.code,
            organisation.slug,
            organisation.kind,
            organisation.name,
            organisation.name_en,
            organisation.short_name,
            organisation.tax_code,
            organisation.province_code,
            organisation.commune_code,
            organisation.address,
            organisation.phone,
            organisation.founded_on,
            organisation.member_count,
            organisation.tagline_vi,
            organisation.tagline_en,
            organisation.story_vi,
            organisation.story_en,
            organisation.verified_at,
            _alliance.c.name,
            organisation.brand,
            _picture(organisation.logo_id),
            _picture(organisation.cover_id),
            delivery.own_region_fee_minor,
            delivery.other_region_fee_minor,
            delivery.free_from_minor,
            delivery.own_region_days,
            delivery.other_region_days,
            delivery.offers_pickup,
            delivery.accepts_cash,
        )
        .select_from(organisations)
        .outerjoin(_alliance, _alliance.c.id == organisation.verified_by_id)
        .outerjoin(DeliverySettings.__table__, delivery.organisation_id == organisation.id)
        .where(MARKET, organisation.slug == slug)
    )
    if not found:
        raise CooperativeNotFoundError(slug=slug)
    [row] = found
    values: list[Any] = [
        *row[:23],
        Delivery(*row[23:]) if row[23] is not None else None,
        _proofs(row[0], today),
    ]
    return CooperativePage(*values)


def _proofs(organisation_id: int, today: date) -> tuple[Proof, ...]:
    rows = read(
        select(
            certificate.id,
            certificate.scheme_code,
            certificate.level,
            certificate.number,
            certificate.issuer,
            certificate.valid_from,
            certificate.valid_to,
        )
        .select_from(certificates)
        .where(certificate.organisation_id == organisation_id, HOLDS)
        .order_by(certificate.id),
        {"today": today},
    )
    return tuple(Proof(*row) for row in rows)


def _picture(file_id: ColumnElement[int | None]) -> ScalarSelect[str]:
    return select(_files.c.sha256).where(_files.c.id == file_id).scalar_subquery()


def _cards(statement: Select[Any]) -> list[CooperativeCard]:
    return [CooperativeCard(*row) for row in read(statement)]
