"""The audit trail: who did what to which row, and what it was before."""

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from structlog.contextvars import get_contextvars

from marketplace.platform.actors import Acting, both_sides
from marketplace.platform.statements import adding
from models.platform import AuditEvent

_KEEP = adding(AuditEvent, waits=False)


def record(  # noqa: PLR0913 - the columns of one row
    *,
    actor: Acting | None,
    action: str,
    subject_kind: str,
    subject_id: int,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
    on_behalf_of_id: int | None = None,
) -> None:
    """Add a row to the trail in the current transaction.

    Args:
        actor: who did it; None for the marketplace itself (a job, a deadline).
        action: area and verb, "catalogue.publish_product".
        subject_kind: what was changed, by its table's singular, "product".
        subject_id: which one.
        at: when.
        before: what the changed fields held; plain JSON values, no personal secrets.
        after: what they hold now.
        reason: what the person gave as the reason.
        on_behalf_of_id: for which other organisation; the actor says it where they act for it.
    """
    own_id, other_id = both_sides(actor)
    _KEEP.make(
        actor_user_id=actor.user_id if actor else None,
        actor_organisation_id=own_id,
        on_behalf_of_id=other_id or on_behalf_of_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        at=at,
        before=None if before is None else Jsonb(before),
        after=None if after is None else Jsonb(after),
        reason=reason,
        request_id=get_contextvars().get("request_id"),
    )


def record_help(
    *, actor: Acting, action: str, subject_kind: str, subject_id: int, at: datetime
) -> None:
    """Add a row if somebody acts on behalf: for rows that name a person and no organisation.

    The arguments are those of `record`.
    """
    if actor.helper_organisation_id is not None:
        record(actor=actor, action=action, subject_kind=subject_kind, subject_id=subject_id, at=at)
