"""What the trail keeps of what was done with members and plots."""

from datetime import datetime
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.membership import Household, Plot


def record_of(  # noqa: PLR0913 - what a row of the trail says
    subject: Household | Plot,
    actor: Actor,
    action: str,
    at: datetime,
    *,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    """Note that `actor` did `action` with a member or a plot, which gets its id first if new."""
    session.flush()
    record(
        actor=actor,
        action=f"membership.{action}",
        subject_kind="household" if isinstance(subject, Household) else "plot",
        subject_id=subject.id,
        at=at,
        before=before,
        after=after,
    )
