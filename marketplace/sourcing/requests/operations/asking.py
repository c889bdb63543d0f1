"""What sellers do before they quote: decline, ask; and what the buyer answers."""

from datetime import datetime

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.audit import record, record_help
from marketplace.platform.database import session
from marketplace.sourcing.requests.errors import (
    AlreadyQuotedError,
    QuestionNotFoundError,
    RequestClosedError,
    RequestNotFoundError,
    TextMissingError,
    TooManyQuestionsError,
    UnverifiedSellerError,
)
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.queries.sellers import visible_to
from marketplace.sourcing.requests.rules import MOST_QUESTIONS, is_open
from models.accounts import Organisation
from models.requests import Quote, QuoteState, Request, RequestInvitation, RequestQuestion


def decline_invitation(
    *, actor: Actor, invitation: RequestInvitation, reason: str, at: datetime
) -> RequestInvitation:
    """Say that one will not quote. Again changes nothing.

    Args:
        actor: somebody who may quote for the invited seller.
        invitation: of `queries.find_invitation`.
        reason: for the buyer; may be empty.
        at: when.

    Raises:
        NotAllowedError: the actor may not.
        RequestClosedError: it takes no quotes any more.
        AlreadyQuotedError: the seller has sent a quote, which they would withdraw.
    """
    request = lock_request(invitation.request_id)
    authorize(actor, Permission.QUOTE_EDIT, invitation)
    session.refresh(invitation)
    if invitation.declined_at is not None:
        return invitation
    if not is_open(request, at):
        raise RequestClosedError
    quoted = select(Quote.id).where(
        Quote.request_id == request.id,
        Quote.organisation_id == invitation.organisation_id,
        Quote.state == QuoteState.SUBMITTED,
    )
    if session.scalar(quoted) is not None:
        raise AlreadyQuotedError
    invitation.declined_at = at
    invitation.decline_reason = " ".join(reason.split())
    record(
        actor=actor,
        action="sourcing.decline_invitation",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after={"number": request.number},
    )
    return invitation


def ask_question(
    *, actor: Actor, organisation_id: int, request_id: int, text: str, at: datetime
) -> RequestQuestion:
    """Ask the buyer something before the request closes. Others read it, and not who asked.

    Raises:
        RequestNotFoundError: there is none that this seller may read.
        NotAllowedError: the actor may not speak for the seller.
        UnverifiedSellerError: the alliance has not verified the seller.
        RequestClosedError: it takes no questions any more.
        TextMissingError: nothing is asked.
        TooManyQuestionsError: the seller has asked as much as one may.
    """
    request = lock_request(request_id)
    question = RequestQuestion(
        request_id=request_id,
        organisation_id=organisation_id,
        text=text.strip(),
        asked_at=at,
        asked_by_id=actor.user_id,
        answer="",
    )
    authorize(actor, Permission.QUOTE_EDIT, question)
    _require_reader(request, organisation_id)
    if not is_open(request, at):
        raise RequestClosedError
    if not question.text:
        raise TextMissingError(field="text")
    own = select(func.count()).where(
        RequestQuestion.request_id == request_id,
        RequestQuestion.organisation_id == organisation_id,
    )
    if (session.scalar(own) or 0) >= MOST_QUESTIONS:
        raise TooManyQuestionsError(most=MOST_QUESTIONS)
    session.add(question)
    session.flush()
    record_help(
        actor=actor,
        action="sourcing.ask_question",
        subject_kind="request",
        subject_id=request_id,
        at=at,
    )
    return question


def answer_question(
    *, actor: Actor, request_id: int, question_id: int, answer: str, at: datetime
) -> RequestQuestion:
    """Answer a question for all who may quote. An answer stands; the same again changes nothing.

    Raises:
        RequestNotFoundError, QuestionNotFoundError: there is none, or no such question about it.
        NotAllowedError: the actor may not speak for the buyer.
        RequestClosedError: the request is closed: an answer would come too late for everybody.
        TextMissingError: nothing is answered.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    question = session.get(RequestQuestion, question_id, populate_existing=True)
    if question is None or question.request_id != request_id:
        raise QuestionNotFoundError(question_id=question_id)
    if question.answered_at is not None:
        return question
    if not is_open(request, at):
        raise RequestClosedError
    if not answer.strip():
        raise TextMissingError(field="answer")
    question.answer = answer.strip()
    question.answered_at = at
    question.answered_by_id = actor.user_id
    session.flush()
    record(
        actor=actor,
        action="sourcing.answer_question",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after={"question_id": question.id},
    )
    return question


def _require_reader(request: Request, organisation_id: int) -> None:
    seen = select(Request.id).where(Request.id == request.id, visible_to(organisation_id))
    if session.scalar(seen) is None:
        raise RequestNotFoundError(request_id=request.id)
    seller = session.get(Organisation, organisation_id)
    if seller is None or not seller.is_verified:
        raise UnverifiedSellerError
