"""Proposing a cooperative to join a union, answering, and ending it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, Date, bindparam, or_, select

from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.membership.unions import rules
from marketplace.membership.unions.errors import (
    CooperativeUnknownError,
    LeavingDayError,
    UnitNotFoundError,
)
from marketplace.membership.unions.queries import holds_on
from marketplace.notifications.operations import notify
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one, sharing
from marketplace.platform.transitions import change_state
from models.accounts import Organisation, OrganisationKind, VerificationState
from models.unions import UnionMembership, UnionMembershipState

_HELD: Final = sharing(
    select(UnionMembership.union_id).where(
        UnionMembership.member_id == bindparam("member_id", type_=BigInteger),
        *holds_on(bindparam("day", type_=Date)),
    )
)


def propose_membership(
    *, actor: Actor, union: Organisation, code: str, at: datetime
) -> UnionMembership:
    """Propose to a cooperative that it join a union; its directors are told.

    Proposing what is open, or who is a member, changes nothing.

    Args:
        actor: the union's director.
        union: who proposes.
        code: of the cooperative, or its tax code.
        at: when.

    Raises:
        NotAllowedError: the actor does not lead a union.
        CooperativeUnknownError: there is no such cooperative, or it is closed.
    """
    authorize(actor, Permission.UNION_LEAD, union)
    member = _cooperative(code.strip())
    lock_key("union-membership", f"{union.id}:{member.id}")
    known = _open_between(union.id, member.id)
    if known is not None:
        return known
    made = UnionMembership(
        union_id=union.id,
        member_id=member.id,
        state=UnionMembershipState.PROPOSED,
        proposed_at=at,
    )
    session.add(made)
    session.flush()
    _write_down(actor, "membership.propose_union", made, at)
    _tell(made, "union_proposed", to=member, about=union, at=at)
    return made


def accept_membership(*, actor: Actor, unit_id: int, at: datetime) -> bool:
    """Join a union from today on; the union's directors are told.

    Returns:
        Whether anything changed.

    Raises:
        UnitNotFoundError: there is no such proposal to the actor's cooperative.
        NotAllowedError: the actor does not lead the cooperative.
        marketplace.kernel.states.NotAllowedError: it was answered otherwise before.
    """
    unit, union, member = _lock(unit_id)
    if actor.organisation_id != member.id:
        raise UnitNotFoundError
    authorize(actor, Permission.UNION_JOIN, member)
    if unit.state == UnionMembershipState.ACTIVE:
        return False
    rules.MEMBERSHIP.require(unit.state, UnionMembershipState.ACTIVE)
    unit.joined_on = business_day(at)
    change_state(unit, rules.MEMBERSHIP, UnionMembershipState.ACTIVE, actor=actor, at=at)
    _write_down(actor, "membership.join_union", unit, at)
    _tell(unit, "union_joined", to=union, about=member, at=at)
    return True


def decline_membership(*, actor: Actor, unit_id: int, at: datetime) -> bool:
    """Say no to a proposal, or take it back; the other side is told.

    Returns:
        Whether anything changed.

    Raises:
        UnitNotFoundError: there is no such proposal of or to the actor's organisation.
        NotAllowedError: the actor leads neither of the two.
        marketplace.kernel.states.NotAllowedError: it was accepted before.
    """
    unit, union, member = _lock(unit_id)
    other, own = _sides(actor, union, member)
    if not change_state(unit, rules.MEMBERSHIP, UnionMembershipState.DECLINED, actor=actor, at=at):
        return False
    _write_down(actor, "membership.decline_union", unit, at)
    _tell(unit, "union_declined", to=other, about=own, at=at)
    return True


def end_membership(
    *, actor: Actor, unit_id: int, left_on: date, at: datetime
) -> UnionMembership | None:
    """End a membership on a day; the other side is told.

    Args:
        actor: the director of either side.
        unit_id: which membership.
        left_on: the first day on which it does not hold any more, from the day of joining to today.
        at: when.

    Returns:
        The membership; None if it had ended before.

    Raises:
        UnitNotFoundError: there is no such membership of the actor's organisation.
        NotAllowedError: the actor leads neither of the two.
        LeavingDayError: the day is before the day of joining, or in the future.
        marketplace.kernel.states.NotAllowedError: it never began.
    """
    unit, union, member = _lock(unit_id)
    other, own = _sides(actor, union, member)
    if unit.state == UnionMembershipState.ENDED:
        return None
    rules.MEMBERSHIP.require(unit.state, UnionMembershipState.ENDED)
    if unit.joined_on is None or not unit.joined_on <= left_on <= business_day(at):
        raise LeavingDayError(field="left_on")
    unit.left_on = left_on
    change_state(unit, rules.MEMBERSHIP, UnionMembershipState.ENDED, actor=actor, at=at)
    _write_down(actor, "membership.leave_union", unit, at)
    _tell(unit, "union_left", to=other, about=own, at=at)
    return unit


def hold_memberships(organisation_id: int, *, on: date) -> Collection[int]:
    """The unions that a cooperative belongs to on a day; none of it ends before the transaction."""
    return [union_id for [union_id] in _HELD.ask(member_id=organisation_id, day=on)]


def _open_between(union_id: int, member_id: int) -> UnionMembership | None:
    """What is proposed or in force between the two."""
    return session.scalar(
        select(UnionMembership).where(
            UnionMembership.union_id == union_id,
            UnionMembership.member_id == member_id,
            UnionMembership.state.in_((UnionMembershipState.PROPOSED, UnionMembershipState.ACTIVE)),
        )
    )


def _cooperative(code: str) -> Organisation:
    found = session.scalars(
        select(Organisation)
        .where(
            or_(Organisation.code == code.upper(), Organisation.tax_code == code),
            Organisation.kind == OrganisationKind.COOPERATIVE,
            Organisation.verification != VerificationState.CLOSED,
        )
        .limit(1)
    ).one_or_none()
    if found is None:
        raise CooperativeUnknownError(field="code")
    return found


def _lock(unit_id: int) -> tuple[UnionMembership, Organisation, Organisation]:
    unit = lock_one(select(UnionMembership).where(UnionMembership.id == unit_id))
    if unit is None:
        raise UnitNotFoundError
    return (
        unit,
        session.get_one(Organisation, unit.union_id),
        session.get_one(Organisation, unit.member_id),
    )


def _sides(
    actor: Actor, union: Organisation, member: Organisation
) -> tuple[Organisation, Organisation]:
    """The other side and the actor's own."""
    if actor.organisation_id == union.id:
        authorize(actor, Permission.UNION_LEAD, union)
        return member, union
    if actor.organisation_id == member.id:
        authorize(actor, Permission.UNION_JOIN, member)
        return union, member
    raise UnitNotFoundError


def _write_down(actor: Actor, action: str, unit: UnionMembership, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="union_membership",
        subject_id=unit.id,
        at=at,
        after={"union_id": unit.union_id, "member_id": unit.member_id, "state": str(unit.state)},
    )


def _tell(
    unit: UnionMembership, template: str, *, to: Organisation, about: Organisation, at: datetime
) -> None:
    for director in accounts.directors_of(to.id):
        notify(
            key=f"{unit.id}:{director.id}",
            recipient=director.email,
            locale=director.locale,
            template=template,
            at=at,
            name=director.full_name,
            organisation=about.name,
            code=to.code,
        )
