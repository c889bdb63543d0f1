"""What the operations on quotes read once they hold the request."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.platform.database import session
from marketplace.sourcing.quotes.errors import QuoteNotFoundError
from marketplace.sourcing.quotes.offer import Offer, unseal_offer
from marketplace.sourcing.quotes.rules import Asked
from marketplace.sourcing.requests.rules import is_open
from marketplace.sourcing.supply.rules import Wanted
from models.requests import (
    Quote,
    QuoteRevision,
    QuoteShare,
    QuoteState,
    Request,
    RequestLimit,
    RequestPeriod,
    RequestScheme,
    RequestState,
)

_FRESH: Final = {"populate_existing": True}


def asked_of(request: Request) -> Asked:
    """What bounds the offers for a request; three statements."""
    periods = session.execute(
        select(RequestPeriod.month, RequestPeriod.quantity_g).where(
            RequestPeriod.request_id == request.id
        )
    )
    limits = session.scalars(
        select(RequestLimit.position).where(RequestLimit.request_id == request.id)
    )
    schemes = session.scalars(
        select(RequestScheme.scheme_code).where(RequestScheme.request_id == request.id)
    )
    return Asked(
        periods={month: grams for month, grams in periods},  # noqa: C416 - rows are no pairs
        tolerance_bps=request.tolerance_bps,
        subjects=frozenset(
            [*(f"limit:{position}" for position in limits), *(f"scheme:{code}" for code in schemes)]
        ),
    )


def find_quote(request_id: int, seller_id: int) -> Quote | None:
    """The latest quote of a seller for a request, perhaps withdrawn; or None."""
    return session.scalar(
        select(Quote)
        .where(Quote.request_id == request_id, Quote.organisation_id == seller_id)
        .order_by(Quote.id.desc())
        .limit(1)
        .execution_options(**_FRESH)
    )


def get_quote(number: str) -> Quote:
    """A quote by its number.

    Raises:
        QuoteNotFoundError: there is none.
    """
    quote = session.scalar(select(Quote).where(Quote.number == number))
    if quote is None:
        raise QuoteNotFoundError(number=number)
    return quote


def quotes_in(request_id: int, *states: QuoteState) -> Sequence[Quote]:
    """The quotes for a request that are in one of these states, in the order they came."""
    return session.scalars(
        select(Quote)
        .where(Quote.request_id == request_id, Quote.state.in_(states))
        .order_by(Quote.id)
        .execution_options(**_FRESH)
    ).all()


def last_revision(quote: Quote) -> QuoteRevision | None:
    """What was sent last; None if nothing was."""
    return session.scalar(
        select(QuoteRevision).where(
            QuoteRevision.quote_id == quote.id, QuoteRevision.revision == quote.revision
        )
    )


def last_offer(quote: Quote) -> Offer | None:
    """What was offered last, read; None if nothing was."""
    revision = last_revision(quote)
    if revision is None:
        return None
    return unseal_offer(quote.number, revision.revision, revision.sealed)


def shares_in(quote_id: int) -> Sequence[QuoteShare]:
    """The shares of a joint quote with the answers to them."""
    return session.scalars(
        select(QuoteShare)
        .where(QuoteShare.quote_id == quote_id)
        .order_by(QuoteShare.organisation_id, QuoteShare.month)
        .execution_options(**_FRESH)
    ).all()


def is_asked(quote: Quote, revision: QuoteRevision | None) -> bool:
    """Whether the buyer waits for a better offer than the last one."""
    if quote.asked_at is None or quote.state != QuoteState.OPENED:
        return False
    return revision is None or revision.submitted_at < quote.asked_at


def is_writable(request: Request, quote: Quote | None, at: datetime) -> bool:
    """Whether an offer may be written and sent now."""
    if is_open(request, at):
        return True
    is_wanted = request.state == RequestState.OPENED and quote is not None
    return is_wanted and quote is not None and is_asked(quote, last_revision(quote))


def wanted_of(offer: Offer) -> list[Wanted]:
    """What an offer needs of the supply books."""
    if offer.is_joint:
        return [
            Wanted(each.product_id, each.grade, each.month, each.grams) for each in offer.shares
        ]
    product_id = offer.product_id
    if product_id is None:
        return []
    return [Wanted(product_id, offer.grade, month, grams) for month, grams in offer.volumes.items()]


def numbers_of(quotes: Iterable[Quote]) -> list[str]:
    """Their numbers, in order."""
    return sorted(quote.number for quote in quotes)
