"""Putting bank lines to their orders."""

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.kernel.errors import UnavailableError
from marketplace.payments.queries import pending_line_ids
from marketplace.platform.transaction import transaction
from marketplace.workflows import settlement

log = structlog.get_logger(__name__)


class LinesLeftError(UnavailableError):
    """Some lines could not be settled; the others are. The queue tries again."""

    code = "payments.lines_left"


@job(settlement.SETTLE_LINES, cron="*/10 * * * *")
def settle_lines(**_newer: object) -> None:
    """Settle every line that waits, each in a transaction of its own.

    Safe to run twice and by two at once: a settled line is left alone.

    Raises:
        LinesLeftError: at least one line could not be settled.
    """
    if settle_waiting():
        raise LinesLeftError


def settle_waiting(limit: int | None = None) -> int:
    """Settle the lines that wait, oldest first, at most `limit`; say how many failed.

    A line that cannot be settled is logged and stays pending; it does not keep the others waiting.
    """
    with transaction():
        waiting = pending_line_ids()
    failed = 0
    for line_id in waiting[:limit]:
        try:
            with transaction():
                settlement.settle_line(line_id=line_id, at=now())
        except Exception:
            log.exception("bank line not settled", line_id=line_id)
            failed += 1
    return failed
