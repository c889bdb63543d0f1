"""An application as whoever fills it in sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.accounts.operations.founding import has_tax_code
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.tokens import hash_of
from marketplace.onboarding import rules
from marketplace.onboarding.errors import ApplicationNotFoundError, ItemNotFoundError
from marketplace.onboarding.operations.filling import may_fill
from marketplace.onboarding.operations.sending import is_filled
from marketplace.onboarding.rules import APPLICATION
from marketplace.onboarding.telling import title_of
from marketplace.platform.database import session
from models.accounts import Organisation, User
from models.media import MediaFile
from models.onboarding import (
    Application,
    ApplicationCategory,
    ApplicationItem,
    ApplicationState,
    Requirement,
)
from models.platform import StateChange


@dataclass(frozen=True, slots=True)
class ItemView:
    """One requirement of an application, and how far it is.

    Attributes:
        titles, helps: in Vietnamese and English.
        may_fill: whether the applicant may change it now.
        is_filled: whether it has what is asked for.
        reviewers: the names of the officers who looked at it, for the alliance only.
        reviewer_ids: who they are.
    """

    id: int
    topic: str
    titles: tuple[str, str]
    helps: tuple[str, str]
    needs_file: bool
    needs_text: bool
    needs_two: bool
    wants_word: bool
    state: str
    answer: str
    is_confirmed: bool
    file: MediaFile | None
    note: str
    waived_until: date | None
    may_fill: bool
    is_filled: bool
    reviewers: tuple[str, ...]
    reviewer_ids: tuple[int, ...]
    reviewed_at: datetime | None

    def title(self, locale: str) -> str:
        """What is asked for, in a language."""
        return title_of(self.titles, locale)

    def help(self, locale: str) -> str:
        """How it is meant, in a language."""
        return title_of(self.helps, locale)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an application. `by` is an alliance's name, or None."""

    to_state: str
    at: datetime
    by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FormPage:
    """An application for whoever fills it in.

    Attributes:
        organisation_code: of the organisation that it became, if it did.
        is_taken: whether an organisation of the market has its tax code by now.
    """

    application: Application
    category_ids: tuple[int, ...]
    items: tuple[ItemView, ...]
    steps: tuple[Step, ...]
    organisation_code: str | None
    is_taken: bool

    @property
    def to_fill(self) -> tuple[ItemView, ...]:
        """The items that the applicant may change now."""
        return tuple(item for item in self.items if item.may_fill)

    @property
    def lacking(self) -> tuple[ItemView, ...]:
        """The items without which it cannot be sent."""
        return tuple(item for item in self.to_fill if not item.is_filled)

    @property
    def has_facts(self) -> bool:
        """Whether the second step is done."""
        return bool(self.application.name)

    @property
    def has_home(self) -> bool:
        """Whether the third step is done."""
        return self.application.province_code is not None

    @property
    def next_step(self) -> int:
        """Where somebody goes on who comes back."""
        if not self.has_facts:
            return 2
        if not self.has_home:
            return 3
        return 4 if self.lacking else 5


def find_application_id(token: str) -> int | None:
    """The id of the application that a link opens; None if the link is none of ours any more."""
    return session.scalar(
        select(Application.id).where(Application.resume_token_hash == hash_of(token))
    )


def get_form_page(application_id: int, *, viewer: Actor) -> FormPage:
    """An application, for whoever holds its link.

    Raises:
        ApplicationNotFoundError: there is none.
        NotAllowedError: the viewer does not hold its link.
    """
    application = session.get(Application, application_id)
    if application is None:
        raise ApplicationNotFoundError
    authorize(viewer, Permission.APPLICATION_FILL, application)
    code = None
    if application.organisation_id is not None:
        code = session.scalar(
            select(Organisation.code).where(Organisation.id == application.organisation_id)
        )
    is_open = not APPLICATION.is_final(application.state)
    return FormPage(
        application=application,
        category_ids=categories_of(application.id),
        items=items_for(application),
        steps=steps_of(application),
        organisation_code=code,
        is_taken=bool(is_open and application.tax_code and has_tax_code(application.tax_code)),
    )


def get_paper(application_id: int, item_id: int) -> MediaFile:
    """The file of an item. Whether the reader may see it has been asked before.

    Raises:
        ItemNotFoundError: no such item, or it has no file.
    """
    file = session.scalar(
        select(MediaFile)
        .join(ApplicationItem, ApplicationItem.file_id == MediaFile.id)
        .where(ApplicationItem.id == item_id, ApplicationItem.application_id == application_id)
    )
    if file is None:
        raise ItemNotFoundError
    return file


def categories_of(application_id: int) -> tuple[int, ...]:
    """The groups of goods that an applicant named."""
    return tuple(
        session.scalars(
            select(ApplicationCategory.category_id)
            .where(ApplicationCategory.application_id == application_id)
            .order_by(ApplicationCategory.category_id)
        )
    )


def items_for(application: Application) -> tuple[ItemView, ...]:
    """The items of an application in the order of the checklist. One statement."""
    first, second = aliased(User), aliased(User)
    rows = session.execute(
        select(ApplicationItem, Requirement, MediaFile, first.full_name, second.full_name)
        .join(Requirement, Requirement.id == ApplicationItem.requirement_id)
        .outerjoin(MediaFile, MediaFile.id == ApplicationItem.file_id)
        .outerjoin(first, first.id == ApplicationItem.reviewed_by_id)
        .outerjoin(second, second.id == ApplicationItem.second_by_id)
        .where(ApplicationItem.application_id == application.id)
        .order_by(Requirement.position, Requirement.id)
    )
    return tuple(
        ItemView(
            id=item.id,
            topic=requirement.topic,
            titles=(requirement.title_vi, requirement.title_en),
            helps=(requirement.help_vi, requirement.help_en),
            needs_file=requirement.needs_file,
            needs_text=requirement.needs_text,
            needs_two=requirement.needs_two,
            wants_word=requirement.wants_word,
            state=item.state,
            answer=item.answer,
            is_confirmed=item.is_confirmed,
            file=file,
            note=item.note,
            waived_until=item.waived_until,
            may_fill=may_fill(application, item),
            is_filled=is_filled(item, requirement),
            reviewers=tuple(name for name in (by, also_by) if name),
            reviewer_ids=tuple(
                each for each in (item.reviewed_by_id, item.second_by_id) if each is not None
            ),
            reviewed_at=item.second_at or item.reviewed_at,
        )
        for item, requirement, file, by, also_by in rows
    )


def steps_of(application: Application) -> tuple[Step, ...]:
    """What happened to an application, the first thing first; people are not named."""
    rows: Sequence[tuple[str, datetime, str | None, str | None]] = [
        (row.to_state, row.at, row.short_name, row.reason)
        for row in session.execute(
            select(
                StateChange.to_state,
                StateChange.at,
                Organisation.short_name,
                StateChange.reason,
            )
            .outerjoin(Organisation, Organisation.id == StateChange.actor_organisation_id)
            .where(
                StateChange.subject_kind == rules.APPLICATION.name,
                StateChange.subject_id == application.id,
            )
            .order_by(StateChange.id)
        )
    ]
    return (
        Step(ApplicationState.DRAFT, application.created_at, None, None),
        *(Step(*row) for row in rows),
    )
