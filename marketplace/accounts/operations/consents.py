"""Letting an alliance or a union act for a cooperative, beginning to, and ending it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, bindparam, select

from marketplace.accounts.consent_errors import (
    ConsentEndedError,
    ConsentNotFoundError,
    ConsentTooLongError,
    HelperUnknownError,
    ScopesMissingError,
)
from marketplace.accounts.consents import ENDED, may_help
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all, lock_key, lock_one, sharing
from models.accounts import Organisation
from models.consents import Consent, ConsentScope

LONGEST_MONTHS: Final = 12
_HELD_HELPER: Final = sharing(select(Organisation.id).where(Organisation.slug == bindparam("slug")))


class Cause(StrEnum):
    """Why a consent ended before its last day; kept in the audit trail."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    LEFT_UNION = "left_union"
    HELPER_SUSPENDED = "helper_suspended"
    HELPER_CLOSED = "helper_closed"


@dataclass(frozen=True, slots=True)
class NewConsent:
    """What a cooperative agrees to.

    Attributes:
        organisation_id: the cooperative.
        helper_slug: what the alliance or union is called in addresses.
        scopes: what its staff may do, words of `ConsentScope`.
        until_on: the last day, at most twelve months from today.
    """

    organisation_id: int
    helper_slug: str
    scopes: tuple[str, ...]
    until_on: date


def grant_consent(
    *, actor: Actor, consent: NewConsent, union_ids: Collection[int], at: datetime
) -> Consent:
    """Let the staff of a helper act from today on; an earlier consent to the same helper ends.

    The same consent again changes nothing. The helper cannot be suspended or closed meanwhile.

    Args:
        actor: a director of the cooperative.
        consent: what it agrees to.
        union_ids: the unions that the cooperative belongs to today, and does not leave meanwhile.
        at: when.

    Raises:
        NotAllowedError: the actor is no director of the cooperative.
        HelperUnknownError: it is neither an alliance for its province nor one of its unions, or it
            is off the market.
        ScopesMissingError: it would allow nothing.
        ConsentTooLongError: the last day is past or too far away.
    """
    authorize(actor, Permission.CONSENT_MANAGE, consent)
    helper = _helper(consent, union_ids)
    scopes = [str(scope) for scope in ConsentScope if scope in consent.scopes]
    if not scopes or len(scopes) != len(set(consent.scopes)):
        raise ScopesMissingError(field="scopes")
    today = business_day(at)
    if not today <= consent.until_on <= last_day(today):
        raise ConsentTooLongError(field="until_on")
    lock_key("consent", f"{consent.organisation_id}:{helper.id}")
    for earlier in lock_all(
        select(Consent).where(
            Consent.organisation_id == consent.organisation_id,
            Consent.helper_organisation_id == helper.id,
            Consent.ended_at.is_(None),
        )
    ):
        if (earlier.scopes, earlier.until_on) == (scopes, consent.until_on):
            return earlier
        _end(actor, earlier, Cause.REPLACED, at)
    row = Consent(
        organisation_id=consent.organisation_id,
        helper_organisation_id=helper.id,
        scopes=scopes,
        from_on=today,
        until_on=consent.until_on,
        granted_at=at,
        granted_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()  # the audit row names it
    audit.record(
        actor=actor,
        action="accounts.consent_granted",
        subject_kind="consent",
        subject_id=row.id,
        at=at,
        after={
            "helper_organisation_id": helper.id,
            "scopes": scopes,
            "until_on": consent.until_on.isoformat(),
        },
    )
    return row


def end_consent(*, actor: Actor, organisation_id: int, consent_id: int, at: datetime) -> bool:
    """Withdraw a consent, at once. Safe to repeat.

    It waits for what the helper's staff are just writing; whatever they begin after is refused.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: the actor is no director of the cooperative.
        ConsentNotFoundError: the cooperative never gave it.
    """
    row = lock_one(select(Consent).where(Consent.id == consent_id))
    if row is None or row.organisation_id != organisation_id:
        raise ConsentNotFoundError
    authorize(actor, Permission.CONSENT_MANAGE, row)
    if row.ended_at is None:
        _end(actor, row, Cause.WITHDRAWN, at)
        return True
    return False


def end_consents_to(
    *, actor: Actor, helper_organisation_id: int, cause: Cause, at: datetime
) -> Sequence[Consent]:
    """End everything that a helper was allowed, since it is taken off the market.

    It waits for what its staff are just writing.

    Returns:
        What stood until now.

    Raises:
        NotAllowedError: the actor is no officer of an alliance.
    """
    authorize(actor, Permission.ORGANISATION_VERIFY, None)
    return _end_all(
        select(Consent).where(Consent.helper_organisation_id == helper_organisation_id),
        actor,
        cause,
        at,
    )


def end_consents_in_union(
    *, actor: Actor, union: Organisation, member: Organisation, at: datetime
) -> Sequence[Consent]:
    """End what a cooperative has allowed a union that it belongs to no more.

    It waits for what the union's staff are just writing.

    Returns:
        What stood until now.

    Raises:
        NotAllowedError: the actor leads neither of the two.
    """
    if actor.organisation_id == union.id:
        authorize(actor, Permission.UNION_LEAD, union)
    else:
        authorize(actor, Permission.UNION_JOIN, member)
    lock_key("consent", f"{member.id}:{union.id}")
    return _end_all(
        select(Consent).where(
            Consent.organisation_id == member.id, Consent.helper_organisation_id == union.id
        ),
        actor,
        Cause.LEFT_UNION,
        at,
    )


def begin_helping(*, actor: Actor, consent_id: int, at: datetime) -> Consent:
    """Note that somebody of the helper begins to act for the cooperative.

    Args:
        actor: somebody of the helper, for the helper.
        consent_id: of which consent.
        at: when.

    Raises:
        ConsentNotFoundError: there is none, or it was not given to the actor's organisation.
        NotAllowedError: the actor has no role there that may act for others.
        ConsentEndedError: it does not stand any more.
    """
    row = lock_one(select(Consent).where(Consent.id == consent_id))
    if row is None or row.helper_organisation_id != actor.organisation_id:
        raise ConsentNotFoundError
    authorize(actor, Permission.CONSENT_USE, row)
    if row.ended_at is not None or not row.from_on <= business_day(at) <= row.until_on:
        raise ConsentEndedError
    audit.record(
        actor=actor,
        action="accounts.help_begun",
        subject_kind="consent",
        subject_id=row.id,
        at=at,
        on_behalf_of_id=row.organisation_id,
    )
    return row


def last_day(today: date) -> date:
    """The latest day until which a consent that is given on a day may hold."""
    years, month = divmod(today.month - 1 + LONGEST_MONTHS, 12)
    year = today.year + years
    for day in range(today.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:  # the 29th of February of a common year
            continue
    raise AssertionError("unreachable")


def _helper(consent: NewConsent, union_ids: Collection[int]) -> Organisation:
    _HELD_HELPER.ask(slug=consent.helper_slug)  # whoever suspends it waits, and finds the consent
    organisation = session.get_one(Organisation, consent.organisation_id)
    helper = session.scalar(
        select(Organisation).where(
            Organisation.slug == consent.helper_slug, may_help(organisation, union_ids)
        )
    )
    if helper is None:
        raise HelperUnknownError(field="helper")
    return helper


def _end_all(
    consents: Select[Consent], actor: Actor, cause: Cause, at: datetime
) -> Sequence[Consent]:
    standing = lock_all(
        consents.where(Consent.ended_at.is_(None), Consent.until_on >= business_day(at))
    )
    for row in standing:
        _end(actor, row, cause, at)
    return standing


def _end(actor: Actor, row: Consent, cause: Cause, at: datetime) -> None:
    row.ended_at, row.ended_by_id = at, actor.user_id
    session.flush()
    audit.record(
        actor=actor,
        action=ENDED,
        subject_kind="consent",
        subject_id=row.id,
        at=at,
        before={"scopes": row.scopes, "until_on": row.until_on.isoformat()},
        after={"cause": str(cause)},
    )
