"""Claiming certificates, and whether everybody may see their papers."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.certification import queries, rules
from marketplace.certification.errors import AlreadyClaimedError, PaperMissingError
from marketplace.certification.operations.land import link_plots, plots_meant
from marketplace.certification.operations.scope import link_products, require_products_of
from marketplace.certification.operations.telling import facts_of
from marketplace.certification.rules import Claim
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.certification import Certificate, CertificateState
from models.media import FileKind, MediaFile

LIVE = (CertificateState.CLAIMED, CertificateState.VERIFIED, CertificateState.EXPIRED)
"""The states in which the same paper needs no second claim."""


def claim_certificate(*, actor: Actor, claim: Claim, at: datetime) -> Certificate:
    """Say that an organisation holds a certificate; the alliance will look at its paper.

    Raises:
        NotAllowedError: the actor may not speak for the organisation.
        UnknownSchemeError, WrongLevelError, NumberMissingError, IssuerMissingError,
        WrongDatesError, TooLongError, WrongExtentError, PaperMissingError: see
        `rules.require_sound`.
        ForeignProductError: a product belongs to somebody else.
        UnknownLandError, UnknownGrowingAreaError: the organisation has no such plot or area.
        AlreadyClaimedError: the same paper waits or is verified already.
    """
    authorize(actor, Permission.CERTIFICATE_CLAIM, claim)
    rules.require_sound(claim)
    _require_own_paper(claim)
    require_products_of(claim.organisation_id, claim.product_ids)
    plot_ids = plots_meant(claim.organisation_id, claim.land)
    number = " ".join(claim.number.split())
    _require_new(claim, number)
    certificate = Certificate(
        organisation_id=claim.organisation_id,
        scheme_code=claim.scheme_code,
        level=claim.level,
        number=number,
        issuer=" ".join(claim.issuer.split()),
        issued_on=claim.issued_on,
        valid_from=claim.valid_from,
        valid_to=claim.last_day,
        scope=claim.scope.strip(),
        facility=" ".join(claim.extent.facility.split()),
        area_m2=claim.extent.area_m2,
        yearly_g=claim.extent.yearly_g,
        file_id=claim.file_id,
        state=CertificateState.CLAIMED,
        claimed_at=at,
    )
    session.add(certificate)
    session.flush()
    link_products(certificate.id, claim.product_ids)
    link_plots(certificate.id, plot_ids)
    record(
        actor=actor,
        action="certification.claim_certificate",
        subject_kind="certificate",
        subject_id=certificate.id,
        at=at,
        after=facts_of(certificate)
        | {"product_ids": sorted(set(claim.product_ids)), "plot_ids": sorted(plot_ids)},
    )
    return certificate


def share_paper(*, actor: Actor, certificate_id: int, is_shown: bool, at: datetime) -> Certificate:
    """Say whether everybody may see the paper on the certificate's public page.

    Raises:
        CertificateNotFoundError: there is none.
        NotAllowedError: the actor does not speak for the holder.
    """
    certificate = queries.lock_certificate(certificate_id)
    authorize(actor, Permission.CERTIFICATE_CLAIM, certificate)
    if certificate.holder_shows_file == is_shown:
        return certificate
    certificate.holder_shows_file = is_shown
    record(
        actor=actor,
        action="certification.share_paper",
        subject_kind="certificate",
        subject_id=certificate_id,
        at=at,
        before={"holder_shows_file": not is_shown},
        after={"holder_shows_file": is_shown},
    )
    return certificate


def _require_own_paper(claim: Claim) -> None:
    paper = session.get(MediaFile, claim.file_id)
    if (
        paper is None
        or paper.organisation_id != claim.organisation_id
        or paper.kind != FileKind.PAPER
    ):
        raise PaperMissingError(field="file")


def _require_new(claim: Claim, number: str) -> None:
    lock_key("certificate", f"{claim.organisation_id}:{claim.scheme_code}:{number.casefold()}")
    same = session.scalars(
        select(Certificate.id).where(
            Certificate.organisation_id == claim.organisation_id,
            Certificate.scheme_code == claim.scheme_code,
            Certificate.number == number,
            Certificate.valid_from == claim.valid_from,
            Certificate.state.in_(LIVE),
        )
    ).first()
    if same is not None:
        raise AlreadyClaimedError(certificate_id=same, number=number)
