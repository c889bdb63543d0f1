"""What ends by itself while nobody looks: waivers of the checklist, and forgotten drafts."""

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.onboarding.operations import ending
from marketplace.platform.transaction import transaction

log = structlog.get_logger(__name__)


@job("onboarding.end_waivers", cron="23 * * * *")
def end_waivers(**_newer: object) -> None:
    """Open the items again whose waiver is over, and tell director and alliance.

    Each in its own transaction. Safe to run twice and by two at once; one that fails is logged.
    """
    with transaction():
        over = ending.waivers_over(now())
    for item_id in over:
        try:
            with transaction():
                ending.end_waiver(item_id=item_id, at=now())
        except Exception:
            log.exception("waiver not ended", item_id=item_id)


@job("onboarding.forget_drafts", cron="47 19 * * *")
def forget_drafts(**_newer: object) -> None:
    """Remove drafts that nobody has saved for 90 days, at night in Việt Nam. Safe to run twice."""
    with transaction():
        old = ending.drafts_to_forget(now())
    for application_id in old:
        with transaction():
            ending.forget_draft(application_id=application_id, at=now())
