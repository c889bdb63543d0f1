"""What everybody may read of a certificate: one that was verified once, whatever became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from marketplace.certification.errors import CertificateNotFoundError
from marketplace.certification.queries.land import counts_for_goods_on_sale
from marketplace.certification.rules import Extent, shown_state
from marketplace.certification.schemes import Scheme, badge_label, scheme
from marketplace.platform.database import session
from marketplace.platform.reading import read
from models.accounts import Organisation, VerificationState
from models.catalogue import Product, ProductCertificate, ProductState
from models.certification import (
    PUBLIC,
    Certificate,
    CertificateCheck,
    CertificatePlot,
    CertificateState,
)
from models.media import MediaFile
from models.membership import Plot
from models.platform import StateChange


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """A product that a certificate covers. `slug` leads to its page while it is on sale.

    `has_lot`: goods on sale bear it out; False of one that names plots if no lot from them can be
    bought now.
    """

    name_vi: str
    name_en: str
    slug: str
    is_on_sale: bool
    has_lot: bool


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A check or a decision, by an organisation, never by a person.

    Attributes:
        word: the kind of a check ("document", "register") or the state that was reached.
        is_check: which of the two.
        at: when.
        by_name: the organisation; None for what came by itself.
        text: what a check looked at, or why a certificate was taken back.
    """

    word: str
    is_check: bool
    at: datetime
    by_name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class PublicHeld:
    """A certificate among those of its holder.

    Attributes:
        shown: how it stands today.
        verified_at: when the alliance verified it last.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    shown: str
    verified_at: datetime | None

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.scheme_code, self.level, locale)


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """Everything on the public page of a certificate. `shown` is how it stands today.

    Of the plots that it names everybody may know how many there are and in which communes
    (`communes`: province and commune), but neither which ones nor whose.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    issued_on: date | None
    valid_from: date
    valid_to: date | None
    scope: str
    extent: Extent
    reason: str
    has_paper: bool
    holder_name: str
    holder_name_en: str | None
    holder_slug: str
    is_holder_open: bool
    province_code: str
    shown: str
    products: tuple[PublicProduct, ...]
    steps: tuple[PublicStep, ...]
    plot_count: int
    communes: tuple[tuple[str, str | None], ...]

    @property
    def scheme(self) -> Scheme:
        """Its scheme."""
        return scheme(self.scheme_code)

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.scheme_code, self.level, locale)


def public_certificate(certificate_id: int, *, today: date) -> PublicCertificate:
    """A certificate as everybody may read it: four statements.

    Raises:
        CertificateNotFoundError: there is none, or it was never verified.
    """
    found = session.execute(
        select(
            Certificate,
            Organisation.name,
            Organisation.name_en,
            Organisation.slug,
            Organisation.verification,
            Organisation.province_code,
            _plots(),
        )
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.id == certificate_id, Certificate.state.in_(PUBLIC))
    ).one_or_none()
    if found is None:
        raise CertificateNotFoundError(certificate_id=certificate_id)
    certificate, name, name_en, slug, verification, province_code, plots = found
    is_revoked = certificate.state == CertificateState.REVOKED
    return PublicCertificate(
        id=certificate.id,
        scheme_code=certificate.scheme_code,
        level=certificate.level,
        number=certificate.number,
        issuer=certificate.issuer,
        issued_on=certificate.issued_on,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        scope=certificate.scope,
        extent=Extent(certificate.facility, certificate.area_m2, certificate.yearly_g),
        reason=certificate.decision_note if is_revoked else "",
        has_paper=certificate.holder_shows_file and certificate.file_id is not None,
        holder_name=name,
        holder_name_en=name_en,
        holder_slug=slug,
        is_holder_open=verification == VerificationState.VERIFIED,
        province_code=province_code,
        shown=shown_state(certificate.state, certificate.valid_from, certificate.valid_to, today),
        products=_products(certificate_id, today),
        steps=_steps(certificate_id),
        plot_count=len(plots or ()),
        communes=tuple(sorted({(place[0], place[1]) for place in plots or ()}, key=_by_code)),
    )


def _plots() -> ScalarSelect[Any]:
    """Where each of its plots lies, as JSON."""
    return (
        select(func.json_agg(func.json_build_array(Plot.province_code, Plot.commune_code)))
        .join(CertificatePlot, CertificatePlot.plot_id == Plot.id)
        .where(CertificatePlot.certificate_id == Certificate.id)
        .correlate(Certificate)
        .scalar_subquery()
    )


def _by_code(place: tuple[str, str | None]) -> tuple[str, str]:
    return place[0], place[1] or ""


def public_addresses(limit: int, offset: int) -> list[tuple[int, datetime]]:
    """The certificates that everybody may read, oldest first: id, and when it last changed."""
    rows = session.execute(
        select(Certificate.id, func.coalesce(Certificate.decided_at, Certificate.claimed_at))
        .where(Certificate.state.in_(PUBLIC))
        .order_by(Certificate.id)
        .limit(limit)
        .offset(offset)
    )
    return [(certificate_id, at) for certificate_id, at in rows]


def public_count() -> int:
    """How many certificates everybody may read."""
    return (
        session.scalar(
            select(func.count()).select_from(Certificate).where(Certificate.state.in_(PUBLIC))
        )
        or 0
    )


def public_certificates_of(organisation_id: int, *, today: date) -> list[PublicHeld]:
    """Every certificate of an organisation that was verified once; one statement.

    Those that hold today come first, then by their end.
    """
    verified_at = (
        select(func.max(StateChange.at))
        .where(
            StateChange.subject_kind == "certificate",
            StateChange.subject_id == Certificate.id,
            StateChange.to_state == CertificateState.VERIFIED,
        )
        .correlate(Certificate)
        .scalar_subquery()
    )
    rows = read(
        select(
            Certificate.id,
            Certificate.scheme_code,
            Certificate.level,
            Certificate.number,
            Certificate.issuer,
            Certificate.valid_from,
            Certificate.valid_to,
            Certificate.state,
            verified_at,
        )
        .where(Certificate.organisation_id == organisation_id, Certificate.state.in_(PUBLIC))
        .order_by(Certificate.valid_to.desc().nulls_first(), Certificate.id)
    )
    held = []
    for row in rows:
        shown = shown_state(row.state, row.valid_from, row.valid_to, today)
        values: list[Any] = [*row[:7], shown, row[8]]
        held.append(PublicHeld(*values))
    return sorted(held, key=lambda one: one.shown in {"expired", "revoked"})


def public_paper(certificate_id: int) -> MediaFile:
    """The paper of a certificate, if its holder shows it to everybody.

    Raises:
        CertificateNotFoundError: there is none, it was never verified, or it is not shown.
    """
    paper = session.scalars(
        select(MediaFile)
        .join(Certificate, Certificate.file_id == MediaFile.id)
        .where(
            Certificate.id == certificate_id,
            Certificate.state.in_(PUBLIC),
            Certificate.holder_shows_file,
        )
    ).one_or_none()
    if paper is None:
        raise CertificateNotFoundError(certificate_id=certificate_id)
    return paper


def _products(certificate_id: int, today: date) -> tuple[PublicProduct, ...]:
    is_on_sale = Product.state == ProductState.PUBLISHED
    return tuple(
        PublicProduct(*row)
        for row in session.execute(
            select(
                Product.name_vi,
                Product.name_en,
                Product.slug,
                is_on_sale,
                counts_for_goods_on_sale(today),
            )
            .join(ProductCertificate, ProductCertificate.product_id == Product.id)
            .where(
                ProductCertificate.certificate_id == certificate_id,
                Product.state != ProductState.DRAFT,
            )
            .order_by(Product.name_vi, Product.id)
        )
    )


def _steps(certificate_id: int) -> tuple[PublicStep, ...]:
    checks = [
        PublicStep(kind, True, at, by_name, source)
        for kind, at, by_name, source in session.execute(
            select(
                CertificateCheck.kind,
                CertificateCheck.at,
                Organisation.name,
                CertificateCheck.source,
            )
            .join(Organisation, Organisation.id == CertificateCheck.checker_organisation_id)
            .where(CertificateCheck.certificate_id == certificate_id)
            .order_by(CertificateCheck.id)
        )
    ]
    decisions = [
        PublicStep(
            state, False, at, by_name, (reason or "") if state == CertificateState.REVOKED else ""
        )
        for state, at, by_name, reason in session.execute(
            select(StateChange.to_state, StateChange.at, Organisation.name, StateChange.reason)
            .outerjoin(Organisation, Organisation.id == StateChange.actor_organisation_id)
            .where(
                StateChange.subject_kind == "certificate",
                StateChange.subject_id == certificate_id,
            )
            .order_by(StateChange.id)
        )
    ]
    return tuple(sorted([*checks, *decisions], key=lambda step: step.at))
