"""Closing an organisation for good, appealing against a decision, and answering the appeal."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import rules
from marketplace.accounts.errors import (
    AlreadyAppealedError,
    AppealNotFoundError,
    AppealPaperError,
    AppealTextMissingError,
    NothingToAppealError,
    OrganisationNotFoundError,
    OwnDecisionError,
)
from marketplace.accounts.locks import lock_checked, lock_organisation
from marketplace.accounts.operations.organisations import take_off
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.standing import find_decision
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.transitions import change_state
from models.accounts import Organisation, VerificationState
from models.media import FileKind, MediaFile
from models.platform import StateChange
from models.standing import Appeal, AppealState


def close_organisation(*, actor: Actor, organisation_id: int, reason: str, at: datetime) -> bool:
    """Take an organisation off the market for good; orders under way go on.

    Returns:
        Whether anything changed; closing twice is closing once.

    Raises:
        OrganisationNotFoundError, NotAllowedError, ReasonMissingError, TextTooLongError: see
            `take_off`.
    """
    return take_off(
        VerificationState.CLOSED,
        actor=actor,
        organisation_id=organisation_id,
        reason=reason,
        at=at,
    )


def appeal_decision(
    *, actor: Actor, organisation_id: int, text: str, file_id: int | None, at: datetime
) -> Appeal:
    """Ask the alliance to look again at what took the organisation off the market.

    The same words again are the same appeal.

    Args:
        actor: its director.
        organisation_id: whose standing it is about.
        text: why, up to 4,000 characters.
        file_id: a paper of the organisation that shows it; None for none.
        at: when.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not its director.
        AppealTextMissingError, TextTooLongError, AppealPaperError: as they say.
        NothingToAppealError: no decision keeps it off the market.
        AlreadyAppealedError: there is another appeal against the same decision.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_APPEAL, organisation)
    text = _read_words(text, "text")
    decision = find_decision(organisation.id, organisation.verification)
    if decision is None or actor.user_id is None:
        raise NothingToAppealError
    known = session.scalar(select(Appeal).where(Appeal.state_change_id == decision.id))
    if known is not None:
        if known.text != text:
            raise AlreadyAppealedError
        return known
    _require_own_paper(organisation.id, file_id)
    appeal = Appeal(
        organisation_id=organisation.id,
        state_change_id=decision.id,
        text=text,
        file_id=file_id,
        state=AppealState.OPEN,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(appeal)
    session.flush()
    audit.record(
        actor=actor,
        action="accounts.decision_appealed",
        subject_kind="appeal",
        subject_id=appeal.id,
        at=at,
        after={"organisation_id": organisation.id, "state_change_id": decision.id},
    )
    return appeal


def answer_appeal(
    *, actor: Actor, appeal_id: int, verdict: AppealState, reply: str, at: datetime
) -> bool:
    """Answer an appeal: the decision stays (denied), or the standing is what it was (upheld).

    A decision that is not in force any more is left as it is; only the answer is written down.

    Returns:
        Whether anything changed; the same answer twice is one answer.

    Raises:
        AppealNotFoundError: there is no such appeal, or another alliance decides.
        NotAllowedError: the actor is no officer of an alliance.
        AppealTextMissingError, TextTooLongError: the reply is empty or too long.
        OwnDecisionError: the actor took the decision.
        marketplace.kernel.states.NotAllowedError: it was answered otherwise before.
    """
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise AppealNotFoundError
    try:
        organisation = lock_checked(found.organisation_id, actor=actor)
    except OrganisationNotFoundError as error:
        raise AppealNotFoundError from error
    appeal = lock_one(select(Appeal).where(Appeal.id == appeal_id))
    if appeal is None:
        raise AppealNotFoundError
    reply = _read_words(reply, "reply")
    decision = session.get_one(StateChange, appeal.state_change_id)
    if actor.user_id is not None and decision.actor_user_id == actor.user_id:
        raise OwnDecisionError
    if not change_state(appeal, rules.APPEAL, verdict, actor=actor, at=at, reason=reply):
        return False
    appeal.reply, appeal.decided_at = reply, at
    appeal.decided_by_id = actor.user_id
    appeal.decided_by_organisation_id = actor.organisation_id
    if verdict == AppealState.UPHELD:
        _restore(organisation, decision, actor=actor, at=at, reason=reply)
    audit.record(
        actor=actor,
        action="accounts.appeal_answered",
        subject_kind="appeal",
        subject_id=appeal.id,
        at=at,
        after={"state": str(verdict), "verification": organisation.verification},
        reason=reply,
    )
    return True


def _restore(
    organisation: Organisation,
    decision: StateChange,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    in_force = find_decision(organisation.id, organisation.verification)
    if in_force is None or in_force.id != decision.id or decision.from_state is None:
        return
    change_state(
        organisation, rules.RESTORING, decision.from_state, actor=actor, at=at, reason=reason
    )


def _read_words(text: str, field: str) -> str:
    words = rules.read_text(text, rules.APPEAL_MAX, field)
    if not words:
        raise AppealTextMissingError(field=field)
    return words


def _require_own_paper(organisation_id: int, file_id: int | None) -> None:
    if file_id is None:
        return
    paper = session.get(MediaFile, file_id)
    if paper is None or paper.organisation_id != organisation_id or paper.kind != FileKind.PAPER:
        raise AppealPaperError(field="file")
