"""What an officer says about one item of an application."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day
from marketplace.onboarding import rules
from marketplace.onboarding.errors import NotToJudgeError, SecondOfficerNeededError
from marketplace.onboarding.locks import item_of, items_of, lock_to_review
from marketplace.onboarding.rules import ITEM, Verdict
from marketplace.onboarding.telling import record, title_of, write_to_applicant
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.onboarding import (
    Application,
    ApplicationItem,
    ApplicationState,
    ItemState,
    Requirement,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said: `note` for the applicant, `until` the last day of a waiver."""

    verdict: Verdict
    note: str = ""
    until: date | None = None


def judge_item(
    *, actor: Actor, application_id: int, item_id: int, judgement: Judgement, at: datetime
) -> ApplicationItem:
    """Accept an item, return it, let it wait, or take such a verdict back. Twice is once.

    Where two officers are asked for, the first approval is written down and the item waits for
    another officer's. What is returned reaches the applicant with the whole application; of one
    that is on the market already, at once.

    Raises:
        NotAllowedError, ApplicationNotFoundError: see `locks.lock_to_review`.
        ItemNotFoundError: the application has no such item.
        NotToJudgeError: the application or the item is not with the alliance.
        SecondOfficerNeededError: this officer has approved it before.
        NoteMissingError, WaiverDayError, TextTooLongError: as they say.
        kernel NotAllowedError: the item is in another state by now.
    """
    application = lock_to_review(actor, application_id)
    item, requirement = item_of(application, item_id)
    _require_at_hand(application, item)
    if judgement.verdict == Verdict.ACCEPT:
        changed = _accept(actor, item, requirement, at)
    elif judgement.verdict == Verdict.RETURN:
        changed = _return(actor, item, judgement, at)
    elif judgement.verdict == Verdict.WAIVE:
        changed = _waive(actor, item, judgement, at)
    else:
        changed = _undo(actor, item, at)
    session.flush()
    if changed:
        record(
            f"item_{judgement.verdict}",
            application,
            actor=actor,
            at=at,
            after={"item_id": item.id, "state": str(item.state)},
            reason=item.note or None,
        )
        if application.state == ApplicationState.APPROVED:
            _go_on_with_member(application, item, requirement, at)
    return item


def _require_at_hand(application: Application, item: ApplicationItem) -> None:
    is_open = application.state == ApplicationState.SUBMITTED
    is_late_paper = application.state == ApplicationState.APPROVED and item.state in {
        ItemState.SUBMITTED,
        ItemState.OPEN,
    }
    if not is_open and not is_late_paper:
        raise NotToJudgeError


def _accept(actor: Actor, item: ApplicationItem, requirement: Requirement, at: datetime) -> bool:
    if item.state == ItemState.ACCEPTED:
        return False
    ITEM.require(item.state, ItemState.ACCEPTED)
    if requirement.needs_two and item.reviewed_by_id is not None:
        if item.reviewed_by_id == actor.user_id:
            raise SecondOfficerNeededError
        item.second_by_id = actor.user_id
        item.second_by_organisation_id = actor.organisation_id
        item.second_at = at
    else:
        _reviewed(item, actor, at)
        item.note = ""
        if requirement.needs_two:
            return True
    return change_state(item, ITEM, ItemState.ACCEPTED, actor=actor, at=at)


def _return(actor: Actor, item: ApplicationItem, judgement: Judgement, at: datetime) -> bool:
    note = rules.read_note(judgement.note, is_needed=True)
    if item.state == ItemState.RETURNED and item.note == note:
        return False
    change_state(item, ITEM, ItemState.RETURNED, actor=actor, at=at, reason=note)
    item.note = note
    _reviewed(item, actor, at)
    return True


def _waive(actor: Actor, item: ApplicationItem, judgement: Judgement, at: datetime) -> bool:
    note = rules.read_note(judgement.note, is_needed=True)
    until = rules.require_waiver_day(judgement.until, today=business_day(at))
    if item.state == ItemState.WAIVED:
        return False
    ITEM.require(item.state, ItemState.WAIVED)
    item.waived_until, item.note = until, note
    _reviewed(item, actor, at)
    return change_state(item, ITEM, ItemState.WAIVED, actor=actor, at=at, reason=note)


def _undo(actor: Actor, item: ApplicationItem, at: datetime) -> bool:
    """Back to waiting for a verdict; also from a first approval of two."""
    had_first = item.state == ItemState.SUBMITTED and item.reviewed_by_id is not None
    item.waived_until, item.note = None, ""
    item.reviewed_by_id = item.reviewed_by_organisation_id = item.reviewed_at = None
    item.second_by_id = item.second_by_organisation_id = item.second_at = None
    return change_state(item, ITEM, ItemState.SUBMITTED, actor=actor, at=at) or had_first


def _reviewed(item: ApplicationItem, actor: Actor, at: datetime) -> None:
    item.reviewed_by_id = actor.user_id
    item.reviewed_by_organisation_id = actor.organisation_id
    item.reviewed_at = at
    item.second_by_id = item.second_by_organisation_id = item.second_at = None


def _go_on_with_member(
    application: Application, item: ApplicationItem, requirement: Requirement, at: datetime
) -> None:
    """Of an organisation that is on the market: it waits no longer, or is told what is wrong."""
    states = {each.state for each, _ in items_of(application)}
    if ItemState.SUBMITTED not in states:
        application.waiting_since = None
    if item.state == ItemState.RETURNED:
        title = title_of((requirement.title_vi, requirement.title_en), application.locale)
        write_to_applicant(application, "application_returned", at=at, notes=[(title, item.note)])
