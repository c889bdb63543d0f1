"""Making room: files that nobody uses."""

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.media import sweeping
from marketplace.platform.transaction import transaction

log = structlog.get_logger(__name__)


@job("media.remove_unused", cron="53 20 * * *")
def remove_unused(**_newer: object) -> None:
    """Remove uploads that nothing refers to, at night in Việt Nam; each in its own transaction.

    Safe to run twice and by two at once, and beside people who upload: see `media.sweeping`.
    """
    at = now()
    with transaction():
        unused = sweeping.unused_files(at)
    rows = 0
    for file_id, sha256 in unused:
        with transaction():
            rows += sweeping.remove_row(file_id=file_id, sha256=sha256, at=at)
    with transaction():
        strays = sweeping.stray_files(at)
    files = 0
    for sha256, paths in strays.items():
        with transaction():
            files += sweeping.remove_strays(sha256=sha256, paths=paths)
    if rows or files:
        log.info("unused uploads removed", rows=rows, files=files)
