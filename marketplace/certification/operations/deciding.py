"""What the alliance does with a claim: checks, decides, takes back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.certification import rules
from marketplace.certification.errors import (
    CheckTooLateError,
    ReasonMissingError,
    SecondOfficerNeededError,
)
from marketplace.certification.locks import hold_to_decide
from marketplace.certification.operations.scope import covered_by, record_scope, replace_products
from marketplace.certification.operations.telling import tell_decision
from marketplace.certification.rules import CERTIFICATE, Check, Missing, Verdict
from marketplace.certification.schemes import scheme
from marketplace.kernel.clock import business_day
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.certification import Certificate, CertificateCheck, CertificateState, CheckKind

CHECKABLE = (CertificateState.CLAIMED, CertificateState.VERIFIED)


def record_check(
    *, actor: Actor, certificate_id: int, check: Check, at: datetime
) -> CertificateCheck:
    """Write down that an officer has compared a certificate with its paper or with a register.

    The same officer, the same words, the same day: that is one check, however often it is sent.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor is no officer.
        SourceMissingError: a register without its name.
        CheckTooLateError: it is rejected, revoked or expired.
    """
    certificate = hold_to_decide(actor, certificate_id)
    rules.require_source(check)
    if certificate.state not in CHECKABLE:
        raise CheckTooLateError(field="kind")
    source, note = " ".join(check.source.split()), check.note.strip()
    for known in _checks(certificate_id):
        is_same = (known.kind, known.checker_id, known.source, known.note) == (
            check.kind,
            actor.user_id,
            source,
            note,
        )
        if is_same and business_day(known.at) == business_day(at):
            return known
    return _add_check(actor, certificate, Check(check.kind, source, note), at)


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

    To verify is to have read the paper: it is written down as a check, unless the officer has
    recorded one. Where the scheme asks for two officers, the first approval is that check and
    nothing more; the claim waits until another officer approves.

    Args:
        actor: an officer of an alliance.
        certificate_id: the claim.
        verdict: what the alliance says.
        at: when.
        note: to the holder; a rejection needs one. That of a first approval is for the second
            officer.
        product_ids: the products that it covers; None leaves what the holder has said.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor is no officer.
        ReasonMissingError: rejected without a note.
        ForeignProductError: a product belongs to somebody else.
        SecondOfficerNeededError: this officer has approved before, and another one must.
        kernel NotAllowedError: it has been decided otherwise before.
    """
    certificate = hold_to_decide(actor, certificate_id)
    note = note.strip()
    if verdict == Verdict.REJECT and not note:
        raise ReasonMissingError(field="note")
    if verdict == Verdict.VERIFY and certificate.state == CertificateState.CLAIMED:
        if product_ids is not None:
            _say_scope(actor, certificate, product_ids, at)
        if not _approve(actor, certificate, note, at):
            return certificate
    state = CertificateState.VERIFIED if verdict == Verdict.VERIFY else CertificateState.REJECTED
    changed = change_state(certificate, CERTIFICATE, state, actor=actor, at=at, reason=note or None)
    if not changed:
        return certificate
    certificate.decided_at = at
    certificate.decided_by_id = actor.user_id
    certificate.decision_note = note
    tell_decision(certificate, action=f"certification.{verdict}_certificate", actor=actor, at=at)
    return certificate


def revoke_certificate(
    *, actor: Actor, certificate_id: int, reason: str, at: datetime
) -> Certificate:
    """Take back the verification; the badge is gone at once. The directors are told.

    One that is over can be taken back too: it still speaks for what was harvested before.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor is no officer.
        ReasonMissingError: no reason was given.
        kernel NotAllowedError: it never was verified.
    """
    certificate = hold_to_decide(actor, certificate_id)
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
    tell_decision(certificate, action="certification.revoke_certificate", actor=actor, at=at)
    return certificate


def _say_scope(
    actor: Actor, certificate: Certificate, product_ids: Collection[int], at: datetime
) -> None:
    before, after = covered_by(certificate.id), set(product_ids)
    if before != after:
        replace_products(certificate, after)
        record_scope(actor=actor, certificate_id=certificate.id, before=before, after=after, at=at)


def _approve(actor: Actor, certificate: Certificate, note: str, at: datetime) -> bool:
    """Count the approval of an officer as a check; whether the claim has all that it needs."""
    checks = _checks(certificate.id)
    own = {check.kind for check in checks if check.checker_id == actor.user_id}
    if CheckKind.DOCUMENT not in own:
        checks.append(_add_check(actor, certificate, Check(CheckKind.DOCUMENT, note=note), at))
    lacks = rules.missing(
        scheme(certificate.scheme_code), [(check.kind, check.checker_id) for check in checks]
    )
    if Missing.SECOND_OFFICER in lacks and CheckKind.DOCUMENT in own:
        raise SecondOfficerNeededError
    return not lacks


def _checks(certificate_id: int) -> list[CertificateCheck]:
    return list(
        session.scalars(
            select(CertificateCheck)
            .where(CertificateCheck.certificate_id == certificate_id)
            .order_by(CertificateCheck.id)
        )
    )


def _add_check(
    actor: Actor, certificate: Certificate, check: Check, at: datetime
) -> CertificateCheck:
    added = CertificateCheck(
        certificate_id=certificate.id,
        kind=check.kind,
        checker_id=actor.user_id,
        checker_organisation_id=actor.organisation_id,
        at=at,
        source=check.source,
        note=check.note,
    )
    session.add(added)
    session.flush()
    record(
        actor=actor,
        action="certification.record_check",
        subject_kind="certificate",
        subject_id=certificate.id,
        at=at,
        after={"kind": str(check.kind), "source": check.source},
    )
    return added
