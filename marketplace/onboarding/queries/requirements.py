"""The checklist as the alliance writes it, and whom a requirement concerns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import province_of, reaches, within_reach
from marketplace.onboarding.errors import RequirementNotFoundError
from marketplace.onboarding.rules import KINDS
from marketplace.platform.database import session
from models.accounts import Organisation
from models.onboarding import (
    Application,
    ApplicationCategory,
    ApplicationItem,
    ApplicationState,
    Requirement,
)

_LATER = aliased(Requirement)


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement in the list, and how many applications have it."""

    requirement: Requirement
    applications: int
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a requirement for such a kind, province and group of goods concerns.

    Attributes:
        drafts: applications that are being filled in: they get it.
        waiting: applications that are with the alliance: they do not.
        members: organisations of the market of that kind and province: they do not.
    """

    drafts: int
    waiting: int
    members: int


def checklist(*, viewer: Actor, is_active: bool = True) -> Sequence[RequirementRow]:
    """What is asked now, or what was asked once and was not replaced, in the order of the list.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.REQUIREMENT_EDIT, None)
    province = province_of(viewer)
    used = (
        select(func.count())
        .where(ApplicationItem.requirement_id == Requirement.id)
        .correlate(Requirement)
        .scalar_subquery()
    )
    statement = select(Requirement, used).where(Requirement.is_active.is_(is_active))
    if not is_active:
        later = exists().where(_LATER.replaces_id == Requirement.id)
        statement = statement.where(~later)
    rows = session.execute(statement.order_by(Requirement.position, Requirement.id))
    return [
        RequirementRow(row, count, province in {None, row.province_code}) for row, count in rows
    ]


def get_requirement(requirement_id: int, *, viewer: Actor) -> Requirement:
    """A requirement that the viewer's alliance may change.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        RequirementNotFoundError: there is none, it ended, or another alliance keeps it.
    """
    authorize(viewer, Permission.REQUIREMENT_EDIT, None)
    requirement = session.get(Requirement, requirement_id)
    if requirement is None or not reaches(viewer, requirement.province_code):
        raise RequirementNotFoundError
    if not requirement.is_active:
        raise RequirementNotFoundError
    return requirement


def concerned_by(
    *,
    viewer: Actor,
    kind: str | None,
    province_code: str | None,
    category_id: int | None,
) -> Concerned:
    """Whom in the viewer's reach a requirement would concern, before it is written.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.REQUIREMENT_EDIT, None)
    of_applications = within_reach(viewer, Application.province_code)
    of_members: list[ColumnElement[bool]] = [
        Organisation.kind.in_(KINDS),
        *within_reach(viewer, Organisation.province_code),
    ]
    if kind is not None:
        of_applications.append(Application.kind == kind)
        of_members.append(Organisation.kind == kind)
    if province_code is not None:
        of_applications.append(Application.province_code == province_code)
        of_members.append(Organisation.province_code == province_code)
    if category_id is not None:
        named = exists().where(
            ApplicationCategory.application_id == Application.id,
            ApplicationCategory.category_id == category_id,
        )
        of_applications.append(named)
    every = func.count()
    drafts, waiting = session.execute(
        select(
            every.filter(Application.state == ApplicationState.DRAFT),
            every.filter(
                Application.state.in_([ApplicationState.SUBMITTED, ApplicationState.RETURNED])
            ),
        ).where(*of_applications)
    ).one()
    members = session.scalar(select(func.count()).select_from(Organisation).where(*of_members))
    return Concerned(drafts, waiting, members or 0)
