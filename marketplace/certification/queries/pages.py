"""One certificate, for those who check it and those who hold it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.accounts.reach import reaches
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.certification.queries.land import NamedPlot, plots_named
from marketplace.certification.rules import Missing, missing, shown_state
from marketplace.certification.schemes import Scheme, badge_label, scheme
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.accounts import Organisation, User
from models.catalogue import Product, ProductCertificate
from models.certification import Certificate, CertificateCheck
from models.media import MediaFile
from models.platform import StateChange


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
class CheckMade:
    """A check in the history of a certificate."""

    kind: str
    at: datetime
    checker_id: int
    by_name: str
    organisation_name: str
    source: str
    note: str


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
    checks: tuple[CheckMade, ...]
    shown: str
    plots: tuple[NamedPlot, ...]

    @property
    def plots_m2(self) -> int:
        """What the plots that it names measure together, as far as anybody knows."""
        return sum(plot.size_m2 or 0 for plot in self.plots)

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

    @property
    def history(self) -> tuple[CheckMade | Step, ...]:
        """Checks and decisions, one after the other."""
        entries: list[CheckMade | Step] = [*self.checks, *self.steps]
        return tuple(sorted(entries, key=lambda entry: entry.at))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What it still needs before it can be verified."""
        return missing(self.scheme, ((check.kind, check.checker_id) for check in self.checks))

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.certificate.scheme_code, self.certificate.level, locale)


def get_certificate_page(certificate_id: int, *, actor: Actor, today: date) -> CertificatePage:
    """A certificate with its holder, paper, products, checks, history and plots: six statements.

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
    if found is None or not _may_see(actor, found[0], found.province_code):
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
        checks=_checks(certificate_id),
        shown=shown_state(certificate.state, certificate.valid_from, certificate.valid_to, today),
        plots=plots_named(certificate_id),
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


def _checks(certificate_id: int) -> tuple[CheckMade, ...]:
    return tuple(
        CheckMade(*row)
        for row in session.execute(
            select(
                CertificateCheck.kind,
                CertificateCheck.at,
                CertificateCheck.checker_id,
                User.full_name,
                Organisation.name,
                CertificateCheck.source,
                CertificateCheck.note,
            )
            .join(User, User.id == CertificateCheck.checker_id)
            .join(Organisation, Organisation.id == CertificateCheck.checker_organisation_id)
            .where(CertificateCheck.certificate_id == certificate_id)
            .order_by(CertificateCheck.id)
        )
    )


def get_paper(certificate_id: int, *, actor: Actor) -> MediaFile:
    """The paper of a certificate.

    Raises:
        CertificateNotFoundError: there is none, or it is none of the actor's business.
    """
    found = session.execute(
        select(Certificate, MediaFile, Organisation.province_code)
        .join(MediaFile, MediaFile.id == Certificate.file_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()
    if found is None or not _may_see(actor, found[0], found.province_code):
        raise CertificateNotFoundError(certificate_id=certificate_id)
    paper: MediaFile = found[1]
    return paper


def _may_see(actor: Actor, certificate: Certificate, province_code: str) -> bool:
    is_allowed = allows(actor, Permission.CERTIFICATE_FILE_VIEW, certificate)
    return is_allowed and reaches(actor, province_code)


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
