"""Holding a certificate for whoever may decide about it or say what it covers."""

from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.accounts.reach import reaches
from marketplace.certification import queries
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.platform.database import session
from models.accounts import Organisation
from models.certification import Certificate


def hold_to_decide(actor: Actor, certificate_id: int) -> Certificate:
    """A certificate, locked for an officer whose alliance decides about its holder's province.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor is no officer.
    """
    certificate = queries.lock_certificate(certificate_id)
    authorize(actor, Permission.CERTIFICATE_DECIDE, certificate)
    _require_reach(actor, certificate)
    return certificate


def hold_to_cover(actor: Actor, certificate_id: int) -> tuple[Certificate, bool]:
    """A certificate, locked for whoever says what it covers, and whether that is an officer.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor neither speaks for the holder nor is an officer.
    """
    certificate = queries.lock_certificate(certificate_id)
    is_officer = allows(actor, Permission.CERTIFICATE_DECIDE, certificate)
    if is_officer:
        _require_reach(actor, certificate)
    else:
        authorize(actor, Permission.CERTIFICATE_CLAIM, certificate)
    return certificate, is_officer


def _require_reach(actor: Actor, certificate: Certificate) -> None:
    holder = session.get_one(Organisation, certificate.organisation_id)
    if not reaches(actor, holder.province_code):
        raise CertificateNotFoundError(certificate_id=certificate.id)
