"""Letting an alliance or a union act for a cooperative, beginning to, and ending it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.consent_errors import (
    ConsentEndedError,
    ConsentNotFoundError,
    ConsentTooLongError,
    HelperUnknownError,
    ScopesMissingError,
)
from marketplace.accounts.permissions import HELPER_KINDS, Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all, lock_key, lock_one
from models.accounts import Organisation, OrganisationKind
from models.consents import Consent, ConsentScope

LONGEST_MONTHS: Final = 12


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


def grant_consent(*, actor: Actor, consent: NewConsent, at: datetime) -> Consent:
    """Let the staff of a helper act from today on; an earlier consent to the same helper ends.

    The same consent again changes nothing.

    Raises:
        NotAllowedError: the actor is no director of the cooperative.
        HelperUnknownError: it is neither an alliance nor a union, or the cooperative itself.
        ScopesMissingError: it would allow nothing.
        ConsentTooLongError: the last day is past or too far away.
    """
    authorize(actor, Permission.CONSENT_MANAGE, consent)
    helper = _helper(consent)
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
        _end(actor, earlier, at)
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


def end_consent(*, actor: Actor, organisation_id: int, consent_id: int, at: datetime) -> None:
    """Withdraw a consent, at once. Safe to repeat.

    It waits for what the helper's staff are just writing; whatever they begin after is refused.

    Raises:
        NotAllowedError: the actor is no director of the cooperative.
        ConsentNotFoundError: the cooperative never gave it.
    """
    row = lock_one(select(Consent).where(Consent.id == consent_id))
    if row is None or row.organisation_id != organisation_id:
        raise ConsentNotFoundError
    authorize(actor, Permission.CONSENT_MANAGE, row)
    if row.ended_at is None:
        _end(actor, row, at)


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


def _helper(consent: NewConsent) -> Organisation:
    helper = session.scalar(select(Organisation).where(Organisation.slug == consent.helper_slug))
    is_one = (
        helper is not None
        and helper.kind in HELPER_KINDS
        and helper.id != consent.organisation_id
        and (helper.is_verified or helper.kind == OrganisationKind.ALLIANCE)
    )
    if helper is None or not is_one:
        raise HelperUnknownError(field="helper")
    return helper


def _end(actor: Actor, row: Consent, at: datetime) -> None:
    row.ended_at, row.ended_by_id = at, actor.user_id
    session.flush()
    audit.record(
        actor=actor,
        action="accounts.consent_ended",
        subject_kind="consent",
        subject_id=row.id,
        at=at,
        before={"scopes": row.scopes, "until_on": row.until_on.isoformat()},
    )
