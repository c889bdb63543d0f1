"""What ends by itself: waivers, and drafts that nobody goes on with."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from marketplace.accounts import queries as accounts
from marketplace.kernel.clock import business_day
from marketplace.notifications.operations import notify
from marketplace.onboarding import rules
from marketplace.onboarding.links import application_path, renew_link
from marketplace.onboarding.rules import ITEM
from marketplace.onboarding.telling import record, title_of
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.transitions import change_state
from models.accounts import Membership, Organisation, Role, User
from models.onboarding import (
    Application,
    ApplicationCategory,
    ApplicationItem,
    ApplicationState,
    ItemState,
    Requirement,
)

MOST_OFFICERS: Final = 20


def end_waiver(*, item_id: int, at: datetime) -> bool:
    """Open an item again whose waiver is over, and tell the director and the alliance.

    Returns:
        Whether it was opened just now. One of an application that is not on the market, or whose
        last day has not passed, is left alone.
    """
    application = lock_one(
        select(Application).where(
            Application.id
            == select(ApplicationItem.application_id)
            .where(ApplicationItem.id == item_id)
            .scalar_subquery()
        )
    )
    item = session.get(ApplicationItem, item_id, populate_existing=True)
    if application is None or item is None or item.state != ItemState.WAIVED:
        return False
    is_over = item.waived_until is not None and item.waived_until < business_day(at)
    if not is_over or application.state != ApplicationState.APPROVED:
        return False
    last_day, waived_by = item.waived_until, item.reviewed_by_organisation_id
    item.waived_until = None
    change_state(item, ITEM, ItemState.OPEN, actor=None, at=at)
    item.reviewed_by_id = item.reviewed_by_organisation_id = item.reviewed_at = None
    session.flush()
    record("waiver_over", application, actor=None, at=at, after={"item_id": item.id})
    requirement = session.get_one(Requirement, item.requirement_id)
    path = application_path(renew_link(application))
    titles = (requirement.title_vi, requirement.title_en)
    directors = accounts.directors_of(application.organisation_id or 0)
    for person, template in [
        *((each, "application_waiver_over") for each in directors),
        *((each, "waiver_over_alliance") for each in _officers(waived_by)),
    ]:
        notify(
            key=f"{item.id}:{last_day}:{person.id}",
            recipient=person.email,
            locale=person.locale,
            template=template,
            at=at,
            name=person.full_name,
            organisation=application.name,
            code=application.code,
            title=title_of(titles, person.locale),
            last_day=last_day,
            path=path,
        )
    return True


def forget_draft(*, application_id: int, at: datetime) -> bool:
    """Remove a draft that nobody has saved for 90 days; its files go with the unused ones.

    Returns:
        Whether it is gone.
    """
    application = lock_one(select(Application).where(Application.id == application_id))
    if application is None or application.state != ApplicationState.DRAFT:
        return False
    if application.saved_at > at - rules.DRAFT_LIFE:
        return False
    for table in (ApplicationItem, ApplicationCategory):
        session.execute(delete(table).where(table.application_id == application_id))
    record("draft_forgotten", application, actor=None, at=at)
    session.delete(application)
    session.flush()
    return True


def drafts_to_forget(at: datetime, limit: int = 200) -> list[int]:
    """Drafts that nobody has saved for 90 days, the oldest first."""
    old = at - rules.DRAFT_LIFE
    return list(
        session.scalars(
            select(Application.id)
            .where(Application.state == ApplicationState.DRAFT, Application.saved_at <= old)
            .order_by(Application.id)
            .limit(limit)
        )
    )


def waivers_over(at: datetime, limit: int = 200) -> list[int]:
    """Items of organisations on the market whose waiver is over, the longest first."""
    return list(
        session.scalars(
            select(ApplicationItem.id)
            .join(Application, Application.id == ApplicationItem.application_id)
            .where(
                ApplicationItem.state == ItemState.WAIVED,
                ApplicationItem.waived_until < business_day(at),
                Application.state == ApplicationState.APPROVED,
            )
            .order_by(ApplicationItem.waived_until, ApplicationItem.id)
            .limit(limit)
        )
    )


def _officers(organisation_id: int | None) -> list[User]:
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Organisation.id == organisation_id,
                Membership.role == Role.OFFICER,
                Membership.ended_at.is_(None),
                User.disabled_at.is_(None),
            )
            .order_by(Membership.id)
            .limit(MOST_OFFICERS)
        )
    )
