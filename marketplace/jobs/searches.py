"""What buyers watch, compared every morning."""

from urllib.parse import parse_qs

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import business_day, now
from marketplace.platform.transaction import transaction
from marketplace.reporting.sourcing.answers import free_in
from marketplace.reporting.sourcing.search import read_search
from marketplace.reporting.sourcing.yard import read_yard
from marketplace.sourcing.searches import operations, queries

log = structlog.get_logger(__name__)


@job("sourcing.compare_searches", cron="30 23 * * *")
def compare_searches(**_newer: object) -> None:
    """Tell buyers what changed in the searches that they watch; half past six in Việt Nam.

    All are answered from what was read once; each is compared in its own transaction. Safe to run
    twice: what was told is noted with the mail. One that fails is logged; the others do not wait.
    """
    with transaction():
        watched = queries.watched_searches()
        known = read_yard(business_day(now())) if watched else None
    if known is None:
        return
    for search_id, query in watched:
        try:
            search = read_search(parse_qs(query))
            if search.last is not None and search.last < known.first:
                continue  # its months are over
            with transaction():
                operations.tell_changes(search_id=search_id, found=free_in(known, search), at=now())
        except Exception:
            log.exception("search not compared", search_id=search_id)
