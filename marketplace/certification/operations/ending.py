"""The end of certificates, which comes by itself: notices before it, and the state after it."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from marketplace.certification import queries
from marketplace.certification.operations.telling import write_to_directors
from marketplace.certification.rules import CERTIFICATE, due_notice
from marketplace.kernel.clock import business_day
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.certification import Certificate, CertificateNotice, CertificateState


def expire_certificate(*, certificate_id: int, at: datetime) -> Certificate | None:
    """Write down that the last day of a verified certificate is over; anything else is left alone.

    Returns:
        The certificate if it was written down just now, or None.

    Raises:
        CertificateNotFoundError: there is none.
    """
    certificate = queries.lock_certificate(certificate_id)
    is_over = certificate.valid_to is not None and certificate.valid_to < business_day(at)
    if certificate.state != CertificateState.VERIFIED or not is_over:
        return None
    change_state(certificate, CERTIFICATE, CertificateState.EXPIRED, actor=None, at=at)
    record(
        actor=None,
        action="certification.expire_certificate",
        subject_kind="certificate",
        subject_id=certificate_id,
        at=at,
        before={"state": CertificateState.VERIFIED},
        after={"state": CertificateState.EXPIRED},
    )
    return certificate


def send_notice(*, certificate_id: int, at: datetime) -> int | None:
    """Write to the directors of the holder that a certificate ends soon, once for each notice.

    Only the newest notice that is due is sent: whoever comes late with three of them writes one
    mail, not three.

    Returns:
        Of how many days the notice was; None if none is due or it was sent before.

    Raises:
        CertificateNotFoundError: there is none.
    """
    certificate = queries.lock_certificate(certificate_id)
    if certificate.state != CertificateState.VERIFIED or certificate.valid_to is None:
        return None
    days = due_notice(certificate.valid_to, business_day(at))
    if days is None:
        return None
    is_new = session.scalar(
        insert(CertificateNotice)
        .values(certificate_id=certificate_id, days_before=days, sent_at=at)
        .on_conflict_do_nothing()
        .returning(CertificateNotice.days_before)
    )
    if is_new is None:
        return None
    write_to_directors(
        certificate,
        key=f"ends-{days}",
        template="certificate_ending",
        at=at,
        last_day=certificate.valid_to,
        days_left=(certificate.valid_to - business_day(at)).days,
    )
    return days
