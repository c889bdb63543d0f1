"""A certificate ends by itself, and whoever bought by it and still waits is told."""

from datetime import datetime

from marketplace.certification import operations as certification
from marketplace.platform.failpoints import failpoint
from marketplace.workflows.reliance import tell_buyers


def expire_certificate(*, certificate_id: int, at: datetime) -> bool:
    """Write down that a certificate is over; tell buyers whose goods are not delivered yet.

    Their lines keep what was true when they ordered, and lots what was true on their harvest day.
    Nobody withdrew anything, and the mail says so.

    Returns:
        Whether it was written down just now; a second time nothing is, and nobody is told again.

    Raises:
        CertificateNotFoundError: there is none.
    """
    certificate = certification.expire_certificate(certificate_id=certificate_id, at=at)
    if certificate is None:
        return False
    failpoint("ending.after_expired")
    tell_buyers(
        certificate, template="buyer_certificate_ended", at=at, last_day=certificate.valid_to
    )
    return True
