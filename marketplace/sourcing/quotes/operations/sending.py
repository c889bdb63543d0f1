"""Sending an offer, sending a new revision of it, taking it back."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from marketplace.sourcing.quotes.access import lock_visible, require_writable
from marketplace.sourcing.quotes.errors import (
    NothingDraftedError,
    QuoteNotFoundError,
    SharesNotAgreedError,
)
from marketplace.sourcing.quotes.offer import Offer, document_of, seal_offer, unseal_draft
from marketplace.sourcing.quotes.reading import (
    asked_of,
    find_quote,
    last_offer,
    last_revision,
    wanted_of,
)
from marketplace.sourcing.quotes.rules import QUOTE, require_complete
from marketplace.sourcing.requests.errors import RequestClosedError
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.rules import is_open
from marketplace.sourcing.supply.holding import hold_supply, release_supply
from models.accounts import Organisation
from models.requests import (
    OpenedOffer,
    Quote,
    QuoteRevision,
    QuoteShare,
    QuoteState,
    Request,
    ShareState,
)
from models.supply import HoldPurpose


def submit_quote(
    *, actor: Actor, request_id: int, seller: Organisation, at: datetime
) -> QuoteRevision:
    """Send what was drafted, sealed, and hold its volumes in the supply books.

    After the opening, when the buyer has asked for a better offer, it is opened at once. Sending
    the same again is one revision.

    Args:
        actor: the director or somebody who sells.
        request_id: what it answers.
        seller: who offers.
        at: when; the closing moment itself is too late.

    Raises:
        NotAllowedError: the actor does not sell for `seller`.
        UnverifiedSellerError: the alliance has not checked the seller.
        RequestNotFoundError: there is no such request for this seller.
        NothingDraftedError: nothing has been written.
        RequestClosedError: it is closed.
        QuoteNotWritableError: it is opened, and the buyer has not asked for another offer.
        InvalidError: the offer is incomplete or makes no sense; see `rules.require_complete`.
        SharesNotAgreedError: a cooperative has not agreed to its share.
        SupplyShortError: less is free of a month than is offered.
    """
    authorize(actor, Permission.QUOTE_EDIT, seller)
    request = lock_visible(request_id, seller)
    quote = find_quote(request.id, seller.id)
    if quote is None or quote.state == QuoteState.WITHDRAWN:
        raise NothingDraftedError
    offer, sent = unseal_draft(quote), last_revision(quote)
    if offer is None:
        if sent is None:
            raise NothingDraftedError
        return sent
    require_writable(request, quote, at)
    require_complete(
        offer, asked_of(request), closes_on=business_day(request.closes_at), today=business_day(at)
    )
    _require_agreed(quote)
    quote.draft = ""
    if sent is not None and last_offer(quote) == offer:
        session.flush()
        return sent
    return _send(actor, request, quote, offer, at)


def withdraw_quote(*, actor: Actor, request_id: int, seller: Organisation, at: datetime) -> bool:
    """Take a quote back before the closing; what it held is free again.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: the actor does not sell for `seller`.
        QuoteNotFoundError: there is no quote of the seller.
        RequestClosedError: it is too late.
    """
    authorize(actor, Permission.QUOTE_EDIT, seller)
    request = lock_request(request_id)
    quote = find_quote(request.id, seller.id)
    if quote is None:
        raise QuoteNotFoundError
    if quote.state == QuoteState.WITHDRAWN:
        return False
    if not is_open(request, at):
        raise RequestClosedError(number=request.number)
    change_state(quote, QUOTE, QuoteState.WITHDRAWN, actor=actor, at=at)
    quote.draft = ""
    session.flush()
    release_supply(purpose=HoldPurpose.QUOTE, reference=quote.number, at=at)
    _write_down(actor, "sourcing.withdraw_quote", quote, at)
    return True


def _send(
    actor: Actor, request: Request, quote: Quote, offer: Offer, at: datetime
) -> QuoteRevision:
    assert actor.user_id is not None  # noqa: S101 - only people sell
    quote.revision += 1
    revision = QuoteRevision(
        quote_id=quote.id,
        revision=quote.revision,
        request_revision=request.revision,
        sealed=seal_offer(quote.number, quote.revision, offer),
        submitted_at=at,
        submitted_by_id=actor.user_id,
    )
    session.add(revision)
    if quote.state == QuoteState.DRAFT:
        change_state(quote, QUOTE, QuoteState.SUBMITTED, actor=actor, at=at)
    session.flush()
    hold_supply(purpose=HoldPurpose.QUOTE, reference=quote.number, wanted=wanted_of(offer), at=at)
    if quote.state == QuoteState.OPENED:
        session.add(OpenedOffer(revision_id=revision.id, offer=document_of(offer), opened_at=at))
        session.flush()
    _write_down(actor, "sourcing.submit_quote", quote, at)
    return revision


def _require_agreed(quote: Quote) -> None:
    if not quote.is_joint:
        return
    waiting = session.scalars(
        select(Organisation.short_name)
        .join(QuoteShare, QuoteShare.organisation_id == Organisation.id)
        .where(QuoteShare.quote_id == quote.id, QuoteShare.state != ShareState.AGREED)
        .group_by(Organisation.id)
        .order_by(Organisation.sort_key)
    ).all()
    if waiting:
        raise SharesNotAgreedError(names=", ".join(waiting))


def _write_down(actor: Actor, action: str, quote: Quote, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="quote",
        subject_id=quote.id,
        at=at,
        after={"number": quote.number, "revision": quote.revision},  # never what is offered
    )
