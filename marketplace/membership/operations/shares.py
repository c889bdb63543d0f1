"""Share capital: paid in, paid back, only ever added."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.membership import rules
from marketplace.membership.errors import (
    AmountMissingError,
    MoreThanPaidInError,
    ShareInFutureError,
    ShareOutsideMembershipError,
)
from marketplace.membership.queries.members import lock_member
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.membership import Household, ShareContribution

MOST_MINOR: Final = 10**15
"""What one entry may move, in whole đồng."""
NOTE_LENGTH: Final = 200
KEY_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Contribution:
    """Capital that moves.

    Attributes:
        member_id: whose.
        on_day: the day in Việt Nam on which it was paid.
        amount_minor: whole đồng; less than nothing is paid back.
        note: the number of a receipt, or why.
        key: names the form it came with; the same one again counts once.
    """

    member_id: int
    on_day: date
    amount_minor: int
    key: str
    note: str = ""


def record_contribution(
    *, actor: Actor, contribution: Contribution, at: datetime
) -> ShareContribution:
    """Write down capital that a member paid in or got back. The member is locked.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep the shares.
        AmountMissingError: nothing moves, or too much.
        LongerThanItsPlaceError, TooLongAgoError: a note that does not fit, a day before 1900.
        ShareInFutureError: it has not been paid yet.
        ShareOutsideMembershipError: paid in before joining or after leaving.
        MoreThanPaidInError: there is less than that to pay back.
    """
    member = lock_member(contribution.member_id)
    authorize(actor, Permission.SHARE_RECORD, member)
    key = contribution.key[:KEY_LENGTH]
    earlier = session.scalar(
        select(ShareContribution).where(
            ShareContribution.household_id == member.id, ShareContribution.key == key
        )
    )
    if earlier is not None:
        return earlier
    _require_sound(member, contribution, business_day(at))
    entry = ShareContribution(
        organisation_id=member.organisation_id,
        household_id=member.id,
        on_day=contribution.on_day,
        amount_minor=contribution.amount_minor,
        note=rules.fitting(contribution.note, NOTE_LENGTH, field="note"),
        key=key,
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    session.add(entry)
    session.flush()
    record(
        actor=actor,
        action="membership.record_contribution",
        subject_kind="household",
        subject_id=member.id,
        at=at,
        after={
            "amount_minor": entry.amount_minor,
            "on_day": entry.on_day.isoformat(),
            "share_contribution_id": entry.id,
        },
    )
    return entry


def _require_sound(member: Household, contribution: Contribution, today: date) -> None:
    amount, on_day = contribution.amount_minor, contribution.on_day
    rules.require_recent(on_day, field="on_day")
    if amount == 0 or abs(amount) > MOST_MINOR:
        raise AmountMissingError(field="amount")
    if on_day > today:
        raise ShareInFutureError(field="on_day")
    if amount > 0:
        if on_day < member.joined_on or (member.left_on is not None and on_day > member.left_on):
            raise ShareOutsideMembershipError(field="on_day")
        return
    held = session.scalar(
        select(func.coalesce(func.sum(ShareContribution.amount_minor), 0)).where(
            ShareContribution.household_id == member.id
        )
    )
    if int(held or 0) + amount < 0:
        raise MoreThanPaidInError(field="amount", amount=int(held or 0))
