"""What was done with what is held about a member, for the member to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.membership.queries.members import OfRegister
from marketplace.platform.database import session
from models.accounts import User
from models.platform import AuditEvent


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that was done: `action` as the trail names it, "membership.hide_member"."""

    at: datetime
    action: str
    by: str | None


def doings_of(member_id: int, *, organisation_id: int, viewer: Actor) -> Sequence[Doing]:
    """What was done with a member's row, the oldest first; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
    """
    authorize(viewer, Permission.MEMBER_EDIT, OfRegister(organisation_id))
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.action, User.full_name)
        .outerjoin(User, User.id == AuditEvent.actor_user_id)
        .where(AuditEvent.subject_kind == "household", AuditEvent.subject_id == member_id)
        .order_by(AuditEvent.id)
    )
    return [Doing(*row) for row in rows]
