"""Holding an application: it stands for its items, so it is locked first and they need no lock."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import reaches
from marketplace.onboarding.errors import (
    ApplicationNotFoundError,
    ItemNotFoundError,
)
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.onboarding import Application, ApplicationItem, ApplicationState, Requirement


def lock_to_fill(actor: Actor, application_id: int) -> Application:
    """An application, locked for whoever holds its link.

    Raises:
        ApplicationNotFoundError: there is none.
        NotAllowedError: the actor does not hold its link.
    """
    application = _lock(application_id)
    authorize(actor, Permission.APPLICATION_FILL, application)
    return application


def lock_to_review(actor: Actor, application_id: int) -> Application:
    """An application, locked for an officer whose alliance decides about its province.

    Raises:
        NotAllowedError: the actor is no officer.
        ApplicationNotFoundError: there is none, it was never sent, or another alliance decides.
    """
    authorize(actor, Permission.APPLICATION_REVIEW, None)
    application = _lock(application_id)
    if application.state == ApplicationState.DRAFT or not reaches(actor, application.province_code):
        raise ApplicationNotFoundError
    return application


def item_of(application: Application, item_id: int) -> tuple[ApplicationItem, Requirement]:
    """One item of an application that is held, with its requirement.

    Raises:
        ItemNotFoundError: the application has none of this id.
    """
    for item, requirement in items_of(application):
        if item.id == item_id:
            return item, requirement
    raise ItemNotFoundError


def items_of(application: Application) -> Sequence[tuple[ApplicationItem, Requirement]]:
    """The items of an application that is held, in the order of the checklist."""
    rows = session.execute(
        select(ApplicationItem, Requirement)
        .join(Requirement, Requirement.id == ApplicationItem.requirement_id)
        .where(ApplicationItem.application_id == application.id)
        .order_by(Requirement.position, Requirement.id)
        .execution_options(populate_existing=True)
    )
    return [(item, requirement) for item, requirement in rows]


def _lock(application_id: int) -> Application:
    application = lock_one(select(Application).where(Application.id == application_id))
    if application is None:
        raise ApplicationNotFoundError
    return application
