"""What deliveries that arrive need done later, or every minute."""

import structlog

from marketplace.contracts.acceptance.queries import overdue_delivery_ids
from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction
from marketplace.workflows import acceptance_mails, accepting

log = structlog.get_logger(__name__)


@job("contracts.accept_overdue", cron="* * * * *")
def accept_overdue(**_newer: object) -> None:
    """Accept what nobody spoke of until the deadline, each delivery in its own transaction.

    Safe to run twice and by two at once: one that is accepted or disputed meanwhile is left
    alone. One that cannot be priced is logged and tried again; it does not keep the others
    waiting.
    """
    with transaction():
        overdue = overdue_delivery_ids(now())
    for delivery_id in overdue:
        try:
            with transaction():
                accepting.accept_automatically(delivery_id=delivery_id, at=now())
        except Exception:
            log.exception("delivery not accepted", delivery_id=delivery_id)


@job(accepting.TELL_ACCEPTED)
def tell_accepted(*, delivery_id: int, **_newer: object) -> None:
    """Write what was accepted. Safe to run twice: each letter has its key."""
    with transaction():
        acceptance_mails.tell_accepted(delivery_id=delivery_id, at=now())


@job(accepting.TELL_DISPUTED)
def tell_disputed(*, dispute_id: int, **_newer: object) -> None:
    """Write that the other side does not agree. Safe to run twice."""
    with transaction():
        acceptance_mails.tell_disputed(dispute_id=dispute_id, at=now())


@job(accepting.TELL_SETTLED)
def tell_settled(*, dispute_id: int, **_newer: object) -> None:
    """Write that a dispute is settled. Safe to run twice."""
    with transaction():
        acceptance_mails.tell_settled(dispute_id=dispute_id, at=now())


@job(accepting.TELL_RETURNED)
def tell_returned(*, line_id: int, **_newer: object) -> None:
    """Write to the buyer what became of rejected goods. Safe to run twice."""
    with transaction():
        acceptance_mails.tell_returned(line_id=line_id, at=now())
