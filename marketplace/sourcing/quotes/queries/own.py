"""A seller's own quotes: the only ones whose offers can be read before the opening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.sourcing.quotes.offer import Offer, unseal_draft, unseal_offer
from marketplace.sourcing.quotes.reading import find_quote, is_asked, is_writable
from marketplace.sourcing.quotes.rules import Difference, differences
from models.accounts import Organisation, User
from models.catalogue import Product
from models.requests import Quote, QuoteRevision, QuoteShare, QuoteState, Request


class QuoteRow(NamedTuple):
    """A quote in a list: nothing of what is offered."""

    number: str
    state: str
    revision: int
    is_joint: bool
    has_draft: bool
    is_asked: bool
    request_number: str
    title: str
    buyer: str
    closes_at: datetime
    request_state: str


@dataclass(frozen=True, slots=True)
class SentRevision:
    """An offer as it was sent, with what it changed."""

    revision: int
    request_revision: int
    at: datetime
    by: str
    offer: Offer
    changes: Sequence[Difference]


class ShareRow(NamedTuple):
    """What a cooperative is to deliver of a joint quote in a month, and what it says."""

    organisation_id: int
    code: str
    name: str
    month: date
    product_id: int
    product_vi: str
    product_en: str
    grams: int
    state: str


@dataclass(frozen=True, slots=True)
class OwnQuote:
    """A quote as its seller reads it.

    Attributes:
        draft: What has not been sent yet; None if there is nothing.
        revisions: What was sent, the latest first.
        shares: Of a joint quote, as they are written down now.
        is_writable: Whether an offer may be sent now.
        is_asked: Whether the buyer waits for a better one.
    """

    number: str
    state: str
    is_joint: bool
    draft: Offer | None
    revisions: Sequence[SentRevision]
    shares: Sequence[ShareRow]
    is_writable: bool
    is_asked: bool
    asked_text: str

    @property
    def offer(self) -> Offer | None:
        """What is being written; else what was sent last."""
        if self.draft is not None:
            return self.draft
        return self.revisions[0].offer if self.revisions else None

    @property
    def waits_for(self) -> int:
        """How many cooperatives have not agreed."""
        return len({row.organisation_id for row in self.shares if row.state != "agreed"})


def own_quote(
    request: Request, seller: Organisation, *, viewer: Actor, at: datetime
) -> OwnQuote | None:
    """The quote of a seller for a request, read; None if there is none. Four statements at most.

    Raises:
        NotAllowedError: the viewer does not sell for it.
    """
    authorize(viewer, Permission.QUOTE_EDIT, seller)
    quote = find_quote(request.id, seller.id)
    if quote is None or quote.state == QuoteState.WITHDRAWN:
        return None
    revisions = _revisions(quote)
    last = session.scalar(
        select(QuoteRevision).where(
            QuoteRevision.quote_id == quote.id, QuoteRevision.revision == quote.revision
        )
    )
    return OwnQuote(
        number=quote.number,
        state=quote.state,
        is_joint=quote.is_joint,
        draft=unseal_draft(quote),
        revisions=revisions,
        shares=_shares(quote) if quote.is_joint else (),
        is_writable=is_writable(request, quote, at),
        is_asked=is_asked(quote, last),
        asked_text=quote.asked_text,
    )


def quotes_of(seller: Organisation, *, viewer: Actor, page: PageRequest) -> Page[QuoteRow]:
    """The quotes of a seller, the latest first; two statements.

    Raises:
        NotAllowedError: the viewer does not sell for it.
    """
    authorize(viewer, Permission.QUOTE_EDIT, seller)
    own = Quote.organisation_id == seller.id
    total = session.scalar(select(func.count()).select_from(Quote).where(own)) or 0
    last_at = (
        select(QuoteRevision.submitted_at)
        .where(QuoteRevision.quote_id == Quote.id, QuoteRevision.revision == Quote.revision)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Quote.number,
            Quote.state,
            Quote.revision,
            Quote.is_joint,
            Quote.draft != "",
            (Quote.state == QuoteState.OPENED) & func.coalesce(Quote.asked_at > last_at, False),
            Request.number,
            Request.title,
            Organisation.short_name,
            Request.closes_at,
            Request.state,
        )
        .join(Request, Request.id == Quote.request_id)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .where(own)
        .order_by(Quote.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page([QuoteRow(*row) for row in rows], page, total)


def _revisions(quote: Quote) -> list[SentRevision]:
    rows = session.execute(
        select(QuoteRevision, User.full_name)
        .join(User, User.id == QuoteRevision.submitted_by_id)
        .where(QuoteRevision.quote_id == quote.id)
        .order_by(QuoteRevision.revision)
    )
    sent: list[SentRevision] = []
    for row, name in rows:
        offer = unseal_offer(quote.number, row.revision, row.sealed)
        changes = differences(sent[-1].offer, offer) if sent else ()
        sent.append(
            SentRevision(row.revision, row.request_revision, row.submitted_at, name, offer, changes)
        )
    return sent[::-1]


def _shares(quote: Quote) -> list[ShareRow]:
    rows = session.execute(
        select(
            QuoteShare.organisation_id,
            Organisation.code,
            Organisation.short_name,
            QuoteShare.month,
            QuoteShare.product_id,
            Product.name_vi,
            Product.name_en,
            QuoteShare.quantity_g,
            QuoteShare.state,
        )
        .join(Organisation, Organisation.id == QuoteShare.organisation_id)
        .join(Product, Product.id == QuoteShare.product_id)
        .where(QuoteShare.quote_id == quote.id)
        .order_by(Organisation.sort_key, QuoteShare.month)
    )
    return [ShareRow(*row) for row in rows]
