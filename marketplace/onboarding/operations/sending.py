"""Sending an application to the alliance, and taking it back."""

from datetime import datetime

from marketplace.accounts.operations.founding import has_tax_code
from marketplace.accounts.permissions import Actor
from marketplace.onboarding import rules
from marketplace.onboarding.errors import (
    ItemsMissingError,
    NotToFillError,
    StepMissingError,
    TaxCodeTakenError,
)
from marketplace.onboarding.locks import items_of, lock_to_fill
from marketplace.onboarding.rules import APPLICATION, ITEM, TO_SEND
from marketplace.onboarding.telling import record, write_to_applicant
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.onboarding import (
    Application,
    ApplicationItem,
    ApplicationState,
    ItemState,
    Requirement,
)


def send_application(*, actor: Actor, application_id: int, at: datetime) -> Application:
    """Hand an application to the alliance: whole, or what came back. Sending twice is once.

    One that is on the market already sends what a waiver that ended has left open.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        NotToFillError: it is over, or there is nothing to send.
        StepMissingError: a step has not been filled in.
        ItemsMissingError: `details["item_ids"]` lack a file, a text or a tick.
        TaxCodeTakenError: meanwhile an organisation of the market has its tax code.
    """
    application = lock_to_fill(actor, application_id)
    if application.state == ApplicationState.SUBMITTED:
        return application
    to_send = [
        (item, requirement) for item, requirement in items_of(application) if item.state in TO_SEND
    ]
    is_on_market = application.state == ApplicationState.APPROVED
    if is_on_market and not to_send:
        return application
    if not is_on_market:
        APPLICATION.require(application.state, ApplicationState.SUBMITTED)
        _require_steps(application)
    _require_complete(to_send)
    for item, _requirement in to_send:
        _hand_over(item, actor, at)
    if not is_on_market:
        change_state(application, APPLICATION, ApplicationState.SUBMITTED, actor=actor, at=at)
        application.submitted_at = application.submitted_at or at
        application.step = rules.STEPS
    application.waiting_since = application.waiting_since or at
    application.saved_at = at
    session.flush()
    record("application_sent", application, actor=actor, at=at, after={"items": len(to_send)})
    write_to_applicant(application, "application_received", at=at)
    return application


def withdraw_application(*, actor: Actor, application_id: int, at: datetime) -> Application:
    """Take an application back for good. Withdrawing twice is withdrawing once.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        kernel NotAllowedError: it was decided.
    """
    application = lock_to_fill(actor, application_id)
    if change_state(application, APPLICATION, ApplicationState.WITHDRAWN, actor=actor, at=at):
        application.waiting_since = None
        application.decided_at = at
        session.flush()
        record("application_withdrawn", application, actor=actor, at=at)
    return application


def mail_link_again(*, actor: Actor, application_id: int, at: datetime) -> Application:
    """Mail the link once more to the address of the application.

    Raises:
        ApplicationNotFoundError, NotAllowedError: see `locks.lock_to_fill`.
        NotToFillError: it is over.
    """
    application = lock_to_fill(actor, application_id)
    if APPLICATION.is_final(application.state):
        raise NotToFillError
    write_to_applicant(application, "application_started", at=at)
    return application


def _require_steps(application: Application) -> None:
    if not application.name or not application.legal_representative:
        raise StepMissingError(step=2)
    if application.province_code is None:
        raise StepMissingError(step=3)
    if application.tax_code and has_tax_code(application.tax_code):
        raise TaxCodeTakenError(field="tax_code")


def _require_complete(items: list[tuple[ApplicationItem, Requirement]]) -> None:
    lacking = [item.id for item, requirement in items if not is_filled(item, requirement)]
    if lacking:
        raise ItemsMissingError(item_ids=lacking)


def is_filled(item: ApplicationItem, requirement: Requirement) -> bool:
    """Whether an item has what its requirement asks for."""
    return rules.is_complete(
        needs_file=requirement.needs_file,
        needs_text=requirement.needs_text,
        has_file=item.file_id is not None,
        has_text=bool(item.answer),
        is_confirmed=item.is_confirmed,
    )


def _hand_over(item: ApplicationItem, actor: Actor, at: datetime) -> None:
    """An item goes to the alliance anew: whoever looked at it before has not seen this."""
    change_state(item, ITEM, ItemState.SUBMITTED, actor=actor, at=at)
    item.reviewed_by_id = item.reviewed_by_organisation_id = item.reviewed_at = None
    item.second_by_id = item.second_by_organisation_id = item.second_at = None
