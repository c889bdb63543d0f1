"""What the alliance decides about a whole application."""

from datetime import datetime

from marketplace.accounts.operations.founding import (
    FirstDirector,
    Founding,
    appoint_director,
    found_organisation,
)
from marketplace.accounts.permissions import Actor
from marketplace.media.operations import give_to
from marketplace.onboarding import rules
from marketplace.onboarding.errors import ItemsNotDoneError, NothingReturnedError
from marketplace.onboarding.locks import items_of, lock_to_review
from marketplace.onboarding.rules import APPLICATION
from marketplace.onboarding.telling import record, title_of, write_to_applicant
from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.platform.transitions import change_state
from models.onboarding import Application, ApplicationState, ItemState


def return_application(*, actor: Actor, application_id: int, at: datetime) -> Application:
    """Send an application back with the notes of its returned items. Twice is once.

    Raises:
        NotAllowedError, ApplicationNotFoundError: see `locks.lock_to_review`.
        NothingReturnedError: no item was returned.
        kernel NotAllowedError: it is not with the alliance.
    """
    application = lock_to_review(actor, application_id)
    if application.state == ApplicationState.RETURNED:
        return application
    APPLICATION.require(application.state, ApplicationState.RETURNED)
    notes = [
        (title_of((requirement.title_vi, requirement.title_en), application.locale), item.note)
        for item, requirement in items_of(application)
        if item.state == ItemState.RETURNED
    ]
    if not notes:
        raise NothingReturnedError
    reason = "\n".join(f"{title}: {note}" for title, note in notes)
    change_state(
        application, APPLICATION, ApplicationState.RETURNED, actor=actor, at=at, reason=reason
    )
    application.waiting_since = None
    session.flush()
    record("application_returned", application, actor=actor, at=at, reason=reason)
    write_to_applicant(application, "application_returned", at=at, notes=notes)
    return application


def reject_application(
    *, actor: Actor, application_id: int, reason: str, at: datetime
) -> Application:
    """Say no for good, and why. Twice is once.

    Raises:
        NotAllowedError, ApplicationNotFoundError: see `locks.lock_to_review`.
        NoteMissingError, TextTooLongError: no reason, or a long one.
        kernel NotAllowedError: it is not with the alliance.
    """
    application = lock_to_review(actor, application_id)
    reason = rules.read_note(reason, is_needed=True, field="reason")
    if not change_state(
        application, APPLICATION, ApplicationState.REJECTED, actor=actor, at=at, reason=reason
    ):
        return application
    _decided(application, actor, at)
    application.decision_note = reason
    session.flush()
    record("application_rejected", application, actor=actor, at=at, reason=reason)
    write_to_applicant(application, "application_rejected", at=at, reason=reason)
    return application


def approve_application(*, actor: Actor, application_id: int, at: datetime) -> Application:
    """Let the applicant onto the market: the organisation, its director, its papers. Twice is once.

    The organisation is verified by the actor's alliance; whoever applied becomes its director and
    gets a mail by which they choose a password, or with their account if they have one.

    Raises:
        NotAllowedError, ApplicationNotFoundError: see `locks.lock_to_review`.
        ItemsNotDoneError: an item is neither accepted nor waived.
        TaxCodeTakenError: an organisation of the market has its tax code.
        AccountDisabledError: the account of the applicant's address was closed.
        kernel NotAllowedError: it is not with the alliance.
    """
    application = lock_to_review(actor, application_id)
    if application.state == ApplicationState.APPROVED:
        return application
    APPLICATION.require(application.state, ApplicationState.APPROVED)
    items = items_of(application)
    open_count = sum(item.state not in rules.DONE for item, _ in items)
    if open_count:
        raise ItemsNotDoneError(count=open_count)
    organisation = found_organisation(actor=actor, founding=_founding(application), at=at)
    failpoint("onboarding.after_organisation")
    letter = appoint_director(
        actor=actor,
        organisation=organisation,
        person=FirstDirector(
            email=application.email,
            full_name=application.contact_name,
            phone=application.phone,
            locale=application.locale,
        ),
        at=at,
    )
    give_to(
        organisation_id=organisation.id,
        file_ids=[item.file_id for item, _ in items if item.file_id is not None],
    )
    application.organisation_id = organisation.id
    change_state(application, APPLICATION, ApplicationState.APPROVED, actor=actor, at=at)
    _decided(application, actor, at)
    session.flush()
    record(
        "application_approved",
        application,
        actor=actor,
        at=at,
        after={"organisation_id": organisation.id},
    )
    write_to_applicant(
        application,
        "application_approved",
        at=at,
        token=letter.token,
        desk=f"/quay/{organisation.code}",
    )
    return application


def _decided(application: Application, actor: Actor, at: datetime) -> None:
    application.waiting_since = None
    application.decided_at = at
    application.decided_by_id = actor.user_id
    application.decided_by_organisation_id = actor.organisation_id


def _founding(application: Application) -> Founding:
    return Founding(
        kind=application.kind,
        name=application.name,
        tax_code=application.tax_code,
        registration_number=application.registration_number,
        legal_representative=application.legal_representative,
        founded_on=application.founded_on,
        charter_capital_minor=application.charter_capital_minor,
        member_count=application.member_count,
        province_code=application.province_code or "",
        commune_code=application.commune_code,
        address=application.address,
        phone=application.phone,
        email=application.email,
        story_vi=application.story_vi,
    )
