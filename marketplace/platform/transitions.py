"""Moving a thing from one state to the next, with a row that says who, when and why."""

from datetime import datetime
from typing import Protocol

from marketplace.kernel.states import StateMachine
from marketplace.platform.actors import Acting, both_sides
from marketplace.platform.statements import adding
from models.platform import StateChange

_KEEP = adding(StateChange, waits=False)


class HasState(Protocol):
    """A row with a state. Lock it before changing it."""

    id: int
    state: str


def change_state(  # noqa: PLR0913 - what, along what, where to; who, when, why
    subject: HasState,
    machine: StateMachine,
    to: str,
    *,
    actor: Acting | None,
    at: datetime,
    reason: str | None = None,
) -> bool:
    """Put `subject` into state `to`; asking for the state it is in changes nothing.

    Args:
        subject: a row with `id` and `state`; its table's machine is `machine`.
        machine: the table of allowed transitions; its name is the kind in the history.
        to: the state to be in afterwards.
        actor: who moves it; None for the marketplace itself.
        at: when.
        reason: what the person gave as the reason.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: the table has no way from here to there.
    """
    was = str(subject.state)
    if was == to:
        return False
    machine.require(was, to)
    subject.state = to
    own_id, other_id = both_sides(actor)
    _KEEP.make(
        subject_kind=machine.name,
        subject_id=subject.id,
        from_state=was,
        to_state=str(to),
        at=at,
        actor_user_id=actor.user_id if actor else None,
        actor_organisation_id=own_id,
        on_behalf_of_id=other_id,
        reason=reason,
    )
    return True
