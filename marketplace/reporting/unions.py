"""What the members of a union come to together, and nothing of any one of them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.certification.queries import holds_on
from marketplace.membership.unions.rules import ENOUGH_SELLERS
from marketplace.platform.database import session
from marketplace.reporting.periods import Months, add_months, month_of
from models.accounts import Organisation
from models.certification import Certificate
from models.ledger import RevenueFact
from models.unions import UnionMembership, UnionMembershipState

MONTHS = 12


@dataclass(frozen=True, slots=True)
class RollUp:
    """A union's members added up.

    Attributes:
        cooperatives: how many belong to it today.
        members: how many members these have, as they say.
        certificates: how many of their certificates are in force today.
        months: the twelve full months that revenue is counted in.
        revenue_minor: what they sold in these months while they belonged to the union, net, whole
            đồng; None unless at least `ENOUGH_SELLERS` of them sold anything.
    """

    cooperatives: int
    members: int
    certificates: int
    months: Months
    revenue_minor: int | None


def roll_up(union: Organisation, *, viewer: Actor, today: date) -> RollUp:
    """The members of a union added up; three statements.

    Raises:
        NotAllowedError: the viewer does not lead the union.
    """
    authorize(viewer, Permission.UNION_LEAD, union)
    active = (
        UnionMembership.union_id == union.id,
        UnionMembership.state == UnionMembershipState.ACTIVE,
    )
    cooperatives, members = session.execute(
        select(func.count(), func.coalesce(func.sum(Organisation.member_count), 0))
        .select_from(UnionMembership)
        .join(Organisation, Organisation.id == UnionMembership.member_id)
        .where(*active)
    ).one()
    certificates = session.scalar(
        select(func.count())
        .select_from(Certificate)
        .join(UnionMembership, UnionMembership.member_id == Certificate.organisation_id)
        .where(*active, holds_on(today))
    )
    last = add_months(month_of(today), -1)
    months = Months.until(last, count=MONTHS)
    sellers, revenue = session.execute(
        select(
            func.count(RevenueFact.organisation_id.distinct()),
            func.coalesce(func.sum(RevenueFact.net_minor), 0),
        )
        .join(UnionMembership, UnionMembership.member_id == RevenueFact.organisation_id)
        .where(
            *active,
            RevenueFact.business_day >= months.first,
            RevenueFact.business_day < month_of(today),
            RevenueFact.business_day >= UnionMembership.joined_on,
        )
    ).one()
    return RollUp(
        cooperatives=cooperatives,
        members=int(members or 0),
        certificates=certificates or 0,
        months=months,
        revenue_minor=int(revenue or 0) if sellers >= ENOUGH_SELLERS else None,
    )
