"""Applications as the alliance sees them: what waits longest, and one with all its items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from marketplace.accounts.history import HistoryEntry, history_of
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import reaches, within_reach
from marketplace.onboarding.errors import ApplicationNotFoundError
from marketplace.onboarding.queries.filling import ItemView, categories_of, items_for
from marketplace.onboarding.rules import APPLICATION, DONE
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest, paginate
from models.accounts import Organisation
from models.onboarding import Application, ApplicationItem, ApplicationState, ItemState

WAITING: Final = "waiting"
"""What the queue calls everything that is with the alliance, late papers of members included."""
VIEWS: Final = (
    WAITING,
    ApplicationState.RETURNED,
    ApplicationState.APPROVED,
    ApplicationState.REJECTED,
    ApplicationState.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which applications an officer wants to see; an empty value filters nothing.

    Attributes:
        view: one of `VIEWS`.
    """

    view: str = WAITING
    kind: str = ""
    province_code: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An application in the list, and how many of its items are done."""

    application: Application
    items: int
    done: int
    returned: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One application for an officer.

    Attributes:
        twins: codes of other open applications in reach with the same tax code.
        taken_by: code of the organisation of the market that has its tax code; None if none has;
            empty if another alliance decides about that one.
        organisation_code: of the organisation that it became, if it did.
    """

    application: Application
    category_ids: tuple[int, ...]
    items: tuple[ItemView, ...]
    history: tuple[HistoryEntry, ...]
    twins: tuple[str, ...]
    taken_by: str | None
    organisation_code: str | None

    @property
    def open_count(self) -> int:
        """How many items are neither accepted nor waived."""
        return sum(item.state not in DONE for item in self.items)

    @property
    def returned_count(self) -> int:
        """How many items go back."""
        return sum(item.state == ItemState.RETURNED for item in self.items)


def queue(*, viewer: Actor, wanted: QueueFilter, page: PageRequest) -> Page[QueueRow]:
    """Applications of a view; those that wait come longest waiting first, others latest first.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    statement = select(Application).where(*_reach(viewer), *_matches(wanted), _in_view(wanted.view))
    if wanted.view == WAITING:
        statement = statement.order_by(Application.waiting_since, Application.id)
    else:
        statement = statement.order_by(Application.saved_at.desc(), Application.id.desc())
    found = paginate(statement, page)
    counts = _item_counts([each.id for each in found.rows])
    rows = [QueueRow(each, *counts.get(each.id, (0, 0, 0))) for each in found.rows]
    return Page(rows=rows, request=found.request, total=found.total)


def counts_by_state(*, viewer: Actor, wanted: QueueFilter) -> dict[str, int]:
    """How many applications each view has, whatever view `wanted` asks for.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    conditions = (*_reach(viewer), *_matches(wanted))
    rows = session.execute(
        select(
            Application.state,
            func.count(),
            func.count().filter(Application.waiting_since.is_not(None)),
        )
        .where(*conditions)
        .group_by(Application.state)
    ).all()
    return {
        WAITING: sum(waiting for _, _, waiting in rows),
        **{state: count for state, count, _ in rows},
    }


def count_waiting(*, viewer: Actor) -> int:
    """How many applications wait for the viewer's alliance.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    statement = select(func.count()).where(*_reach(viewer), Application.waiting_since.is_not(None))
    return session.scalar(statement) or 0


def next_waiting(*, viewer: Actor, after: Application) -> str | None:
    """The code of another application that waits, the longest one; None when none does.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    return session.scalar(
        select(Application.code)
        .where(*_reach(viewer), Application.waiting_since.is_not(None), Application.id != after.id)
        .order_by(Application.waiting_since, Application.id)
        .limit(1)
    )


def get_review_page(code: str, *, viewer: Actor) -> ReviewPage:
    """One application with all that an officer needs to decide.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        ApplicationNotFoundError: there is none, it was never sent, or another alliance decides.
    """
    application = session.scalar(
        select(Application).where(*_reach(viewer), Application.code == code)
    )
    if application is None:
        raise ApplicationNotFoundError
    return ReviewPage(
        application=application,
        category_ids=categories_of(application.id),
        items=items_for(application),
        history=tuple(history_of(APPLICATION, application.id)),
        twins=_twins(application, viewer),
        taken_by=_holder_of_tax_code(application, viewer),
        organisation_code=_organisation_code(Organisation.id == application.organisation_id)
        if application.organisation_id
        else None,
    )


def _reach(viewer: Actor) -> list[ColumnElement[bool]]:
    """What an officer may know of: no drafts, and of a provincial alliance its own province."""
    authorize(viewer, Permission.APPLICATION_REVIEW, None)
    return [
        Application.state != ApplicationState.DRAFT,
        or_(Application.submitted_at.is_not(None), Application.state != ApplicationState.WITHDRAWN),
        *within_reach(viewer, Application.province_code),
    ]


def _matches(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind:
        conditions.append(Application.kind == wanted.kind)
    if wanted.province_code:
        conditions.append(Application.province_code == wanted.province_code)
    return conditions


def _in_view(view: str) -> ColumnElement[bool]:
    if view == WAITING:
        return Application.waiting_since.is_not(None)
    return Application.state == view


def _item_counts(ids: Sequence[int]) -> Mapping[int, tuple[int, int, int]]:
    every = func.count()
    rows = session.execute(
        select(
            ApplicationItem.application_id,
            every,
            every.filter(ApplicationItem.state.in_(DONE)),
            every.filter(ApplicationItem.state == ItemState.RETURNED),
        )
        .where(ApplicationItem.application_id.in_(ids))
        .group_by(ApplicationItem.application_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _twins(application: Application, viewer: Actor) -> tuple[str, ...]:
    if not application.tax_code:
        return ()
    return tuple(
        session.scalars(
            select(Application.code)
            .where(
                Application.tax_code == application.tax_code,
                Application.id != application.id,
                *within_reach(viewer, Application.province_code),
                Application.state.in_([ApplicationState.SUBMITTED, ApplicationState.RETURNED]),
            )
            .order_by(Application.id)
            .limit(5)
        )
    )


def _holder_of_tax_code(application: Application, viewer: Actor) -> str | None:
    if not application.tax_code or application.organisation_id is not None:
        return None
    holder = session.execute(
        select(Organisation.code, Organisation.province_code).where(
            Organisation.tax_code == application.tax_code
        )
    ).one_or_none()
    if holder is None:
        return None
    return holder.code if reaches(viewer, holder.province_code) else ""


def _organisation_code(condition: ColumnElement[bool]) -> str | None:
    return session.scalar(select(Organisation.code).where(condition))
