"""Offers that were opened or chosen with a certificate, for whoever ends or withdraws one."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from marketplace.platform.database import session
from marketplace.sourcing.quotes.offer import offer_of
from marketplace.sourcing.quotes.reading import wanted_of
from models.requests import (
    Award,
    AwardPart,
    OpenedOffer,
    Quote,
    QuoteRevision,
    QuoteState,
    Request,
    RequestScheme,
    RequestState,
)


class RelyingQuote(NamedTuple):
    """An opened quote, the request that it answers, and the goods in question."""

    quote: Quote
    request: Request
    product_ids: frozenset[int]


class RelyingPart(NamedTuple):
    """A part of an award, and the request that it answers."""

    part: AwardPart
    request: Request


def quotes_relying(scheme_code: str, product_ids: Collection[int]) -> list[RelyingQuote]:
    """Opened quotes with some goods for requests that want a scheme and are not decided yet.

    Sealed ones stay out of it: that somebody quotes is nobody's to know before the opening. So do
    those that say themselves that they lack it. For workflows: asks nobody. One statement.
    """
    rows = session.execute(
        select(Quote, Request, OpenedOffer.offer)
        .join(Request, Request.id == Quote.request_id)
        .join(RequestScheme, RequestScheme.request_id == Request.id)
        .join(
            QuoteRevision,
            (QuoteRevision.quote_id == Quote.id) & (QuoteRevision.revision == Quote.revision),
        )
        .join(OpenedOffer, OpenedOffer.revision_id == QuoteRevision.id)
        .where(
            Quote.state == QuoteState.OPENED,
            Request.state == RequestState.OPENED,
            RequestScheme.scheme_code == scheme_code,
        )
        .order_by(Quote.id)
    )
    found = []
    for quote, request, document in rows:
        offer = offer_of(document)
        goods = frozenset(each.product_id for each in wanted_of(offer)) & set(product_ids)
        if goods and f"scheme:{scheme_code}" not in offer.deviations:
            found.append(RelyingQuote(quote, request, frozenset(goods)))
    return found


def parts_relying(
    scheme_code: str, product_ids: Collection[int], *, since: date
) -> list[RelyingPart]:
    """Parts of awards that were decided with a certificate of a scheme, from a month on.

    For workflows: asks nobody. One statement.
    """
    rows = session.execute(
        select(AwardPart, Request)
        .join(Award, Award.id == AwardPart.award_id)
        .join(Request, Request.id == Award.request_id)
        .join(RequestScheme, RequestScheme.request_id == Request.id)
        .where(
            AwardPart.product_id.in_(product_ids),
            AwardPart.month >= since,
            AwardPart.snapshot["certificates"].contains([{"scheme": scheme_code}]),
            RequestScheme.scheme_code == scheme_code,
        )
        .order_by(AwardPart.id)
    )
    return [RelyingPart(*row) for row in rows]
