"""Reading consents: what a cooperative gave, and what a helper may use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from marketplace.accounts.permissions import (
    HELPER_KINDS,
    HELPER_ROLES,
    Actor,
    Permission,
    authorize,
)
from marketplace.accounts.queries import SessionMembership, SessionUser
from marketplace.accounts.rules import OUTSIDE
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from models.accounts import Organisation, OrganisationKind, Role, User, VerificationState
from models.consents import Consent
from models.platform import AuditEvent

ENDED: Final = "accounts.consent_ended"
"""What the audit trail calls the end of a consent; its `after` says the cause."""
TOLD_WITHIN: Final = timedelta(days=7)
"""So long before its last day both sides are told, and so long after at the latest."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent with the other side of it.

    Attributes:
        code: of the other organisation, as `name` and `kind` are.
        granted_by: the director who gave it.
        state: "standing", "over" (its days) or "ended" (before its last day).
        cause: why it ended before, a word of `operations.consents.Cause`; empty while it has not.
    """

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    scopes: Sequence[str]
    from_on: date
    until_on: date
    granted_at: datetime
    granted_by: str
    ended_at: datetime | None
    state: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """That somebody acts for a cooperative: as whom, and its place in the menus."""

    actor: Actor
    membership: SessionMembership


def consents_of(
    organisation: Organisation, *, viewer: Actor, at: datetime
) -> Sequence[ConsentView]:
    """What a cooperative has agreed to, ever; the latest first. Two statements.

    Raises:
        NotAllowedError: the viewer is no director of it.
    """
    authorize(viewer, Permission.CONSENT_MANAGE, organisation)
    statement = _with_other_side(Consent.helper_organisation_id).where(
        Consent.organisation_id == organisation.id
    )
    rows = session.execute(statement.order_by(Consent.id.desc())).all()
    causes = _causes([row[0].id for row in rows])
    return [_view(at, row[0], row[1], row[2], cause=causes.get(row[0].id, "")) for row in rows]


def consents_for(person: SessionUser, at: datetime) -> Sequence[ConsentView]:
    """The cooperatives that somebody may act for now, in alphabetical order; one statement."""
    today = business_day(at)
    statement = (
        _with_other_side(Consent.organisation_id)
        .where(
            Consent.helper_organisation_id.in_(sorted(_helpers(person))),
            Consent.ended_at.is_(None),
            Consent.from_on <= today,
            Consent.until_on >= today,
        )
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [_view(at, row[0], row[1], row[2]) for row in session.execute(statement)]


def may_help(organisation: Organisation, union_ids: Collection[int]) -> ColumnElement[bool]:
    """Whom a cooperative may choose: alliances for its province, and its unions on the market.

    Args:
        organisation: the cooperative.
        union_ids: the unions that it belongs to.
    """
    return or_(
        and_(
            Organisation.kind == OrganisationKind.ALLIANCE,
            or_(
                Organisation.covers_province_code.is_(None),
                Organisation.covers_province_code == organisation.province_code,
            ),
            Organisation.verification.notin_(sorted(OUTSIDE)),
        ),
        and_(
            Organisation.kind == OrganisationKind.UNION,
            Organisation.verification == VerificationState.VERIFIED,
            Organisation.id.in_(sorted(union_ids)),
        ),
    )


def helper_choices(
    organisation: Organisation, union_ids: Collection[int]
) -> Sequence[tuple[str, str]]:
    """The slugs and names of those whom a cooperative may choose; see `may_help`."""
    rows = session.execute(
        select(Organisation.slug, Organisation.name)
        .where(may_help(organisation, union_ids))
        .order_by(Organisation.kind, Organisation.sort_key, Organisation.id)
    )
    return [(slug, name) for slug, name in rows]


def consents_to_tell_of(today: date) -> tuple[Sequence[int], Sequence[int]]:
    """The ids of consents that run out within a week, and of those that ran out within a week.

    One that was given for a week or less is not announced before it is over.
    """
    ids = select(Consent.id).where(Consent.ended_at.is_(None)).order_by(Consent.id)
    ending = ids.where(
        Consent.until_on.between(today, today + TOLD_WITHIN),
        Consent.until_on - Consent.from_on > TOLD_WITHIN.days,
    )
    over = ids.where(Consent.until_on.between(today - TOLD_WITHIN, today - timedelta(days=1)))
    return session.scalars(ending).all(), session.scalars(over).all()


def helper_actor(person: SessionUser, consent_id: int) -> Actor:
    """Somebody as one of the helper's staff to whom a consent was given.

    Without such a role they are nobody in particular, and are refused as such.
    """
    helper_id = session.scalar(
        select(Consent.helper_organisation_id).where(Consent.id == consent_id)
    )
    membership = _helpers(person).get(helper_id or 0)
    if membership is None:
        return Actor(user_id=person.user_id)
    return Actor(person.user_id, helper_id, membership.kind, membership.role)


def find_help(person: SessionUser, consent_id: int, *, at: datetime) -> Help | None:
    """As whom somebody acts by a consent; None if it does not stand, or is not theirs."""
    today = business_day(at)
    found = session.execute(
        select(Consent, Organisation)
        .join(Organisation, Organisation.id == Consent.organisation_id)
        .where(
            Consent.id == consent_id,
            Consent.ended_at.is_(None),
            Consent.from_on <= today,
            Consent.until_on >= today,
        )
    ).one_or_none()
    if found is None or found[0].helper_organisation_id not in _helpers(person):
        return None
    consent, organisation = found
    actor = Actor(
        user_id=person.user_id,
        organisation_id=organisation.id,
        kind=organisation.kind,
        role=Role.DIRECTOR,  # within what `allows` lets through for the scopes
        helper_organisation_id=consent.helper_organisation_id,
        consent_id=consent.id,
        scopes=frozenset(consent.scopes),
    )
    return Help(
        actor,
        SessionMembership(
            organisation_id=organisation.id,
            code=organisation.code,
            slug=organisation.slug,
            name=organisation.name,
            short_name=organisation.short_name,
            kind=organisation.kind,
            verification=organisation.verification,
            province_code=organisation.province_code,
            role=Role.DIRECTOR,
        ),
    )


def helper_membership(person: SessionUser, organisation_id: int | None) -> SessionMembership | None:
    """The role by which somebody acts for others on behalf of a helper."""
    return _helpers(person).get(organisation_id or 0)


def _helpers(person: SessionUser) -> dict[int, SessionMembership]:
    return {
        each.organisation_id: each
        for each in person.memberships
        if each.kind in HELPER_KINDS and each.role in HELPER_ROLES
    }


def _with_other_side(
    other: InstrumentedAttribute[int],
) -> Select[Consent, Organisation, str]:
    granter = aliased(User)
    return (
        select(Consent, Organisation, granter.full_name)
        .join(Organisation, Organisation.id == other)
        .join(granter, granter.id == Consent.granted_by_id)
    )


def _causes(consent_ids: Collection[int]) -> Mapping[int, str]:
    """Why consents ended, by id."""
    rows = session.execute(
        select(AuditEvent.subject_id, AuditEvent.after["cause"].as_string()).where(
            AuditEvent.subject_kind == "consent",
            AuditEvent.subject_id.in_(consent_ids),
            AuditEvent.action == ENDED,
        )
    )
    return {consent_id: cause or "" for consent_id, cause in rows}


def _view(
    at: datetime, consent: Consent, other: Organisation, granted_by: str, *, cause: str = ""
) -> ConsentView:
    state = "ended" if consent.ended_at is not None else "standing"
    if state == "standing" and business_day(at) > consent.until_on:
        state = "over"
    return ConsentView(
        id=consent.id,
        code=other.code,
        name=other.name,
        short_name=other.short_name,
        kind=other.kind,
        scopes=tuple(consent.scopes),
        from_on=consent.from_on,
        until_on=consent.until_on,
        granted_at=consent.granted_at,
        granted_by=granted_by,
        ended_at=consent.ended_at,
        state=state,
        cause=cause,
    )
