"""What hangs on a lot: events, certificates, pictures, each aggregated into one column."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm import aliased

from models.catalogue import Category, Product
from models.certification import Certificate, CertificateState
from models.media import MediaFile
from models.traceability import Lot, LotCertificate, LotEvent, LotPhoto


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """Something that was done to a lot."""

    kind: str
    happened_on: date
    title_vi: str
    title_en: str
    detail_vi: str
    detail_en: str


@dataclass(frozen=True, slots=True)
class TraceCertificate:
    """A certificate that was in force when the lot was harvested.

    Attributes:
        id: leads to its own page.
        state: what the alliance says of it now.
        valid_to: its last day; None: without end.
        holds_now: whether it is still verified and in date.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    state: str
    valid_to: date | None
    holds_now: bool


@dataclass(frozen=True, slots=True)
class TracePhoto:
    """A picture of a lot."""

    sha256: str
    width: int | None
    height: int | None


_above = aliased(Category)
CATEGORY: Final = (
    select(
        case(
            (_above.slug.is_(None), array([Category.slug])),
            else_=array([Category.slug, _above.slug]),
        )
    )
    .select_from(Category)
    .outerjoin(_above, _above.id == Category.parent_id)
    .where(Category.id == Product.category_id)
    .correlate(Product)
    .scalar_subquery()
)
"""The slugs of a product's category and of the one above it; see `origins.origin_of`."""

COLUMNS: Final = 3
"""How many columns `columns` adds."""


def columns() -> tuple[ColumnElement[Any], ...]:
    """Columns for a select of lots: events oldest first, certificates, pictures, as JSON."""
    return _events(), _certificates(), _photos()


def read(
    found: Sequence[Any], on: date
) -> tuple[tuple[TraceEvent, ...], tuple[TraceCertificate, ...], tuple[TracePhoto, ...]]:
    """What `columns` brought; `on` is today, for `holds_now`."""
    events, certificates, photos = found
    return (
        tuple(_event(item) for item in events or ()),
        tuple(_certificate(item, on) for item in certificates or ()),
        tuple(TracePhoto(*item) for item in photos or ()),
    )


def _events() -> ColumnElement[Any]:
    return (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        LotEvent.kind,
                        LotEvent.happened_on,
                        LotEvent.title_vi,
                        LotEvent.title_en,
                        LotEvent.detail_vi,
                        LotEvent.detail_en,
                    ),
                    LotEvent.happened_on,
                    LotEvent.id,
                )
            )
        )
        .where(LotEvent.lot_id == Lot.id)
        .correlate(Lot)
        .scalar_subquery()
    )


def _certificates() -> ColumnElement[Any]:
    return (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        Certificate.id,
                        Certificate.scheme_code,
                        Certificate.level,
                        Certificate.number,
                        Certificate.issuer,
                        Certificate.state,
                        Certificate.valid_from,
                        Certificate.valid_to,
                    ),
                    Certificate.scheme_code,
                    Certificate.id,
                )
            )
        )
        .join(LotCertificate, LotCertificate.certificate_id == Certificate.id)
        .where(LotCertificate.lot_id == Lot.id)
        .correlate(Lot)
        .scalar_subquery()
    )


def _photos() -> ColumnElement[Any]:
    return (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(MediaFile.sha256, MediaFile.width, MediaFile.height),
                    LotPhoto.position,
                    LotPhoto.id,
                )
            )
        )
        .join(MediaFile, MediaFile.id == LotPhoto.file_id)
        .where(LotPhoto.lot_id == Lot.id)
        .correlate(Lot)
        .scalar_subquery()
    )


def _event(item: list[str]) -> TraceEvent:
    kind, happened_on, *words = item
    return TraceEvent(kind, date.fromisoformat(happened_on), *words)


def _certificate(item: list[Any], on: date) -> TraceCertificate:
    certificate_id, scheme_code, level, number, issuer, state, valid_from, valid_to = item
    last = date.fromisoformat(valid_to) if valid_to else None
    holds = state == CertificateState.VERIFIED and date.fromisoformat(valid_from) <= on
    return TraceCertificate(
        id=certificate_id,
        scheme_code=scheme_code,
        level=level,
        number=number,
        issuer=issuer,
        state=state,
        valid_to=last,
        holds_now=holds and (last is None or on <= last),
    )
