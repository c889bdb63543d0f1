"""A cooperative's share of the joint quotes that its unions lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, cast, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.sourcing.quotes.errors import QuoteNotFoundError
from marketplace.sourcing.quotes.offer import Offer, Share, unseal_draft
from marketplace.sourcing.quotes.operations.sharing import seen_by
from marketplace.sourcing.quotes.reading import get_quote, is_writable, last_offer, shares_in
from models.accounts import Organisation
from models.catalogue import Product
from models.requests import Quote, QuoteShare, QuoteState, Request

MOST_SHOWN: Final = 100


class ShareListed(NamedTuple):
    """A share in a list: nothing of the price."""

    number: str
    quote_state: str
    state: str
    union: str
    title: str
    closes_at: datetime
    grams: int


@dataclass(frozen=True, slots=True)
class JointShare:
    """A joint quote as a cooperative in it reads it: its own share, the price, the terms.

    Attributes:
        shares: Its own share, month by month.
        products: The names of its products, Vietnamese and English, by id.
        seen: What an answer to it names.
        can_answer: Whether the union still waits for one.
    """

    number: str
    quote_state: str
    state: str
    union: str
    request: Request
    offer: Offer
    shares: Sequence[Share]
    products: Mapping[int, tuple[str, str]]
    seen: str
    can_answer: bool


def shares_of(member: Organisation, *, viewer: Actor) -> list[ShareListed]:
    """The joint quotes that a cooperative has a share in, the latest first; one statement.

    Raises:
        NotAllowedError: the viewer does not sell for it.
    """
    authorize(viewer, Permission.QUOTE_EDIT, member)
    union = Organisation.__table__.alias("union_of_quote")
    rows = session.execute(
        select(
            Quote.number,
            Quote.state,
            func.min(QuoteShare.state),
            union.c.short_name,
            Request.title,
            Request.closes_at,
            cast(func.sum(QuoteShare.quantity_g), BigInteger),
        )
        .join(QuoteShare, QuoteShare.quote_id == Quote.id)
        .join(Request, Request.id == Quote.request_id)
        .join(union, union.c.id == Quote.organisation_id)
        .where(QuoteShare.organisation_id == member.id, Quote.state != QuoteState.WITHDRAWN)
        .group_by(Quote.id, union.c.short_name, Request.id)
        .order_by(Quote.id.desc())
        .limit(MOST_SHOWN)
    )
    return [ShareListed(*row) for row in rows]


def get_share(number: str, member: Organisation, *, viewer: Actor, at: datetime) -> JointShare:
    """A joint quote for a cooperative that has a share in it.

    Raises:
        NotAllowedError: the viewer does not sell for it.
        QuoteNotFoundError: it has no share in such a quote.
    """
    authorize(viewer, Permission.QUOTE_EDIT, member)
    quote = get_quote(number)
    rows = [row for row in shares_in(quote.id) if row.organisation_id == member.id]
    offer = unseal_draft(quote) or last_offer(quote)
    if not rows or offer is None or quote.state == QuoteState.WITHDRAWN:
        raise QuoteNotFoundError(number=number)
    request = session.get_one(Request, quote.request_id)
    union = session.get_one(Organisation, quote.organisation_id)
    products = session.execute(
        select(Product.id, Product.name_vi, Product.name_en).where(
            Product.id.in_({row.product_id for row in rows})
        )
    )
    return JointShare(
        number=quote.number,
        quote_state=quote.state,
        state=rows[0].state,
        union=union.name,
        request=request,
        offer=offer,
        shares=[each for each in offer.shares if each.organisation_id == member.id],
        products={product_id: (name_vi, name_en) for product_id, name_vi, name_en in products},
        seen=seen_by(member.id, offer),
        can_answer=bool(quote.draft) and is_writable(request, quote, at),
    )
