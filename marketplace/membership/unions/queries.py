"""Reading who belongs to which union."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, and_, case, or_, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.reading import read
from models.accounts import Organisation, OrganisationKind, VerificationState
from models.unions import UnionMembership, UnionMembershipState


@dataclass(frozen=True, slots=True)
class Unit:
    """A membership as one side sees it: who the other side is, and from when to when.

    Of the other side nothing is told but what everybody may know.
    """

    id: int
    state: str
    proposed_at: datetime
    joined_on: date | None
    left_on: date | None
    name: str
    slug: str
    province_code: str
    verification: str


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """A union that a cooperative belongs to today, or a cooperative of a union."""

    slug: str
    name: str
    name_en: str | None
    joined_on: date


def units_of(organisation: Organisation, *, viewer: Actor) -> Sequence[Unit]:
    """The members of a union, or the unions of a cooperative: proposals first, then by name.

    What was declined is left out.

    Raises:
        NotAllowedError: the viewer does not lead the organisation.
    """
    is_union = organisation.kind == OrganisationKind.UNION
    authorize(viewer, Permission.UNION_LEAD if is_union else Permission.UNION_JOIN, organisation)
    own, other = UnionMembership.member_id, UnionMembership.union_id
    if is_union:
        own, other = other, own
    rows = session.execute(
        select(
            UnionMembership.id,
            UnionMembership.state,
            UnionMembership.proposed_at,
            UnionMembership.joined_on,
            UnionMembership.left_on,
            Organisation.name,
            Organisation.slug,
            Organisation.province_code,
            Organisation.verification,
        )
        .join(Organisation, Organisation.id == other)
        .where(own == organisation.id, UnionMembership.state != UnionMembershipState.DECLINED)
        .order_by(
            case(
                (UnionMembership.state == UnionMembershipState.PROPOSED, 0),
                (UnionMembership.state == UnionMembershipState.ACTIVE, 1),
                else_=2,
            ),
            Organisation.sort_key,
            UnionMembership.id,
        )
    )
    return [Unit(*row) for row in rows]


def union_ids_of(organisation_id: int, *, on: date) -> Sequence[int]:
    """The unions that a cooperative belongs to on a day. For workflows: asks nobody."""
    return session.scalars(
        select(UnionMembership.union_id).where(
            UnionMembership.member_id == organisation_id, *holds_on(on)
        )
    ).all()


def holds_on(
    day: date | BindParameter[date],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions under which a membership holds on a day."""
    return (
        UnionMembership.joined_on <= day,
        or_(UnionMembership.left_on.is_(None), UnionMembership.left_on > day),
    )


def public_units(organisation_id: int) -> Sequence[PublicUnit]:
    """The other sides of an organisation's memberships that hold, on the market. One statement."""
    rows = read(
        select(
            Organisation.slug,
            Organisation.name,
            Organisation.name_en,
            UnionMembership.joined_on,
        )
        .join(
            UnionMembership,
            or_(
                and_(
                    UnionMembership.union_id == organisation_id,
                    UnionMembership.member_id == Organisation.id,
                ),
                and_(
                    UnionMembership.member_id == organisation_id,
                    UnionMembership.union_id == Organisation.id,
                ),
            ),
        )
        .where(
            UnionMembership.state == UnionMembershipState.ACTIVE,
            Organisation.verification == VerificationState.VERIFIED,
        )
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [PublicUnit(*row) for row in rows]
