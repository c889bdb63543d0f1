"""Letting others act for a cooperative: whom, how it ends, and both sides are told."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from marketplace.accounts import consents, queries
from marketplace.accounts.operations import consents as operations
from marketplace.accounts.operations.consents import Cause, NewConsent
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day
from marketplace.membership.unions import operations as unions
from marketplace.membership.unions.queries import union_ids_of
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from models.accounts import Organisation
from models.consents import Consent
from models.unions import UnionMembership


def helper_choices(organisation: Organisation, *, on: date) -> Sequence[tuple[str, str]]:
    """Whom a cooperative may let act on a day: slugs and names."""
    return consents.helper_choices(organisation, union_ids_of(organisation.id, on=on))


def grant_consent(*, actor: Actor, consent: NewConsent, at: datetime) -> Consent:
    """Let a helper act and tell both sides; the same again tells nobody.

    Raises:
        NotAllowedError, HelperUnknownError, ScopesMissingError, ConsentTooLongError: see
            `operations.grant_consent`.
    """
    union_ids = unions.hold_memberships(consent.organisation_id, on=business_day(at))
    row = operations.grant_consent(actor=actor, consent=consent, union_ids=union_ids, at=at)
    if row.granted_at == at:
        _tell(row, "consent_granted", at)
    return row


def end_consent(*, actor: Actor, organisation_id: int, consent_id: int, at: datetime) -> None:
    """Withdraw a consent and tell both sides; a second time nobody is told.

    Raises:
        NotAllowedError, ConsentNotFoundError: see `operations.end_consent`.
    """
    if operations.end_consent(
        actor=actor, organisation_id=organisation_id, consent_id=consent_id, at=at
    ):
        _tell(session.get_one(Consent, consent_id), "consent_ended", at, cause=Cause.WITHDRAWN)


def leave_union(
    *, actor: Actor, unit_id: int, left_on: date, at: datetime
) -> UnionMembership | None:
    """End a membership on a day; what the cooperative has allowed the union ends at once.

    Returns:
        The membership; None if it had ended before.

    Raises:
        UnitNotFoundError, NotAllowedError, LeavingDayError, kernel NotAllowedError: see
            `end_membership`.
    """
    unit = unions.end_membership(actor=actor, unit_id=unit_id, left_on=left_on, at=at)
    if unit is not None:
        ended = operations.end_consents_in_union(
            actor=actor,
            union=session.get_one(Organisation, unit.union_id),
            member=session.get_one(Organisation, unit.member_id),
            at=at,
        )
        _tell_ended(ended, Cause.LEFT_UNION, at)
    return unit


def end_consents_to(
    *, actor: Actor, helper_organisation_id: int, cause: Cause, at: datetime
) -> None:
    """End everything that a helper was allowed, and tell each cooperative and the helper.

    Raises:
        NotAllowedError: see `operations.end_consents_to`.
    """
    ended = operations.end_consents_to(
        actor=actor, helper_organisation_id=helper_organisation_id, cause=cause, at=at
    )
    _tell_ended(ended, cause, at)


def _tell_ended(ended: Iterable[Consent], cause: Cause, at: datetime) -> None:
    """Write to both sides of consents that ended before their last day."""
    for row in ended:
        _tell(row, "consent_ended", at, cause=cause)


def tell_of_last_day(*, consent_id: int, at: datetime) -> None:
    """Write to both sides that a consent runs out soon, or that it has; once each.

    One that was ended meanwhile is left alone.
    """
    row = session.get_one(Consent, consent_id)
    if row.ended_at is None:
        is_over = row.until_on < business_day(at)
        _tell(row, "consent_over" if is_over else "consent_ending", at)


def _tell(row: Consent, template: str, at: datetime, *, cause: str = "") -> None:
    """Write to those who lead the cooperative and to those who lead its helper."""
    cooperative = session.get_one(Organisation, row.organisation_id)
    helper = session.get_one(Organisation, row.helper_organisation_id)
    for side, url in (
        (cooperative, f"/quay/{cooperative.code}/uy-quyen"),
        (helper, "/lam-thay"),
    ):
        for person in queries.leaders_of(side):
            notify(
                key=f"{row.id}:{person.id}",
                recipient=person.email,
                locale=person.locale,
                template=template,
                at=at,
                name=person.full_name,
                organisation=cooperative.name,
                helper=helper.name,
                last_day=row.until_on,
                cause=cause,
                url=url,
            )
