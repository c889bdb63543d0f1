"""Who moved a thing from one state to another, with the name of the organisation they acted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.kernel.states import StateMachine
from marketplace.platform.database import session
from models.accounts import Organisation, User
from models.platform import StateChange


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of state. `who` is None for the marketplace itself."""

    from_state: str | None
    to_state: str
    at: datetime
    who: str | None
    organisation: str | None
    reason: str | None


def history_of(machine: StateMachine, subject_id: int) -> Sequence[HistoryEntry]:
    """Every change of a thing's state, the first one first; one statement.

    Args:
        machine: the states that the thing goes through.
        subject_id: which thing.
    """
    rows = session.execute(
        select(
            StateChange.from_state,
            StateChange.to_state,
            StateChange.at,
            User.full_name,
            Organisation.short_name,
            StateChange.reason,
        )
        .outerjoin(User, User.id == StateChange.actor_user_id)
        .outerjoin(Organisation, Organisation.id == StateChange.actor_organisation_id)
        .where(StateChange.subject_kind == machine.name, StateChange.subject_id == subject_id)
        .order_by(StateChange.id)
    )
    return [HistoryEntry(*row) for row in rows]
