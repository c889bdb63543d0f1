"""The alliance takes a certificate back, and whoever bought by it and still waits is told."""

from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.certification import operations as certification
from marketplace.workflows.reliance import tell_buyers
from models.certification import Certificate, CertificateState


def revoke_certificate(
    *, actor: Actor, certificate_id: int, reason: str, at: datetime
) -> Certificate:
    """Take back the verification; tell the holder, and buyers whose goods are not delivered yet.

    Their lines keep what was true when they ordered; until the goods are packed they may call
    the order off, and the mail says so.

    Raises:
        CertificateNotFoundError, NotAllowedError, ReasonMissingError, kernel NotAllowedError:
            see `certification.revoke_certificate`.
    """
    certificate = certification.revoke_certificate(
        actor=actor, certificate_id=certificate_id, reason=reason, at=at
    )
    if certificate.state == CertificateState.REVOKED and certificate.decided_at == at:
        tell_buyers(certificate, template="buyer_certificate_revoked", at=at)
    return certificate
