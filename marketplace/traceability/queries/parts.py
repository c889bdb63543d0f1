"""What hangs on a lot: events, certificates, pictures, each aggregated into one column."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm import aliased

from marketplace.kernel.validity import Period
from marketplace.traceability.rules import Absence, Reach, why_absent
from models.catalogue import Category, Product, ProductCertificate
from models.certification import (
    PUBLIC,
    Certificate,
    CertificatePlot,
    CertificateState,
)
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
class AbsentCertificate:
    """A certificate of the product that does not count for the lot.

    Attributes:
        id: leads to its own page.
        is_public: whether everybody may read of it.
        why: the reason.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    is_public: bool
    why: Absence


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

COLUMNS: Final = 4
"""How many columns `columns` adds."""


def columns() -> tuple[ColumnElement[Any], ...]:
    """Columns for a select of lots, as JSON.

    Events oldest first, certificates, pictures, the other certificates of the product.
    """
    return _events(), _certificates(), _photos(), _others()


def read(
    found: Sequence[Any], on: date, harvested_on: date
) -> tuple[
    tuple[TraceEvent, ...],
    tuple[TraceCertificate, ...],
    tuple[TracePhoto, ...],
    tuple[AbsentCertificate, ...],
]:
    """What `columns` brought; `on` is today, for `holds_now`."""
    events, certificates, photos, others = found
    return (
        tuple(_event(item) for item in events or ()),
        tuple(_certificate(item, on) for item in certificates or ()),
        tuple(TracePhoto(*item) for item in photos or ()),
        _absent(others or (), harvested_on),
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


def _others() -> ColumnElement[Any]:
    """The certificates of its product that are not on the lot; of each scheme the last to end.

    A scheme that the lot has is left out: an older paper of it, or one for other plots, is missed
    by nobody. So is what the alliance has refused.
    """
    names = CertificatePlot.certificate_id == Certificate.id
    reach = case(
        (~exists().where(names), Reach.EVERYWHERE.value),
        (Lot.plot_id.is_(None), Reach.UNKNOWN.value),
        (exists().where(names, CertificatePlot.plot_id == Lot.plot_id), Reach.HERE.value),
        else_=Reach.ELSEWHERE.value,
    )
    inherited = aliased(Certificate)
    return (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        Certificate.id,
                        Certificate.scheme_code,
                        Certificate.level,
                        Certificate.number,
                        Certificate.state,
                        Certificate.valid_from,
                        Certificate.valid_to,
                        reach,
                    ),
                    Certificate.scheme_code,
                    Certificate.valid_to.desc().nulls_first(),
                    Certificate.id.desc(),
                )
            )
        )
        .join(ProductCertificate, ProductCertificate.certificate_id == Certificate.id)
        .where(
            ProductCertificate.product_id == Lot.product_id,
            Certificate.state != CertificateState.REJECTED,
            ~exists()
            .where(
                LotCertificate.lot_id == Lot.id,
                LotCertificate.certificate_id == inherited.id,
                inherited.scheme_code == Certificate.scheme_code,
            )
            .correlate(Lot, Certificate),
        )
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


def _absent(items: Sequence[list[Any]], harvested_on: date) -> tuple[AbsentCertificate, ...]:
    found: dict[tuple[str, bool], AbsentCertificate] = {}
    for certificate_id, scheme_code, level, number, state, valid_from, valid_to, reach in items:
        last = date.fromisoformat(valid_to) if valid_to else None
        one = AbsentCertificate(
            id=certificate_id,
            scheme_code=scheme_code,
            level=level,
            number=number,
            is_public=state in PUBLIC,
            why=why_absent(
                state,
                Period(date.fromisoformat(valid_from), last),
                Reach(reach),
                harvested_on=harvested_on,
            ),
        )
        found.setdefault((scheme_code, one.is_public), one)
    return tuple(found.values())


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
