"""Reading certificates."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.certification.rules import CertificateFact, shown_state
from marketplace.certification.schemes import Scheme, badge_label, scheme
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.statements import Question
from models.accounts import Organisation, User
from models.catalogue import Product, ProductCertificate
from models.certification import Certificate, CertificateState
from models.media import MediaFile
from models.platform import StateChange
from models.traceability import Lot, LotCertificate

FACT = (
    Certificate.id,
    Certificate.scheme_code,
    Certificate.level,
    Certificate.number,
    Certificate.issuer,
    Certificate.valid_from,
    Certificate.valid_to,
)


def holds_on(day: date | ColumnElement[date] | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """The certificates in force on `day`, as a condition of SQL."""
    return and_(
        Certificate.state == CertificateState.VERIFIED,
        Certificate.valid_from <= day,
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= day),
    )


OF_PRODUCTS: Final = Question(
    select(ProductCertificate.product_id, *FACT)
    .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
    .where(
        ProductCertificate.product_id
        == func.any(bindparam("product_ids", type_=ARRAY(BigInteger))),
        holds_on(bindparam("day", type_=Date)),
    )
)
OF_LOTS: Final = Question(
    select(LotCertificate.lot_id, *FACT)
    .join(Certificate, Certificate.id == LotCertificate.certificate_id)
    .join(Lot, Lot.id == LotCertificate.lot_id)
    .where(
        LotCertificate.lot_id == func.any(bindparam("lot_ids", type_=ARRAY(BigInteger))),
        holds_on(Lot.harvested_on),
    )
)


def in_force(product_ids: Collection[int], on: date) -> dict[int, list[CertificateFact]]:
    """The certificates that hold for products on the day `on`, in the order of badges.

    One statement. Products without any are left out.
    """
    if not product_ids:
        return {}
    return _facts(OF_PRODUCTS.ask(product_ids=list(product_ids), day=on))


def in_force_for_lots(lot_ids: Collection[int]) -> dict[int, list[CertificateFact]]:
    """The certificates that held for lots on their harvest days, in the order of badges.

    They were linked when the lot was recorded. One that was revoked since is left out: what it
    said was not true. One statement; lots without any are left out.
    """
    if not lot_ids:
        return {}
    return _facts(OF_LOTS.ask(lot_ids=list(lot_ids)))


def _facts(rows: Sequence[Any]) -> dict[int, list[CertificateFact]]:
    facts: defaultdict[int, list[CertificateFact]] = defaultdict(list)
    for subject_id, *columns in rows:
        facts[subject_id].append(CertificateFact(*columns))
    for found in facts.values():
        found.sort(key=lambda fact: (fact.position, -(fact.level or 0), fact.certificate_id))
    return dict(facts)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate in a list. `shown` is the state that people read today."""

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    state: str
    claimed_at: datetime
    organisation_id: int
    organisation_name: str
    province_code: str
    product_count: int
    shown: str

    @property
    def is_shown(self) -> bool:
        """Whether buyers see a badge for it today."""
        return self.shown in {"verified", "expiring"} and scheme(self.scheme_code).is_badge

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.scheme_code, self.level, locale)


ROW = (
    *FACT,
    Certificate.state,
    Certificate.claimed_at,
    Organisation.id,
    Organisation.short_name,
    Organisation.province_code,
    select(func.count())
    .select_from(ProductCertificate)
    .where(ProductCertificate.certificate_id == Certificate.id)
    .correlate(Certificate)
    .scalar_subquery(),
)


def _rows(statement: Select[*tuple[Any, ...]], today: date) -> list[CertificateRow]:
    return [
        CertificateRow(*(*columns, shown_state(columns[7], columns[5], columns[6], today)))
        for columns in session.execute(statement)
    ]


def certificates_of(organisation_id: int, *, today: date) -> list[CertificateRow]:
    """All certificates of an organisation: those that wait first, then by their end, late first."""
    return _rows(
        select(*ROW)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.organisation_id == organisation_id)
        .order_by(
            Certificate.state != CertificateState.CLAIMED,
            Certificate.valid_to.desc().nulls_first(),
            Certificate.id.desc(),
        ),
        today,
    )


def certificates_on(product_id: int, *, today: date) -> list[CertificateRow]:
    """The certificates that are said to cover a product, in any state, in the order of badges."""
    rows = _rows(
        select(*ROW)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .join(ProductCertificate, ProductCertificate.certificate_id == Certificate.id)
        .where(ProductCertificate.product_id == product_id),
        today,
    )
    return sorted(rows, key=lambda row: (scheme(row.scheme_code).position, row.id))


def certificates_in(state: str, *, today: date, limit: int = 200) -> list[CertificateRow]:
    """The certificates of all organisations in one state, longest in it first.

    Decided ones come newest first instead, so that a mistake of a minute ago is on top.
    """
    order: tuple[ColumnElement[Any], ...] = (Certificate.claimed_at.asc(), Certificate.id.asc())
    if state != CertificateState.CLAIMED:
        order = (Certificate.decided_at.desc().nulls_last(), Certificate.id.desc())
    return _rows(
        select(*ROW)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.state == state)
        .order_by(*order)
        .limit(limit),
        today,
    )


def counts_by_state() -> dict[str, int]:
    """How many certificates are in each state, over all organisations."""
    return dict(
        session.execute(select(Certificate.state, func.count()).group_by(Certificate.state)).all()
    )


def next_waiting(after_id: int) -> int | None:
    """The claim that comes after `after_id` in the queue, or the first one; None if none waits."""
    waiting = session.scalars(
        select(Certificate.id)
        .where(Certificate.state == CertificateState.CLAIMED, Certificate.id != after_id)
        .order_by(Certificate.claimed_at, Certificate.id)
        .limit(1)
    )
    return waiting.first()


@dataclass(frozen=True, slots=True)
class CoveredProduct:
    """A product of the holder, and whether the certificate covers it."""

    id: int
    name_vi: str
    name_en: str
    state: str
    is_covered: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state in the history of a certificate."""

    to_state: str
    at: datetime
    by_name: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """Everything on the page of one certificate."""

    certificate: Certificate
    organisation_code: str
    organisation_name: str
    province_code: str
    file: MediaFile | None
    products: tuple[CoveredProduct, ...]
    steps: tuple[Step, ...]
    shown: str

    @property
    def scheme(self) -> Scheme:
        """Its scheme."""
        return scheme(self.certificate.scheme_code)

    @property
    def looks_unusual(self) -> bool:
        """Whether its number looks unlike those of its scheme."""
        return self.scheme.looks_unusual(self.certificate.number)

    @property
    def covered(self) -> tuple[CoveredProduct, ...]:
        """The products that it covers."""
        return tuple(product for product in self.products if product.is_covered)

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.certificate.scheme_code, self.certificate.level, locale)


def get_certificate_page(certificate_id: int, *, actor: Actor, today: date) -> CertificatePage:
    """A certificate with its holder, paper, products and history: four statements.

    Raises:
        CertificateNotFoundError: there is none, or it is none of the actor's business.
    """
    found = session.execute(
        select(
            Certificate,
            Organisation.code,
            Organisation.name,
            Organisation.province_code,
            MediaFile,
        )
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .outerjoin(MediaFile, MediaFile.id == Certificate.file_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()
    if found is None or not allows(actor, Permission.CERTIFICATE_FILE_VIEW, found[0]):
        raise CertificateNotFoundError(certificate_id=certificate_id)
    certificate, code, name, province_code, file = found
    return CertificatePage(
        certificate=certificate,
        organisation_code=code,
        organisation_name=name,
        province_code=province_code,
        file=file,
        products=_products(certificate),
        steps=_steps(certificate_id),
        shown=shown_state(certificate.state, certificate.valid_from, certificate.valid_to, today),
    )


def _products(certificate: Certificate) -> tuple[CoveredProduct, ...]:
    covers = ProductCertificate.certificate_id.is_not(None)
    return tuple(
        CoveredProduct(*row)
        for row in session.execute(
            select(Product.id, Product.name_vi, Product.name_en, Product.state, covers)
            .outerjoin(
                ProductCertificate,
                and_(
                    ProductCertificate.product_id == Product.id,
                    ProductCertificate.certificate_id == certificate.id,
                ),
            )
            .where(Product.organisation_id == certificate.organisation_id)
            .order_by(Product.name_vi, Product.id)
        )
    )


def _steps(certificate_id: int) -> tuple[Step, ...]:
    return tuple(
        Step(*row)
        for row in session.execute(
            select(StateChange.to_state, StateChange.at, User.full_name, StateChange.reason)
            .outerjoin(User, User.id == StateChange.actor_user_id)
            .where(
                StateChange.subject_kind == "certificate",
                StateChange.subject_id == certificate_id,
            )
            .order_by(StateChange.id)
        )
    )


def get_paper(certificate_id: int, *, actor: Actor) -> MediaFile:
    """The paper of a certificate.

    Raises:
        CertificateNotFoundError: there is none, or it is none of the actor's business.
    """
    found = session.execute(
        select(Certificate, MediaFile)
        .join(MediaFile, MediaFile.id == Certificate.file_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()
    if found is None or not allows(actor, Permission.CERTIFICATE_FILE_VIEW, found[0]):
        raise CertificateNotFoundError(certificate_id=certificate_id)
    paper: MediaFile = found[1]
    return paper


def products_to_cover(organisation_id: int) -> list[CoveredProduct]:
    """The products that a new certificate of an organisation could cover; it covers none yet."""
    rows = session.execute(
        select(Product.id, Product.name_vi, Product.name_en, Product.state)
        .where(Product.organisation_id == organisation_id)
        .order_by(Product.name_vi, Product.id)
    )
    return [
        CoveredProduct(row.id, row.name_vi, row.name_en, row.state, is_covered=False)
        for row in rows
    ]


def lock_certificate(certificate_id: int) -> Certificate:
    """A certificate that is about to change.

    Raises:
        CertificateNotFoundError: there is none.
    """
    certificate = lock_one(select(Certificate).where(Certificate.id == certificate_id))
    if certificate is None:
        raise CertificateNotFoundError(certificate_id=certificate_id)
    return certificate
