"""Changing fields of an organisation so that the audit trail says what they held before."""

from datetime import date, datetime
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.platform import audit
from models.accounts import Organisation


def put_fields(row: object, fields: dict[str, Any]) -> dict[str, Any]:
    """Set the fields that differ; returns what they held before."""
    before = {
        name: getattr(row, name) for name, value in fields.items() if getattr(row, name) != value
    }
    for name in before:
        setattr(row, name, fields[name])
    return before


def record_fields(  # noqa: PLR0913 - one row of the audit
    actor: Actor,
    action: str,
    organisation: Organisation,
    *,
    at: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Write down what changed, and what it is now.

    Args:
        actor: who changed it.
        action: area and verb.
        organisation: whose fields.
        at: when.
        before: what the changed fields held.
        after: what all fields hold now; only the changed ones are kept.
    """
    audit.record(
        actor=actor,
        action=action,
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(after[name]) for name in before},
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return value.isoformat() if isinstance(value, date) else value
