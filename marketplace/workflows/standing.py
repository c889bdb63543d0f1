"""An alliance decides how far an organisation is trusted, and its directors are told."""

from datetime import datetime

from marketplace.accounts import queries
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations import standing as operations
from marketplace.accounts.operations.consents import Cause
from marketplace.accounts.permissions import SYSTEM, Actor
from marketplace.accounts.standing import find_decision, get_appeal
from marketplace.notifications.operations import notify
from marketplace.workflows import consenting
from models.accounts import Organisation, Role
from models.standing import Appeal, AppealState


def verify_organisation(*, actor: Actor, code: str, at: datetime) -> bool:
    """Let an organisation onto the market and tell its directors.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        OrganisationNotFoundError, NotAllowedError: see `organisations.verify_organisation`.
    """
    organisation = queries.get_organisation(code=code)
    changed = organisations.verify_organisation(actor=actor, organisation_id=organisation.id, at=at)
    if changed:
        _tell(organisation.id, organisation.name, code, "organisation_verified", at=at)
    return changed


def suspend_organisation(*, actor: Actor, code: str, reason: str, at: datetime) -> bool:
    """Take an organisation off the market and tell its directors why; it helps nobody any more.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        OrganisationNotFoundError, NotAllowedError, ReasonMissingError: see
            `organisations.suspend_organisation`.
    """
    organisation = queries.get_organisation(code=code)
    changed = organisations.suspend_organisation(
        actor=actor, organisation_id=organisation.id, reason=reason, at=at
    )
    if changed:
        _follow(organisation, Cause.HELPER_SUSPENDED, actor=actor, reason=reason, at=at)
    return changed


def close_organisation(*, actor: Actor, code: str, reason: str, at: datetime) -> bool:
    """Take it off the market for good and tell its directors why; it helps nobody any more.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        OrganisationNotFoundError, NotAllowedError, ReasonMissingError: see
            `operations.close_organisation`.
    """
    organisation = queries.get_organisation(code=code)
    changed = operations.close_organisation(
        actor=actor, organisation_id=organisation.id, reason=reason, at=at
    )
    if changed:
        _follow(organisation, Cause.HELPER_CLOSED, actor=actor, reason=reason, at=at)
    return changed


def appeal_decision(
    *, actor: Actor, organisation_id: int, text: str, file_id: int | None, at: datetime
) -> Appeal:
    """Appeal against what took an organisation off the market; its alliance is told.

    Raises:
        OrganisationNotFoundError, NotAllowedError, AppealTextMissingError, AppealPaperError,
        NothingToAppealError, AlreadyAppealedError: see `operations.appeal_decision`.
    """
    appeal = operations.appeal_decision(
        actor=actor, organisation_id=organisation_id, text=text, file_id=file_id, at=at
    )
    page = get_appeal(appeal.id, viewer=SYSTEM)
    decision = find_decision(organisation_id, page.verification)
    officers = queries.people_of(
        decision.alliance_id if decision and decision.alliance_id else 0, role=Role.OFFICER
    )
    for officer in officers:
        notify(
            key=f"{appeal.id}:{officer.id}",
            recipient=officer.email,
            locale=officer.locale,
            template="appeal_received",
            at=at,
            name=officer.full_name,
            organisation=page.organisation_name,
            appeal_id=appeal.id,
            text=appeal.text,
        )
    return appeal


def answer_appeal(
    *, actor: Actor, appeal_id: int, verdict: AppealState, reply: str, at: datetime
) -> bool:
    """Answer an appeal, and tell the directors.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        AppealNotFoundError, NotAllowedError, AppealTextMissingError, OwnDecisionError: see
            `operations.answer_appeal`.
    """
    changed = operations.answer_appeal(
        actor=actor, appeal_id=appeal_id, verdict=verdict, reply=reply, at=at
    )
    if changed:
        page = get_appeal(appeal_id, viewer=SYSTEM)
        _tell(
            page.organisation_id,
            page.organisation_name,
            page.organisation_code,
            f"appeal_{verdict}",
            at=at,
            reply=page.reply,
        )
    return changed


def _follow(
    organisation: Organisation, cause: Cause, *, actor: Actor, reason: str, at: datetime
) -> None:
    """What follows when an organisation is off the market, suspended or closed."""
    consenting.end_consents_to(
        actor=actor, helper_organisation_id=organisation.id, cause=cause, at=at
    )
    _tell(
        organisation.id,
        organisation.name,
        organisation.code,
        f"organisation_{organisation.verification}",
        at=at,
        reason=reason.strip(),
    )


def _tell(
    organisation_id: int, name: str, code: str, template: str, *, at: datetime, **more: str
) -> None:
    for director in queries.directors_of(organisation_id):
        notify(
            key=f"{code}:{director.id}:{at.isoformat()}",
            recipient=director.email,
            locale=director.locale,
            template=template,
            at=at,
            name=director.full_name,
            organisation=name,
            code=code,
            **more,
        )
