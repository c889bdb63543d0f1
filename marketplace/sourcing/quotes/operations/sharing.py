"""What a cooperative says to its share of a joint quote."""

import hashlib
from dataclasses import replace
from datetime import datetime

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.sourcing.quotes.access import require_writable
from marketplace.sourcing.quotes.errors import QuoteNotFoundError, ShareChangedError
from marketplace.sourcing.quotes.offer import Offer, unseal_draft, written
from marketplace.sourcing.quotes.reading import get_quote, shares_in
from marketplace.sourcing.requests.locks import lock_request
from models.accounts import Organisation
from models.requests import Quote, ShareState


def answer_share(  # noqa: PLR0913 - who, of which quote; what they saw, what they say
    *, actor: Actor, number: str, member: Organisation, agrees: bool, seen: str, at: datetime
) -> bool:
    """Agree to a share, or decline it, for the cooperative.

    Args:
        actor: its director.
        number: of the joint quote.
        member: the cooperative.
        agrees: what they say.
        seen: `seen_by` of what the director read.
        at: when.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: the actor does not lead the cooperative.
        QuoteNotFoundError: it has no share in such a quote.
        RequestClosedError, QuoteNotWritableError: it is too late.
        ShareChangedError: the union has written something else meanwhile, or has sent it.
    """
    authorize(actor, Permission.JOINT_QUOTE_ANSWER, member)
    quote = get_quote(number)
    request = lock_request(quote.request_id)
    session.refresh(quote)
    rows = [row for row in shares_in(quote.id) if row.organisation_id == member.id]
    if not rows:
        raise QuoteNotFoundError(number=number)
    answer = ShareState.AGREED if agrees else ShareState.DECLINED
    if all(row.state == answer for row in rows):
        return False
    require_writable(request, quote, at)
    if seen_by(member.id, unseal_draft(quote)) != seen:
        raise ShareChangedError(number=number)
    for row in rows:
        row.state, row.answered_at, row.answered_by_id = answer, at, actor.user_id
    session.flush()
    _write_down(actor, quote, answer, at)
    return True


def seen_by(member_id: int, offer: Offer | None) -> str:
    """A digest of what a cooperative reads of a draft: price, terms and its own share."""
    if offer is None:
        return ""
    own = tuple(each for each in offer.shares if each.organisation_id == member_id)
    return hashlib.sha256(written(replace(offer, volumes={}, shares=own)).encode()).hexdigest()


def _write_down(actor: Actor, quote: Quote, answer: ShareState, at: datetime) -> None:
    record(
        actor=actor,
        action="sourcing.answer_share",
        subject_kind="quote",
        subject_id=quote.id,
        at=at,
        after={"number": quote.number, "answer": str(answer)},
    )
