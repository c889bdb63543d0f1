"""Tidying up after sign-ins; telling of consents whose last day comes."""

import structlog

from marketplace.accounts import throttle
from marketplace.accounts.consents import consents_to_tell_of
from marketplace.jobs.registry import job
from marketplace.kernel.clock import business_day, now
from marketplace.platform.transaction import transaction
from marketplace.workflows import consenting

log = structlog.get_logger(__name__)


@job("accounts.forget_old_counts", cron="17 20 * * *")
def forget_old_counts(**_newer: object) -> None:
    """Remove the throttle's counters of days gone by, at night in Việt Nam. Safe to run twice."""
    with transaction():
        throttle.forget_old_counts(now())


@job("accounts.tell_of_consents", cron="11 0 * * *")
def tell_of_consents(**_newer: object) -> None:
    """Tell both sides of consents that run out within a week or have, in the morning there.

    Each consent in its own transaction. Safe to run twice: each mail is written once. One that
    fails is logged; the others do not wait.
    """
    with transaction():
        ending, over = consents_to_tell_of(business_day(now()))
    for consent_id in (*ending, *over):
        try:
            with transaction():
                consenting.tell_of_last_day(consent_id=consent_id, at=now())
        except Exception:
            log.exception("nobody told of a consent", consent_id=consent_id)
