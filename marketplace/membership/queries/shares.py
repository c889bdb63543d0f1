"""What members have paid in: the book of an organisation, and the entries of one member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.membership import rules
from marketplace.membership.queries.members import OfRegister
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation, User
from models.membership import Household, ShareContribution


@dataclass(frozen=True, slots=True)
class ShareHolder:
    """A member who holds capital.

    Attributes:
        amount_minor: what they hold now, in đồng.
        share_bps: how much of the charter capital that is, in basis points.
        is_above_cap: whether the law allows an official member less.
    """

    code: str
    name: str
    is_official: bool
    left_on: date | None
    amount_minor: int
    last_on: date
    share_bps: int
    is_above_cap: bool


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """An entry of a member: paid in, or with a minus paid back."""

    id: int
    on_day: date
    amount_minor: int
    note: str
    recorded_at: datetime
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class ShareBook:
    """A page of those who hold capital, and what all of them hold.

    Attributes:
        total_minor: what all members hold, in đồng.
        holders: how many hold something.
        charter_minor: the registered charter capital; None where the organisation has not said.
        cap_bps: how much of it one official member may hold.
    """

    page: Page[ShareHolder]
    total_minor: int
    holders: int
    charter_minor: int | None
    cap_bps: int


def share_book(organisation_id: int, *, viewer: Actor, page: PageRequest) -> ShareBook:
    """Who holds how much, most first; three statements.

    Shares are counted against the registered charter capital, or against what all hold together
    where that is not known.

    Raises:
        NotAllowedError: the viewer does not see the shares.
    """
    authorize(viewer, Permission.SHARE_RECORD, OfRegister(organisation_id))
    kind, charter = session.execute(
        select(Organisation.kind, Organisation.charter_capital_minor).where(
            Organisation.id == organisation_id
        )
    ).one()
    held = (
        select(
            ShareContribution.household_id,
            func.sum(ShareContribution.amount_minor).label("amount"),
            func.max(ShareContribution.on_day).label("last_on"),
        )
        .where(ShareContribution.organisation_id == organisation_id)
        .group_by(ShareContribution.household_id)
        .having(func.sum(ShareContribution.amount_minor) > 0)
        .subquery()
    )
    count, total = session.execute(
        select(func.count(), func.coalesce(func.sum(held.c.amount), 0)).select_from(held)
    ).one()
    rows = session.execute(
        select(
            Household.code,
            Household.name,
            Household.is_official,
            Household.left_on,
            held.c.amount,
            held.c.last_on,
        )
        .join(held, held.c.household_id == Household.id)
        .order_by(held.c.amount.desc(), Household.id)
        .limit(page.size)
        .offset(page.offset)
    ).all()
    whole, cap = int(charter or total), rules.share_cap_bps(kind)
    holders = [
        ShareHolder(
            code=row.code,
            name=row.name,
            is_official=row.is_official,
            left_on=row.left_on,
            amount_minor=int(row.amount),
            last_on=row.last_on,
            share_bps=int(row.amount) * 10_000 // whole if whole else 0,
            is_above_cap=row.is_official
            and rules.holds_too_much(int(row.amount), whole, cap_bps=cap),
        )
        for row in rows
    ]
    return ShareBook(Page(holders, page, count), int(total), count, charter, cap)


def entries_of(member_id: int, *, organisation_id: int, viewer: Actor) -> Sequence[ShareEntry]:
    """The entries of a member, the latest first; one statement.

    Raises:
        NotAllowedError: the viewer does not see the shares.
    """
    authorize(viewer, Permission.SHARE_RECORD, OfRegister(organisation_id))
    recorder = aliased(User)
    rows = session.execute(
        select(
            ShareContribution.id,
            ShareContribution.on_day,
            ShareContribution.amount_minor,
            ShareContribution.note,
            ShareContribution.recorded_at,
            recorder.full_name,
        )
        .outerjoin(recorder, recorder.id == ShareContribution.recorded_by_id)
        .where(
            ShareContribution.household_id == member_id,
            ShareContribution.organisation_id == organisation_id,
        )
        .order_by(ShareContribution.on_day.desc(), ShareContribution.id.desc())
    )
    return [ShareEntry(*row) for row in rows]
