"""Reading how far organisations are trusted: decisions, appeals, and what everybody may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from marketplace.accounts.errors import AppealNotFoundError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import within_reach
from marketplace.accounts.rules import OUTSIDE, STANDING
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.reading import read
from models.accounts import Organisation, User, VerificationState
from models.media import MediaFile
from models.platform import StateChange
from models.standing import Appeal, AppealState


@dataclass(frozen=True, slots=True)
class Decision:
    """What took an organisation off the market.

    Attributes:
        id: of the change of its standing.
        state: what it has been since, "suspended" or "closed".
        at: since when.
        reason: why, for its own people.
        alliance: who decided; None if nobody of an alliance did.
        alliance_id: of the same.
        appeal_id: the appeal against it, if there is one.
        appeal_state: how that stands.
    """

    id: int
    state: str
    at: datetime
    reason: str | None
    alliance: str | None
    alliance_id: int | None
    appeal_id: int | None
    appeal_state: str | None


@dataclass(frozen=True, slots=True)
class AppealPage:
    """An appeal with everything about it. `decider_id` took the decision it is against."""

    id: int
    organisation_id: int
    organisation_code: str
    organisation_name: str
    province_code: str
    verification: str
    state: str
    text: str
    file_name: str | None
    created_at: datetime
    by_name: str
    decision_state: str
    decision_at: datetime
    decision_reason: str | None
    decision_alliance: str | None
    decider_id: int | None
    reply: str
    decided_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an organisation's standing as everybody may know it: no person, no reason."""

    from_state: str | None
    to_state: str
    at: datetime
    alliance: str | None


_decided_by = aliased(Organisation)
_answered_by = aliased(Organisation)
_CHANGES: Final = StateChange.subject_kind == STANDING.name


def find_decision(organisation_id: int, verification: str) -> Decision | None:
    """The decision that keeps an organisation off the market; None if none does. One statement.

    What an appeal gave back is no decision: a suspension that a closing had replaced is the one
    it was before.

    Args:
        organisation_id: whose.
        verification: how it stands now.
    """
    if verification not in OUTSIDE:
        return None
    row = session.execute(
        select(
            StateChange.id,
            StateChange.to_state,
            StateChange.at,
            StateChange.reason,
            _decided_by.name,
            _decided_by.id,
            Appeal.id,
            Appeal.state,
        )
        .outerjoin(_decided_by, _decided_by.id == StateChange.actor_organisation_id)
        .outerjoin(Appeal, Appeal.state_change_id == StateChange.id)
        .where(
            _CHANGES,
            StateChange.subject_id == organisation_id,
            StateChange.to_state == verification,
            StateChange.from_state != VerificationState.CLOSED,
        )
        .order_by(StateChange.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Decision(*row)


_APPEALS: Final[Select[*tuple[Any, ...]]] = (
    select(
        Appeal.id,
        Organisation.id,
        Organisation.code,
        Organisation.name,
        Organisation.province_code,
        Organisation.verification,
        Appeal.state,
        Appeal.text,
        MediaFile.original_name,
        Appeal.created_at,
        User.full_name,
        StateChange.to_state,
        StateChange.at,
        StateChange.reason,
        _decided_by.name,
        StateChange.actor_user_id,
        Appeal.reply,
        Appeal.decided_at,
        _answered_by.name,
    )
    .join(Organisation, Organisation.id == Appeal.organisation_id)
    .join(StateChange, StateChange.id == Appeal.state_change_id)
    .join(User, User.id == Appeal.created_by_id)
    .outerjoin(MediaFile, MediaFile.id == Appeal.file_id)
    .outerjoin(_decided_by, _decided_by.id == StateChange.actor_organisation_id)
    .outerjoin(_answered_by, _answered_by.id == Appeal.decided_by_organisation_id)
)


def appeals_of(organisation: Organisation, *, viewer: Actor) -> Sequence[AppealPage]:
    """What an organisation has appealed against, the latest first.

    Raises:
        NotAllowedError: the viewer is not its director.
    """
    authorize(viewer, Permission.ORGANISATION_APPEAL, organisation)
    rows = session.execute(
        _APPEALS.where(Appeal.organisation_id == organisation.id).order_by(Appeal.id.desc())
    )
    return [AppealPage(*row) for row in rows]


def appeals_of_registry(*, viewer: Actor, page: PageRequest) -> Page[AppealPage]:
    """The appeals in reach: waiting ones first, longest waiting before; then the latest answers.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    waits = case((Appeal.state == AppealState.OPEN, 0), else_=1)
    reach = within_reach(viewer, Organisation.province_code)
    total = session.scalar(_count().where(*reach)) or 0
    rows = session.execute(
        _APPEALS.where(*reach)
        .order_by(waits, case((waits == 0, Appeal.created_at)), Appeal.decided_at.desc(), Appeal.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(rows=[AppealPage(*row) for row in rows], request=page, total=total)


def open_appeals(*, viewer: Actor) -> int:
    """How many appeals wait for an answer.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    reach = within_reach(viewer, Organisation.province_code)
    return session.scalar(_count().where(Appeal.state == AppealState.OPEN, *reach)) or 0


def get_appeal(appeal_id: int, *, viewer: Actor) -> AppealPage:
    """An appeal, for the alliance.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        AppealNotFoundError: there is none, or another alliance decides.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    reach = within_reach(viewer, Organisation.province_code)
    row = session.execute(_APPEALS.where(Appeal.id == appeal_id, *reach)).one_or_none()
    if row is None:
        raise AppealNotFoundError
    return AppealPage(*row)


def get_own_appeal_paper(appeal_id: int, *, organisation: Organisation, viewer: Actor) -> MediaFile:
    """The paper of an appeal, for the director whose organisation sent it.

    Raises:
        NotAllowedError: the viewer is not its director.
        AppealNotFoundError: there is no such appeal of it, or the appeal has no paper.
    """
    authorize(viewer, Permission.ORGANISATION_APPEAL, organisation)
    return _paper(Appeal.id == appeal_id, Appeal.organisation_id == organisation.id)


def get_appeal_paper(appeal_id: int, *, viewer: Actor) -> MediaFile:
    """The paper of an appeal, for the alliance.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        AppealNotFoundError: there is no such appeal, it has no paper, or another alliance decides.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    return _paper(Appeal.id == appeal_id, *within_reach(viewer, Organisation.province_code))


def _count() -> Select[int]:
    return (
        select(func.count())
        .select_from(Appeal)
        .join(Organisation, Organisation.id == Appeal.organisation_id)
    )


def _paper(*conditions: ColumnElement[bool]) -> MediaFile:
    paper = session.scalar(
        select(MediaFile)
        .join(Appeal, Appeal.file_id == MediaFile.id)
        .join(Organisation, Organisation.id == Appeal.organisation_id)
        .where(*conditions)
    )
    if paper is None:
        raise AppealNotFoundError
    return paper


def public_steps(organisation_id: int) -> Sequence[Step]:
    """How an organisation's standing has changed, the latest first; one statement."""
    rows = read(
        select(StateChange.from_state, StateChange.to_state, StateChange.at, _decided_by.name)
        .outerjoin(_decided_by, _decided_by.id == StateChange.actor_organisation_id)
        .where(_CHANGES, StateChange.subject_id == organisation_id)
        .order_by(StateChange.id.desc())
    )
    return [Step(*row) for row in rows]
