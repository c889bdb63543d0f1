"""Filling in an application, step by step; every step is kept as soon as it is right."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select

from marketplace.accounts.operations.founding import has_tax_code
from marketplace.accounts.permissions import Actor
from marketplace.accounts.rules import read_text
from marketplace.geography.queries import require_place
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ALPHABET
from marketplace.media.operations import store_loose_paper
from marketplace.onboarding import rules
from marketplace.onboarding.errors import (
    CategoryMissingError,
    NotToFillError,
    RoomFullError,
    TaxCodeTakenError,
)
from marketplace.onboarding.links import renew_link
from marketplace.onboarding.locks import item_of, items_of, lock_to_fill
from marketplace.onboarding.rules import Facts, Given, Home, Person
from marketplace.onboarding.telling import record, write_to_applicant
from marketplace.platform.database import session
from models.catalogue import Category
from models.media import MediaFile
from models.onboarding import (
    Application,
    ApplicationCategory,
    ApplicationItem,
    ApplicationState,
    ItemState,
    Requirement,
)

CODE_LENGTH: Final = 6
FILLABLE: Final = {
    ApplicationState.DRAFT: (ItemState.OPEN,),
    ApplicationState.RETURNED: (ItemState.OPEN, ItemState.RETURNED),
    # Once it is on the market: what a waiver that ended has left open.
    ApplicationState.APPROVED: (ItemState.OPEN, ItemState.RETURNED),
}
"""Which items of an application the applicant may fill in, by its state."""


def start_application(*, actor: Actor, person: Person, at: datetime) -> Application:
    """Begin an application and mail the link by which one comes back to it.

    Raises:
        KindNotAdmittedError, FieldMissingError, EmailUnreadableError, NameMissingError,
        PhoneUnreadableError: as they say.
    """
    person = rules.read_person(person)
    application = Application(
        code=_code(at),
        email=person.email,
        contact_name=person.contact_name,
        phone=person.phone,
        locale=person.locale,
        kind=person.kind,
        step=1,
        state=ApplicationState.DRAFT,
        created_at=at,
        saved_at=at,
    )
    renew_link(application)
    session.add(application)
    session.flush()
    _sync_items(application)
    record("application_started", application, actor=actor, at=at, after={"kind": person.kind})
    write_to_applicant(application, "application_started", at=at)
    return application


def save_person(*, actor: Actor, application_id: int, person: Person, at: datetime) -> Application:
    """Change who applies. Another address gets a link of its own; the old one stops working.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        NotToFillError: it was sent.
        KindNotAdmittedError, FieldMissingError, EmailUnreadableError, NameMissingError,
        PhoneUnreadableError: as they say.
    """
    application = lock_to_fill(actor, application_id)
    _require_draft(application)
    person = rules.read_person(person)
    has_moved = application.email != person.email
    application.email, application.contact_name = person.email, person.contact_name
    application.phone = person.phone or ""
    application.kind, application.locale = person.kind, person.locale
    _saved(application, 1, at)
    _sync_items(application)
    if has_moved:
        write_to_applicant(application, "application_started", at=at)
    return application


def save_facts(*, actor: Actor, application_id: int, facts: Facts, at: datetime) -> Application:
    """Say what the register of business knows of the organisation.

    It can be mended in an application that came back, too.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        NotToFillError: it is with the alliance, or decided.
        TaxCodeTakenError: an organisation of the market has this tax code.
        NameMissingError, FieldMissingError, TaxCodeMissingError, TaxCodeWrongError,
        DayInFutureError, NumberOutOfBoundsError, TextTooLongError: as they say.
    """
    application = lock_to_fill(actor, application_id)
    if application.state not in {ApplicationState.DRAFT, ApplicationState.RETURNED}:
        raise NotToFillError
    facts = rules.read_facts(facts, kind=application.kind, today=business_day(at))
    if facts.tax_code and has_tax_code(facts.tax_code):
        raise TaxCodeTakenError(field="tax_code")
    application.name, application.tax_code = facts.name, facts.tax_code or None
    application.registration_number = facts.registration_number or None
    application.legal_representative = facts.legal_representative
    application.founded_on = facts.founded_on
    application.charter_capital_minor = facts.charter_capital_minor
    application.member_count = facts.member_count
    _saved(application, 2, at)
    session.flush()
    return application


def save_home(*, actor: Actor, application_id: int, home: Home, at: datetime) -> Application:
    """Say where the organisation is and what it sells; the checklist follows from it.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        NotToFillError: it was sent.
        UnknownProvinceError, UnknownCommuneError, CategoryMissingError, TextTooLongError: as they
            say.
    """
    application = lock_to_fill(actor, application_id)
    _require_draft(application)
    home = rules.read_home(home)
    require_place(home.province_code, home.commune_code)
    known = set(session.scalars(select(Category.id).where(Category.id.in_(home.category_ids))))
    if known != set(home.category_ids):
        raise CategoryMissingError(field="category_ids")
    application.province_code, application.commune_code = home.province_code, home.commune_code
    application.address, application.story_vi = home.address, home.story_vi
    session.execute(
        delete(ApplicationCategory).where(ApplicationCategory.application_id == application.id)
    )
    session.execute(
        insert(ApplicationCategory),
        [
            {"application_id": application.id, "category_id": category_id}
            for category_id in home.category_ids
        ],
    )
    _saved(application, 3, at)
    _sync_items(application)
    return application


def attach_paper(  # noqa: PLR0913 - a file, where it belongs, who brought it when
    *, actor: Actor, application_id: int, item_id: int, data: bytes, name: str, at: datetime
) -> MediaFile:
    """Put a file to an item, in place of the one before; the same bytes again change nothing.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        ItemNotFoundError: the application has no such item.
        NotToFillError: it cannot be changed now.
        RoomFullError: the application has no room left.
        FileMissingError, FileTooLargeError, NotAPaperError, PaperUnsafeError, NotAPhotoError,
        PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: see `media`.
    """
    application = lock_to_fill(actor, application_id)
    item, _requirement = item_of(application, item_id)
    _require_fillable(application, item)
    present = session.get(MediaFile, item.file_id) if item.file_id is not None else None
    if present is not None and present.sha256 == hashlib.sha256(data).hexdigest():
        return present
    used = session.scalar(
        select(func.coalesce(func.sum(MediaFile.byte_size), 0))
        .join(ApplicationItem, ApplicationItem.file_id == MediaFile.id)
        .where(ApplicationItem.application_id == application.id, ApplicationItem.id != item.id)
    )
    if int(used or 0) + len(data) > rules.ROOM_BYTES:
        raise RoomFullError(field="file", limit_mb=rules.ROOM_BYTES // 1024**2)
    file = store_loose_paper(actor=actor, data=data, name=name, at=at)
    if application.organisation_id is not None:
        file.organisation_id = application.organisation_id
    item.file_id = file.id
    _saved(application, 4, at)
    session.flush()
    return file


def fill_item(
    *, actor: Actor, application_id: int, item_id: int, given: Given, at: datetime
) -> ApplicationItem:
    """Write what is asked for besides the file: a text, or a tick. Safe to repeat.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        ItemNotFoundError: the application has no such item.
        NotToFillError: it cannot be changed now.
        TextTooLongError: more than 2000 characters.
    """
    application = lock_to_fill(actor, application_id)
    item, requirement = item_of(application, item_id)
    _require_fillable(application, item)
    if requirement.needs_text:
        item.answer = read_text(given.answer, rules.ANSWER_MAX, f"answer_{item.id}")
    if requirement.wants_word:
        item.is_confirmed = given.is_confirmed
    _saved(application, 4, at)
    session.flush()
    return item


def may_fill(application: Application, item: ApplicationItem) -> bool:
    """Whether the applicant may change an item now."""
    return item.state in FILLABLE.get(ApplicationState(application.state), ())


def _require_fillable(application: Application, item: ApplicationItem) -> None:
    if not may_fill(application, item):
        raise NotToFillError


def _require_draft(application: Application) -> None:
    if application.state != ApplicationState.DRAFT:
        raise NotToFillError


def _saved(application: Application, step: int, at: datetime) -> None:
    application.saved_at = at
    application.step = max(application.step, step)


def _sync_items(application: Application) -> None:
    """Let a draft have the items of the requirements that concern it now, and no others."""
    session.flush()
    chosen = select(ApplicationCategory.category_id).where(
        ApplicationCategory.application_id == application.id
    )
    categories: Collection[int] = set(session.scalars(chosen))
    had = {item.requirement_id: item for item, _ in items_of(application)}
    known = {each.id: each for each in session.scalars(select(Requirement))}
    wanted = {
        _version_at_hand(each, known, had)
        for each in known.values()
        if each.is_active
        and rules.concerns(
            (each.kind, each.province_code, each.category_id),
            kind=application.kind,
            province_code=application.province_code,
            category_ids=categories,
        )
    }
    for requirement_id, item in had.items():
        if requirement_id not in wanted:
            session.delete(item)
    for requirement_id in sorted(wanted - had.keys()):
        session.add(
            ApplicationItem(
                application_id=application.id,
                requirement_id=requirement_id,
                state=ItemState.OPEN,
            )
        )
    session.flush()


def _version_at_hand(
    requirement: Requirement, known: Mapping[int, Requirement], had: Collection[int]
) -> int:
    """The wording of a requirement that a draft has already, or else the one of today."""
    version: Requirement | None = requirement
    while version is not None:
        if version.id in had:
            return version.id
        version = known.get(version.replaces_id or 0)
    return requirement.id


def _code(at: datetime) -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"HS{business_day(at):%y%m%d}-{letters}"
