"""Writing an offer down before it is sent."""

import secrets
from datetime import datetime

from sqlalchemy import delete

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ORDER_BITS, dated_number
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.sourcing.quotes.access import lock_visible, require_writable
from marketplace.sourcing.quotes.offer import Offer, Share, seal_draft, unseal_draft
from marketplace.sourcing.quotes.reading import (
    asked_of,
    find_quote,
    last_offer,
    shares_in,
)
from marketplace.sourcing.quotes.rules import NUMBER_PREFIX, require_draftable
from models.accounts import Organisation, OrganisationKind
from models.requests import Quote, QuoteShare, QuoteState, Request, ShareState


def save_draft(  # noqa: PLR0913 - who offers what to whom, and whether for others
    *,
    actor: Actor,
    request_id: int,
    seller: Organisation,
    offer: Offer,
    is_joint: bool = False,
    at: datetime,
) -> Quote:
    """Keep what a seller is writing, sealed; nobody but its own people can read it.

    Writing again what was sent last drops the draft. A cooperative that has agreed to its share is
    asked again when the price, the terms or its share change.

    Args:
        actor: the director or somebody who sells.
        request_id: what it answers.
        seller: who offers.
        offer: as far as it has come; sound, but perhaps incomplete.
        is_joint: whether a union writes for its cooperatives; fixed once there is a draft.
        at: when.

    Raises:
        NotAllowedError: the actor does not sell for `seller`, or a joint quote is led by no union.
        UnverifiedSellerError: the alliance has not checked the seller.
        RequestNotFoundError: there is no such request for this seller.
        RequestClosedError: it is closed.
        QuoteNotWritableError: it is opened, and the buyer has not asked for another offer.
        InvalidError: something offered makes no sense; see `rules.require_draftable`.
    """
    authorize(actor, Permission.QUOTE_EDIT, seller)
    request = lock_visible(request_id, seller)
    quote = _live_quote(request, seller)
    sent = last_offer(quote) if quote is not None else None
    if quote is not None and sent == offer:
        quote.draft = ""
        _keep_shares(quote, sent, sent)
        return quote
    require_writable(request, quote, at)
    require_draftable(offer, asked_of(request))
    if quote is None:
        quote = _begin(actor, request, seller, is_joint=is_joint, at=at)
    before = unseal_draft(quote) or sent
    quote.draft = seal_draft(quote, offer)
    _keep_shares(quote, before, offer)
    session.flush()
    record(
        actor=actor,
        action="sourcing.draft_quote",
        subject_kind="quote",
        subject_id=quote.id,
        at=at,
        after={"number": quote.number},  # never what is offered
    )
    return quote


def _live_quote(request: Request, seller: Organisation) -> Quote | None:
    quote = find_quote(request.id, seller.id)
    return None if quote is None or quote.state == QuoteState.WITHDRAWN else quote


def _begin(
    actor: Actor, request: Request, seller: Organisation, *, is_joint: bool, at: datetime
) -> Quote:
    if is_joint:
        authorize(actor, Permission.JOINT_QUOTE_LEAD, seller)
    assert actor.user_id is not None  # noqa: S101 - only people sell
    quote = Quote(
        number=dated_number(NUMBER_PREFIX, business_day(at), secrets.randbits(ORDER_BITS)),
        request_id=request.id,
        organisation_id=seller.id,
        is_joint=is_joint and seller.kind == OrganisationKind.UNION,
        state=QuoteState.DRAFT,
        revision=0,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(quote)
    session.flush()
    return quote


def _keep_shares(quote: Quote, before: Offer | None, offer: Offer) -> None:
    """Write the shares down; who had agreed to the very same still does."""
    if not quote.is_joint:
        return
    is_same = before is not None and before.without_volumes() == offer.without_volumes()
    known = {(row.organisation_id, row.month): row for row in shares_in(quote.id)}
    stays = {
        member
        for member in {each.organisation_id for each in offer.shares}
        if is_same and before is not None and _of(member, before) == _of(member, offer)
    }
    answers = {member: row for (member, _month), row in known.items() if member in stays}
    session.execute(delete(QuoteShare).where(QuoteShare.quote_id == quote.id))
    for row in known.values():
        session.expunge(row)
    for each in offer.shares:
        answer = answers.get(each.organisation_id)
        session.add(
            QuoteShare(
                quote_id=quote.id,
                organisation_id=each.organisation_id,
                month=each.month,
                product_id=each.product_id,
                quantity_g=each.grams,
                state=answer.state if answer else ShareState.PROPOSED,
                answered_at=answer.answered_at if answer else None,
                answered_by_id=answer.answered_by_id if answer else None,
            )
        )
    session.flush()


def _of(member_id: int, offer: Offer) -> list[Share]:
    return sorted(each for each in offer.shares if each.organisation_id == member_id)
