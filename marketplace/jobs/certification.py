"""The end of certificates, seen to every minute."""

import structlog

from marketplace.certification import operations, queries
from marketplace.jobs.registry import job
from marketplace.kernel.clock import business_day, now
from marketplace.platform.transaction import transaction
from marketplace.workflows import ending

log = structlog.get_logger(__name__)


@job("certification.end_certificates", cron="* * * * *")
def end_certificates(**_newer: object) -> None:
    """Write down which certificates are over and tell who bought by them; warn holders in time.

    Each certificate in its own transaction. Safe to run twice and by two at once: what is over is
    left alone, and each notice is sent once. One that fails is logged; the others do not wait.
    """
    with transaction():
        today = business_day(now())
        over, due = queries.ended(today), queries.notices_due(today)
    for certificate_id in over:
        try:
            with transaction():
                ending.expire_certificate(certificate_id=certificate_id, at=now())
        except Exception:
            log.exception("certificate not ended", certificate_id=certificate_id)
    for certificate_id in due:
        try:
            with transaction():
                operations.send_notice(certificate_id=certificate_id, at=now())
        except Exception:
            log.exception("holder not warned", certificate_id=certificate_id)
