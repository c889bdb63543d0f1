"""Claiming certificates, deciding about them, taking them back, and what they cover."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.certification import queries, rules
from marketplace.certification.errors import (
    AlreadyClaimedError,
    ForeignCertificateError,
    ForeignProductError,
    PaperMissingError,
    ReasonMissingError,
    ScopeDecidedError,
)
from marketplace.certification.rules import CERTIFICATE, Claim, Verdict
from marketplace.certification.schemes import badge_label
from marketplace.notifications.operations import notify
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all, lock_key
from marketplace.platform.transitions import change_state
from models.accounts import Organisation
from models.catalogue import Product, ProductCertificate
from models.certification import Certificate, CertificateState
from models.media import FileKind, MediaFile

LIVE = (CertificateState.CLAIMED, CertificateState.VERIFIED)


def claim_certificate(*, actor: Actor, claim: Claim, at: datetime) -> Certificate:
    """Say that an organisation holds a certificate; the alliance will look at its paper.

    Raises:
        NotAllowedError: the actor may not speak for the organisation.
        UnknownSchemeError, WrongLevelError, NumberMissingError, IssuerMissingError,
        WrongDatesError, PaperMissingError: see `rules.require_sound`.
        ForeignProductError: a product belongs to somebody else.
        AlreadyClaimedError: the same paper waits or is verified already.
    """
    authorize(actor, Permission.CERTIFICATE_CLAIM, claim)
    rules.require_sound(claim)
    _require_own_paper(claim)
    _require_products_of(claim.organisation_id, claim.product_ids)
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
        valid_to=claim.valid_to,
        scope=claim.scope.strip(),
        file_id=claim.file_id,
        state=CertificateState.CLAIMED,
        claimed_at=at,
    )
    session.add(certificate)
    session.flush()
    _link(certificate.id, claim.product_ids)
    record(
        actor=actor,
        action="certification.claim_certificate",
        subject_kind="certificate",
        subject_id=certificate.id,
        at=at,
        after=_facts(certificate) | {"product_ids": sorted(set(claim.product_ids))},
    )
    return certificate


def decide_certificate(  # noqa: PLR0913 - who, which, what, why, for what, when
    *,
    actor: Actor,
    certificate_id: int,
    verdict: Verdict,
    at: datetime,
    note: str = "",
    product_ids: Collection[int] | None = None,
) -> Certificate:
    """Verify a claim or reject it. The directors of the holder are told.

    Args:
        actor: an officer of an alliance.
        certificate_id: the claim.
        verdict: what the alliance says.
        at: when.
        note: to the holder; a rejection needs one.
        product_ids: the products that it covers; None leaves what the holder has said.

    Raises:
        CertificateNotFoundError: there is none.
        NotAllowedError: the actor is no officer.
        ReasonMissingError: rejected without a note.
        ForeignProductError: a product belongs to somebody else.
        kernel NotAllowedError: it has been decided otherwise before.
    """
    certificate = queries.lock_certificate(certificate_id)
    authorize(actor, Permission.CERTIFICATE_DECIDE, certificate)
    note = note.strip()
    if verdict == Verdict.REJECT and not note:
        raise ReasonMissingError(field="note")
    state = CertificateState.VERIFIED if verdict == Verdict.VERIFY else CertificateState.REJECTED
    changed = change_state(certificate, CERTIFICATE, state, actor=actor, at=at, reason=note or None)
    if not changed:
        return certificate
    certificate.decided_at = at
    certificate.decided_by_id = actor.user_id
    certificate.decision_note = note
    if product_ids is not None and verdict == Verdict.VERIFY:
        _replace_products(certificate, product_ids)
    _tell(certificate, action=f"certification.{verdict}_certificate", actor=actor, at=at)
    return certificate


def revoke_certificate(
    *, actor: Actor, certificate_id: int, reason: str, at: datetime
) -> Certificate:
    """Take back the verification; the badge is gone at once. The directors are told.

    Raises:
        CertificateNotFoundError: there is none.
        NotAllowedError: the actor is no officer.
        ReasonMissingError: no reason was given.
        kernel NotAllowedError: it is not verified.
    """
    certificate = queries.lock_certificate(certificate_id)
    authorize(actor, Permission.CERTIFICATE_DECIDE, certificate)
    reason = reason.strip()
    if not reason:
        raise ReasonMissingError(field="note")
    changed = change_state(
        certificate, CERTIFICATE, CertificateState.REVOKED, actor=actor, at=at, reason=reason
    )
    if not changed:
        return certificate
    certificate.decided_at = at
    certificate.decided_by_id = actor.user_id
    certificate.decision_note = reason
    _tell(certificate, action="certification.revoke_certificate", actor=actor, at=at)
    return certificate


def cover_products(
    *, actor: Actor, certificate_id: int, product_ids: Collection[int], at: datetime
) -> Certificate:
    """Say which products a certificate covers; the same again changes nothing.

    The holder chooses freely while nobody has decided. Afterwards the holder can only take
    products away; to add one is the alliance's.

    Raises:
        CertificateNotFoundError: there is none.
        NotAllowedError: the actor neither speaks for the holder nor is an officer.
        ForeignProductError: a product belongs to somebody else.
        ScopeDecidedError: the holder would add a product to a decided certificate.
    """
    certificate = queries.lock_certificate(certificate_id)
    is_officer = allows(actor, Permission.CERTIFICATE_DECIDE, certificate)
    if not is_officer:
        authorize(actor, Permission.CERTIFICATE_CLAIM, certificate)
    before = _covered_by(certificate_id)
    wanted = set(product_ids)
    if wanted == before:
        return certificate
    is_decided = certificate.state != CertificateState.CLAIMED
    if is_decided and not is_officer and not wanted <= before:
        raise ScopeDecidedError(field="product_ids")
    _replace_products(certificate, wanted)
    _record_scope(actor, certificate_id, before=before, after=wanted, at=at)
    return certificate


def choose_certificates(
    *, actor: Actor, product_id: int, certificate_ids: Collection[int], at: datetime
) -> None:
    """Say which certificates of its holder cover a product, seen from the product.

    Raises:
        NotAllowedError: the actor does not speak for the holder.
        ForeignProductError: there is no such product.
        ForeignCertificateError: a certificate is somebody else's.
        ScopeDecidedError: a decided certificate was to be added.
    """
    product = session.get(Product, product_id)
    if product is None:
        raise ForeignProductError(field="certificate_ids")
    authorize(actor, Permission.CERTIFICATE_CLAIM, product)
    own = lock_all(
        select(Certificate).where(Certificate.organisation_id == product.organisation_id)
    )
    wanted = set(certificate_ids)
    if not wanted <= {certificate.id for certificate in own}:
        raise ForeignCertificateError(field="certificate_ids")
    for certificate in own:
        before = _covered_by(certificate.id)
        after = before | {product_id} if certificate.id in wanted else before - {product_id}
        cover_products(actor=actor, certificate_id=certificate.id, product_ids=after, at=at)


def _require_own_paper(claim: Claim) -> None:
    paper = session.get(MediaFile, claim.file_id)
    if (
        paper is None
        or paper.organisation_id != claim.organisation_id
        or paper.kind != FileKind.PAPER
    ):
        raise PaperMissingError(field="file")


def _require_products_of(organisation_id: int, product_ids: Collection[int]) -> None:
    if not product_ids:
        return
    own = set(
        session.scalars(
            select(Product.id).where(
                Product.id.in_(product_ids), Product.organisation_id == organisation_id
            )
        )
    )
    if own != set(product_ids):
        raise ForeignProductError(field="product_ids")


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


def _covered_by(certificate_id: int) -> set[int]:
    return set(
        session.scalars(
            select(ProductCertificate.product_id).where(
                ProductCertificate.certificate_id == certificate_id
            )
        )
    )


def _replace_products(certificate: Certificate, product_ids: Collection[int]) -> None:
    _require_products_of(certificate.organisation_id, product_ids)
    session.execute(
        delete(ProductCertificate).where(ProductCertificate.certificate_id == certificate.id)
    )
    _link(certificate.id, product_ids)


def _link(certificate_id: int, product_ids: Collection[int]) -> None:
    if product_ids:
        session.execute(
            insert(ProductCertificate),
            [
                {"product_id": product_id, "certificate_id": certificate_id}
                for product_id in sorted(set(product_ids))
            ],
        )


def _record_scope(
    actor: Actor, certificate_id: int, *, before: set[int], after: set[int], at: datetime
) -> None:
    record(
        actor=actor,
        action="certification.cover_products",
        subject_kind="certificate",
        subject_id=certificate_id,
        at=at,
        before={"product_ids": sorted(before)},
        after={"product_ids": sorted(after)},
    )


def _tell(certificate: Certificate, *, action: str, actor: Actor, at: datetime) -> None:
    """Write the decision into the audit trail and to the directors of the holder."""
    record(
        actor=actor,
        action=action,
        subject_kind="certificate",
        subject_id=certificate.id,
        at=at,
        after=_facts(certificate) | {"state": str(certificate.state)},
        reason=certificate.decision_note or None,
    )
    holder_code = session.scalar(
        select(Organisation.code).where(Organisation.id == certificate.organisation_id)
    )
    for director in accounts.directors_of(certificate.organisation_id):
        notify(
            key=f"certificate:{certificate.id}:{certificate.state}:{director.id}",
            recipient=director.email,
            locale=director.locale,
            template=f"certificate_{certificate.state}",
            at=at,
            person=director.full_name,
            label=badge_label(certificate.scheme_code, certificate.level, director.locale),
            number=certificate.number,
            note=certificate.decision_note,
            organisation_code=holder_code,
            certificate_id=certificate.id,
        )


def _facts(certificate: Certificate) -> dict[str, Any]:
    return {
        "scheme_code": certificate.scheme_code,
        "level": certificate.level,
        "number": certificate.number,
        "issuer": certificate.issuer,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat() if certificate.valid_to else None,
    }
