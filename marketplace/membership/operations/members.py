"""Keeping the register of members. What is written of a person stays out of the audit trail."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography.queries import require_place
from marketplace.kernel.clock import business_day
from marketplace.membership import rules
from marketplace.membership.errors import (
    ConsentMissingError,
    MemberCodeTakenError,
    MemberErasedError,
    StillMemberError,
)
from marketplace.membership.queries.members import lock_member, next_code
from marketplace.membership.rules import MemberFacts
from marketplace.membership.trail import record_of
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.membership import Household

REGISTER: Final = "member-register"
"""The name that is held while codes of an organisation are given out."""


def add_member(*, actor: Actor, facts: MemberFacts, at: datetime) -> Household:
    """Write a member into the register, hidden from everybody outside.

    The same member under the same code again changes nothing, so that a form sent twice counts
    once.

    Raises:
        NotAllowedError: the actor does not keep this register.
        MemberNameMissingError, LongerThanItsPlaceError, TooLongAgoError, JoinedInFutureError,
        LeftBeforeJoiningError, LeftInFutureError, MemberCodeInvalidError: see `rules`.
        UnknownProvinceError, UnknownCommuneError: there is no such place.
        MemberCodeTakenError: the code stands for another member.
    """
    authorize(actor, Permission.MEMBER_EDIT, facts)
    rules.require_sound(facts, today=business_day(at))
    require_place(facts.province_code, facts.commune_code)
    lock_key(REGISTER, facts.organisation_id)
    code = rules.read_code(facts.code) if facts.code.strip() else next_code(facts.organisation_id)
    values = _values(facts, code)
    earlier = _with_code(facts.organisation_id, code)
    if earlier is not None:
        if (earlier.name, earlier.joined_on) != (values["name"], values["joined_on"]):
            raise MemberCodeTakenError(field="code", member_code=code)
        return earlier
    member = Household(
        organisation_id=facts.organisation_id,
        is_hidden=True,
        created_at=at,
        created_by_id=actor.user_id,
        **values,
    )
    session.add(member)
    session.flush()
    record_of(member, actor, "add_member", at, after={"code": code, "kind": member.kind})
    return member


def edit_member(*, actor: Actor, member_id: int, facts: MemberFacts, at: datetime) -> Household:
    """Correct what the register says of a member. Which words were changed is nobody's business.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        MemberErasedError: there is nothing left to correct.
        MemberNameMissingError and the others of `add_member`.
    """
    authorize(actor, Permission.MEMBER_EDIT, facts)
    rules.require_sound(facts, today=business_day(at))
    require_place(facts.province_code, facts.commune_code)
    code = rules.read_code(facts.code)
    # Before the row, as whoever writes a whole file of members does.
    lock_key(REGISTER, facts.organisation_id)
    member = _member_to_change(actor, member_id)
    if code != member.code and _with_code(member.organisation_id, code) is not None:
        raise MemberCodeTakenError(field="code", member_code=code)
    values = _values(facts, code)
    changed = sorted(name for name, value in values.items() if getattr(member, name) != value)
    if not changed:
        return member
    before = {"code": member.code}
    for name in changed:
        setattr(member, name, values[name])
    after = {"code": code, "fields": changed}
    record_of(member, actor, "edit_member", at, before=before, after=after)
    return member


def leave(*, actor: Actor, member_id: int, left_on: date, at: datetime) -> Household:
    """Write down that a member has left; lots and shares of theirs stay.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        LeftBeforeJoiningError, LeftInFutureError: the day cannot be.
    """
    member = _member_to_change(actor, member_id)
    rules.require_leaving(member.joined_on, left_on, today=business_day(at))
    return _set(actor, member, "leave", at, left_on=left_on)


def return_member(*, actor: Actor, member_id: int, at: datetime) -> Household:
    """Take it back that a member has left.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        MemberErasedError: what we knew of them is gone.
    """
    member = _member_to_change(actor, member_id)
    return _set(actor, member, "return_member", at, left_on=None)


def show_member(
    *, actor: Actor, member_id: int, consented_on: date | None, note: str, at: datetime
) -> Household:
    """Let the public see whose goods a lot holds, as the member has agreed.

    Args:
        actor: who keeps the register.
        member_id: which member.
        consented_on: the day on which they agreed.
        note: how: "ký giấy đồng ý ngày …".
        at: when it is written down.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        MemberErasedError: there is no name to show.
        ConsentMissingError: no day, or one to come.
        LongerThanItsPlaceError, TooLongAgoError: a note that does not fit, a day before 1900.
    """
    member = _member_to_change(actor, member_id)
    if consented_on is None or consented_on > business_day(at):
        raise ConsentMissingError(field="consented_on")
    rules.require_recent(consented_on, field="consented_on")
    member.consent_note = rules.fitting(note, rules.NOTE_LENGTH, field="note")
    return _set(actor, member, "show_member", at, consented_on=consented_on, is_hidden=False)


def hide_member(*, actor: Actor, member_id: int, at: datetime) -> Household:
    """Show the member to nobody outside any more, from now on and on all lots.

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
    """
    member = lock_member(member_id)
    authorize(actor, Permission.MEMBER_EDIT, member)
    return _set(actor, member, "hide_member", at, is_hidden=True)


def erase_member(*, actor: Actor, member_id: int, at: datetime) -> Household:
    """Erase name, telephone, hamlet and notes of somebody who has left; the code stays.

    What law wants kept (what they paid in, what they delivered) stays under the code (Law
    91/2025/QH15 on personal data).

    Raises:
        MemberNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        StillMemberError: they have not left.
    """
    member = lock_member(member_id)
    authorize(actor, Permission.MEMBER_EDIT, member)
    if member.erased_at is not None:
        return member
    if member.left_on is None:
        raise StillMemberError(member_code=member.code)
    member.name = member.hamlet = member.note = member.consent_note = ""
    member.phone = member.commune_code = None
    member.is_hidden = True
    member.consented_on = None
    member.search_text = rules.search_text(member.code, "", "", None)
    member.sort_key = rules.name_key(member.code, member.kind)
    member.erased_at = at
    record_of(member, actor, "erase_member", at, after={"code": member.code})
    return member


def _member_to_change(actor: Actor, member_id: int) -> Household:
    member = lock_member(member_id)
    authorize(actor, Permission.MEMBER_EDIT, member)
    if member.erased_at is not None:
        raise MemberErasedError(member_code=member.code)
    return member


def _values(facts: MemberFacts, code: str) -> dict[str, Any]:
    """The columns of a member that come from facts."""
    name = rules.fitting(facts.name, rules.NAME_LENGTH, field="name")
    hamlet = rules.fitting(facts.hamlet, rules.HAMLET_LENGTH, field="hamlet")
    return {
        "code": code,
        "kind": str(facts.kind),
        "name": name,
        "phone": facts.phone,
        "province_code": facts.province_code,
        "commune_code": facts.commune_code,
        "hamlet": hamlet,
        "joined_on": facts.joined_on,
        "left_on": facts.left_on,
        "is_official": facts.is_official,
        "note": rules.fitting(facts.note, rules.NOTE_LENGTH, field="note"),
        "search_text": rules.search_text(code, name, hamlet, facts.phone),
        "sort_key": rules.name_key(name, facts.kind),
    }


def _with_code(organisation_id: int, code: str) -> Household | None:
    return session.scalar(
        select(Household).where(
            Household.organisation_id == organisation_id, Household.code == code
        )
    )


def _set(
    actor: Actor, member: Household, action: str, at: datetime, **values: date | bool | None
) -> Household:
    before = {name: getattr(member, name) for name in values}
    if before == values:
        return member
    for name, value in values.items():
        setattr(member, name, value)
    record_of(member, actor, action, at, before=_plain(before), after=_plain(values))
    return member


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
