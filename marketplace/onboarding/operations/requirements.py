"""Writing the checklist of the alliance."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import reaches
from marketplace.accounts.rules import NAME_MAX, read_name, read_text
from marketplace.geography.queries import require_place
from marketplace.onboarding import rules
from marketplace.onboarding.errors import (
    CategoryMissingError,
    FieldMissingError,
    KindNotAdmittedError,
    OutOfReachError,
    RequirementNotFoundError,
)
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.catalogue import Category
from models.onboarding import ApplicationItem, Requirement, Topic

HELP_MAX: Final = 1000
POSITION_STEP: Final = 10


@dataclass(frozen=True, slots=True)
class NewRequirement:
    """What the alliance wants, of whom; None in kind, province, category means any."""

    topic: str
    kind: str | None
    province_code: str | None
    category_id: int | None
    title_vi: str
    title_en: str
    help_vi: str
    help_en: str
    needs_file: bool
    needs_text: bool
    needs_two: bool


def add_requirement(*, actor: Actor, wanted: NewRequirement, at: datetime) -> Requirement:
    """Ask something new of those who apply from now on; members of the market are left alone.

    Raises:
        NotAllowedError: the actor is no officer.
        OutOfReachError: a provincial alliance asks it of another province, or of all.
        FieldMissingError, NameMissingError, TextTooLongError, KindNotAdmittedError,
        UnknownProvinceError, CategoryMissingError: as they say.
    """
    authorize(actor, Permission.REQUIREMENT_EDIT, None)
    values = _read(actor, wanted)
    last = session.scalar(select(func.coalesce(func.max(Requirement.position), 0)))
    requirement = Requirement(
        **values,
        position=int(last or 0) + POSITION_STEP,
        is_active=True,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(requirement)
    session.flush()
    _record("requirement_added", requirement, actor, at)
    return requirement


def change_requirement(
    *, actor: Actor, requirement_id: int, wanted: NewRequirement, at: datetime
) -> Requirement:
    """Say a requirement anew. One that applications have is replaced, so that they keep its words.

    Returns:
        The requirement that holds from now on: another row, if applications have the former.

    Raises:
        RequirementNotFoundError: there is none, it ended, or another alliance keeps it.
        NotAllowedError, OutOfReachError, FieldMissingError, NameMissingError, TextTooLongError,
        KindNotAdmittedError, UnknownProvinceError, CategoryMissingError: as for a new one.
    """
    requirement = _lock(actor, requirement_id)
    if not requirement.is_active:
        raise RequirementNotFoundError
    values = _read(actor, wanted)
    if all(getattr(requirement, name) == value for name, value in values.items()):
        return requirement
    if not _is_used(requirement.id):
        for name, value in values.items():
            setattr(requirement, name, value)
        session.flush()
        _record("requirement_changed", requirement, actor, at)
        return requirement
    _end(requirement, at)
    successor = Requirement(
        **values,
        position=requirement.position,
        is_active=True,
        created_at=at,
        created_by_id=actor.user_id,
        replaces_id=requirement.id,
    )
    session.add(successor)
    session.flush()
    _record("requirement_replaced", successor, actor, at)
    return successor


def end_requirement(*, actor: Actor, requirement_id: int, at: datetime) -> Requirement:
    """Ask it of nobody from now on; who was asked keeps it. Safe to repeat.

    Raises:
        RequirementNotFoundError: there is none, or another alliance keeps it.
        NotAllowedError: the actor is no officer.
    """
    requirement = _lock(actor, requirement_id)
    if requirement.is_active:
        _end(requirement, at)
        session.flush()
        _record("requirement_ended", requirement, actor, at)
    return requirement


def restore_requirement(*, actor: Actor, requirement_id: int, at: datetime) -> Requirement:
    """Ask again what was not asked any more; one that was replaced stays in the past.

    Raises:
        RequirementNotFoundError: there is none, it was replaced, or another alliance keeps it.
        NotAllowedError: the actor is no officer.
    """
    requirement = _lock(actor, requirement_id)
    was_replaced = session.scalar(select(exists().where(Requirement.replaces_id == requirement.id)))
    if was_replaced:
        raise RequirementNotFoundError
    if not requirement.is_active:
        requirement.is_active, requirement.ended_at = True, None
        session.flush()
        _record("requirement_restored", requirement, actor, at)
    return requirement


def _lock(actor: Actor, requirement_id: int) -> Requirement:
    authorize(actor, Permission.REQUIREMENT_EDIT, None)
    requirement = lock_one(select(Requirement).where(Requirement.id == requirement_id))
    if requirement is None or not reaches(actor, requirement.province_code):
        raise RequirementNotFoundError
    return requirement


def _read(actor: Actor, wanted: NewRequirement) -> dict[str, Any]:
    if wanted.topic not in set(Topic):
        raise FieldMissingError(field="topic")
    if wanted.kind is not None and wanted.kind not in rules.KINDS:
        raise KindNotAdmittedError(field="kind")
    if wanted.province_code is not None:
        require_place(wanted.province_code, None)
    if not reaches(actor, wanted.province_code):
        raise OutOfReachError(field="province_code")
    if wanted.category_id is not None and session.get(Category, wanted.category_id) is None:
        raise CategoryMissingError(field="category_id")
    return asdict(wanted) | {
        "title_vi": read_name(wanted.title_vi, "title_vi"),
        "title_en": read_text(wanted.title_en, NAME_MAX, "title_en"),
        "help_vi": read_text(wanted.help_vi, HELP_MAX, "help_vi"),
        "help_en": read_text(wanted.help_en, HELP_MAX, "help_en"),
    }


def _end(requirement: Requirement, at: datetime) -> None:
    requirement.is_active, requirement.ended_at = False, at


def _is_used(requirement_id: int) -> bool:
    return bool(
        session.scalar(select(exists().where(ApplicationItem.requirement_id == requirement_id)))
    )


def _record(action: str, requirement: Requirement, actor: Actor, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=f"onboarding.{action}",
        subject_kind="requirement",
        subject_id=requirement.id,
        at=at,
        after={
            "title_vi": requirement.title_vi,
            "kind": requirement.kind,
            "province_code": requirement.province_code,
            "category_id": requirement.category_id,
            "is_active": requirement.is_active,
        },
    )
