"""Who may write a quote for a request, and until when."""

from datetime import datetime

from sqlalchemy import select

from marketplace.platform.database import session
from marketplace.sourcing.quotes.errors import QuoteNotWritableError
from marketplace.sourcing.quotes.reading import is_writable
from marketplace.sourcing.requests.errors import (
    RequestClosedError,
    RequestNotFoundError,
    UnverifiedSellerError,
)
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.queries import visible_to
from models.accounts import Organisation, VerificationState
from models.requests import Quote, Request, RequestState


def lock_visible(request_id: int, seller: Organisation) -> Request:
    """A request that a verified seller may quote for, held until the transaction ends.

    Raises:
        UnverifiedSellerError: the alliance has not checked the seller.
        RequestNotFoundError: there is none, or it is by invitation and the seller has none.
    """
    if seller.verification != VerificationState.VERIFIED:
        raise UnverifiedSellerError
    request = lock_request(request_id)
    seen = select(Request.id).where(Request.id == request.id, visible_to(seller.id))
    if session.scalar(seen) is None:
        raise RequestNotFoundError(request_id=request_id)
    return request


def require_writable(request: Request, quote: Quote | None, at: datetime) -> None:
    """Refuse whoever comes too late.

    Raises:
        RequestClosedError: the request is closed, if only for a second.
        QuoteNotWritableError: it is opened, and the buyer has not asked for another offer.
    """
    if is_writable(request, quote, at):
        return
    if request.state == RequestState.OPENED and quote is not None:
        raise QuoteNotWritableError(number=quote.number)
    raise RequestClosedError(number=request.number)
