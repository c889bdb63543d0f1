"""Opening all quotes of a request together, and asking for better ones afterwards."""

from collections.abc import Collection
from datetime import datetime

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from marketplace.sourcing.quotes.errors import (
    NotClosedYetError,
    NotOpenedError,
    QuoteNotFoundError,
    TextTooLongError,
)
from marketplace.sourcing.quotes.offer import document_of, unseal_offer
from marketplace.sourcing.quotes.reading import is_asked, last_revision, numbers_of, quotes_in
from marketplace.sourcing.quotes.rules import NOTE_MAX, QUOTE
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.rules import REQUEST, can_be_opened
from models.requests import OpenedOffer, Quote, QuoteState, RequestOpening, RequestState


def open_quotes(*, actor: Actor, request_id: int, at: datetime) -> bool:
    """Open all quotes that were sent, together; the opening is kept for ever.

    Args:
        actor: who buys.
        request_id: of which request.
        at: when; the closing moment is the first at which it may be.

    Returns:
        Whether anything changed: a second press finds them open.

    Raises:
        RequestNotFoundError: there is no such request.
        NotAllowedError: the actor does not buy for the enterprise.
        NotClosedYetError: quotes may still come.
        NotOpenedError: the request was cancelled, or ended without quotes.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    if request.state in {RequestState.OPENED, RequestState.AWARDED}:
        return False
    if request.state != RequestState.OPEN:
        raise NotOpenedError(number=request.number)
    if not can_be_opened(request, at):
        raise NotClosedYetError(number=request.number)
    assert actor.user_id is not None  # noqa: S101 - only people buy
    request.opened_at = at
    change_state(request, REQUEST, RequestState.OPENED, actor=actor, at=at)
    quotes = quotes_in(request.id, QuoteState.SUBMITTED)
    for quote in quotes:
        _open(actor, quote, at)
    session.add(
        RequestOpening(request_id=request.id, quote_count=len(quotes), at=at, by_id=actor.user_id)
    )
    session.flush()
    record(
        actor=actor,
        action="sourcing.open_quotes",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after={"number": request.number, "quotes": numbers_of(quotes)},
    )
    return True


def ask_for_better(
    *, actor: Actor, request_id: int, numbers: Collection[str], text: str, at: datetime
) -> list[Quote]:
    """Ask sellers whose quotes are open for a better offer; each may send one more revision.

    Who has been asked and has not answered is not asked again with the same words.

    Args:
        actor: who buys.
        request_id: of which request.
        numbers: of which quotes; none: all of them.
        text: what the buyer says.
        at: when.

    Returns:
        The quotes whose sellers are to be told.

    Raises:
        RequestNotFoundError, QuoteNotFoundError: there is no such request or quote.
        NotAllowedError: the actor does not buy for the enterprise.
        NotOpenedError: the quotes are not open, or it has been decided.
        TextTooLongError: nobody reads that much.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    if request.state != RequestState.OPENED:
        raise NotOpenedError(number=request.number)
    if len(text) > NOTE_MAX:
        raise TextTooLongError(field="text", most=NOTE_MAX)
    quotes = quotes_in(request.id, QuoteState.OPENED)
    if not set(numbers) <= {quote.number for quote in quotes}:
        raise QuoteNotFoundError
    asked = []
    for quote in quotes:
        if numbers and quote.number not in numbers:
            continue
        if is_asked(quote, last_revision(quote)) and quote.asked_text == text:
            continue
        quote.asked_at, quote.asked_text = at, text
        asked.append(quote)
    session.flush()
    if asked:
        record(
            actor=actor,
            action="sourcing.ask_better_quote",
            subject_kind="request",
            subject_id=request.id,
            at=at,
            after={"number": request.number, "quotes": numbers_of(asked)},
        )
    return asked


def _open(actor: Actor, quote: Quote, at: datetime) -> None:
    revision = last_revision(quote)
    assert revision is not None  # noqa: S101 - it was sent
    offer = unseal_offer(quote.number, revision.revision, revision.sealed)
    session.add(OpenedOffer(revision_id=revision.id, offer=document_of(offer), opened_at=at))
    quote.draft = ""  # what was never sent is of no use to anybody
    change_state(quote, QUOTE, QuoteState.OPENED, actor=actor, at=at)
