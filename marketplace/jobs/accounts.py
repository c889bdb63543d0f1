"""Tidying up after sign-ins."""

from marketplace.accounts import throttle
from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction


@job("accounts.forget_old_counts", cron="17 20 * * *")
def forget_old_counts(**_newer: object) -> None:
    """Remove the throttle's counters of days gone by, at night in Việt Nam. Safe to run twice."""
    with transaction():
        throttle.forget_old_counts(now())
