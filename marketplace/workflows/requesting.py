"""The story of a request for quotation: publish, invite, change, end, ask and answer.

Each step is one operation of `sourcing.requests`; whoever is concerned is told by a job, so that a
hundred letters hold up nobody. What quotes hold in the supply book is free again when it ends.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import find_sellers
from marketplace.platform.queue import defer
from marketplace.sourcing.quotes.operations import close_quotes
from marketplace.sourcing.requests import operations
from marketplace.sourcing.requests.errors import UnknownSellerError
from marketplace.sourcing.requests.operations import Invited
from marketplace.sourcing.requests.rules import REMIND_BEFORE
from marketplace.sourcing.requests.terms import Terms
from marketplace.workflows.matching import Match
from models.requests import Request, RequestChange, RequestQuestion

TELL_INVITED: Final = "sourcing.tell_invited"
TELL_CHANGED: Final = "sourcing.tell_changed"
TELL_ENDED: Final = "sourcing.tell_ended"
TELL_ASKED: Final = "sourcing.tell_asked"
TELL_ANSWERED: Final = "sourcing.tell_answered"
REMIND: Final = "sourcing.remind_invited"
TELL_CLOSED: Final = "sourcing.tell_closed"


def publish_request(
    *, actor: Actor, request_id: int, invited: Sequence[Invited], at: datetime
) -> Request:
    """Publish a draft and write to those invited; see `operations.publish_request`."""
    request = operations.publish_request(actor=actor, request_id=request_id, invited=invited, at=at)
    if request.published_at == at:
        defer(TELL_INVITED, request_id=request.id)
        _watch_closing(request, at)
    return request


def invite_sellers(
    *, actor: Actor, request_id: int, invited: Sequence[Invited], at: datetime
) -> list[int]:
    """Ask more sellers and write to them; see `operations.invite_sellers`."""
    added = operations.invite_sellers(actor=actor, request_id=request_id, invited=invited, at=at)
    if added:
        defer(TELL_INVITED, request_id=request_id)
    return added


def change_request(
    *, actor: Actor, request_id: int, terms: Terms, at: datetime
) -> RequestChange | None:
    """Change a published request, tell what is different; see `operations.change_request`."""
    change = operations.change_request(actor=actor, request_id=request_id, terms=terms, at=at)
    if change is not None:
        defer(TELL_CHANGED, request_id=request_id, revision=change.revision)
        if any(each["field"] == "closes_at" for each in change.differences):
            _watch_closing_of(request_id, terms.closes_at, at)
    return change


def cancel_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """Call a request off and tell everybody concerned; see `operations.cancel_request`."""
    return _ended(
        actor,
        operations.cancel_request(actor=actor, request_id=request_id, reason=reason, at=at),
        at,
    )


def end_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """End a request without an award and tell everybody; see `operations.end_request`."""
    return _ended(
        actor, operations.end_request(actor=actor, request_id=request_id, reason=reason, at=at), at
    )


def ask_question(
    *, actor: Actor, organisation_id: int, request_id: int, text: str, at: datetime
) -> RequestQuestion:
    """Ask the buyer something, who hears of it; see `operations.ask_question`."""
    question = operations.ask_question(
        actor=actor, organisation_id=organisation_id, request_id=request_id, text=text, at=at
    )
    defer(TELL_ASKED, question_id=question.id)
    return question


def answer_question(
    *, actor: Actor, request_id: int, question_id: int, answer: str, at: datetime
) -> RequestQuestion:
    """Answer a question, which all who may quote read; see `operations.answer_question`."""
    question = operations.answer_question(
        actor=actor, request_id=request_id, question_id=question_id, answer=answer, at=at
    )
    if question.answered_at == at:
        defer(TELL_ANSWERED, question_id=question.id)
    return question


def chosen_sellers(
    matches: Iterable[Match], chosen: Iterable[int], codes: Sequence[str]
) -> list[Invited]:
    """Whom a buyer invites: of those that match the chosen ones, and others by their codes.

    Raises:
        UnknownSellerError: a code stands for no verified seller.
    """
    wanted = set(chosen)
    invited = {each.organisation_id: each.invited for each in matches}
    picked = {key: value for key, value in invited.items() if key in wanted}
    found = find_sellers(codes)
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise UnknownSellerError(field="codes", codes=", ".join(unknown))
    for organisation_id in found.values():
        picked.setdefault(organisation_id, invited.get(organisation_id, Invited(organisation_id)))
    return list(picked.values())


def _ended(actor: Actor, request: Request, at: datetime) -> Request:
    """Free what the quotes held, and let everybody be told."""
    if request.decided_at == at:
        close_quotes(actor=actor, request=request, at=at)
        defer(TELL_ENDED, request_id=request.id)
    return request


def _watch_closing(request: Request, at: datetime) -> None:
    _watch_closing_of(request.id, request.closes_at, at)


def _watch_closing_of(request_id: int, closes_at: datetime, at: datetime) -> None:
    """Be woken 48 hours before the closing, and at it.

    A job for a closing that was moved since does nothing: it names the moment it was made for.
    """
    moment = closes_at.isoformat()
    remind_at = closes_at - REMIND_BEFORE
    if remind_at > at:
        defer(REMIND, at=remind_at, request_id=request_id, closes_at=moment)
    defer(TELL_CLOSED, at=closes_at, request_id=request_id, closes_at=moment)
