"""What a buyer reads: how many quotes came, and after the opening what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from marketplace.sourcing.quotes.offer import Offer, offer_of
from marketplace.sourcing.quotes.rules import Difference, differences
from models.accounts import Organisation
from models.requests import (
    Award,
    AwardPart,
    OpenedOffer,
    Quote,
    QuoteRevision,
    QuoteState,
    Request,
)

_OPENED: Final = Question(
    select(
        Quote.id,
        Quote.number,
        Quote.state,
        Quote.is_joint,
        Quote.asked_at,
        Organisation.id,
        Organisation.code,
        Organisation.slug,
        Organisation.short_name,
        Organisation.province_code,
        QuoteRevision.revision,
        QuoteRevision.request_revision,
        QuoteRevision.submitted_at,
        OpenedOffer.offer,
    )
    .join(Organisation, Organisation.id == Quote.organisation_id)
    .join(QuoteRevision, QuoteRevision.quote_id == Quote.id)
    .join(OpenedOffer, OpenedOffer.revision_id == QuoteRevision.id)
    .where(Quote.request_id == bindparam("request_id", type_=BigInteger))
    .order_by(Quote.id, QuoteRevision.revision)
)


@dataclass(frozen=True, slots=True)
class OpenedQuote:
    """A quote that has been opened.

    Attributes:
        offer: What is offered now.
        changes: What the last revision changed after the opening; nothing if there was none.
        waits: Whether the seller was asked for a better offer and has not sent one.
    """

    number: str
    state: str
    is_joint: bool
    organisation_id: int
    code: str
    slug: str
    name: str
    province_code: str
    revision: int
    request_revision: int
    submitted_at: datetime
    offer: Offer
    changes: Sequence[Difference]
    waits: bool


class AwardedPart(NamedTuple):
    """What a seller is to deliver in a month, as it was decided."""

    quote_number: str
    organisation_id: int
    name: str
    month: date
    grams: int
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AwardView:
    """A decision with its parts."""

    total_g: int
    reason: str
    at: datetime
    parts: Sequence[AwardedPart]


def count_sent(request: Request, *, viewer: Actor) -> int:
    """How many quotes have been sent: all that a buyer may know before the opening.

    Raises:
        NotAllowedError: the viewer does not work for the buyer.
    """
    authorize(viewer, Permission.REQUEST_VIEW, request)
    return (
        session.scalar(
            select(func.count())
            .select_from(Quote)
            .where(Quote.request_id == request.id, Quote.state == QuoteState.SUBMITTED)
        )
        or 0
    )


def opened_quotes(request: Request, *, viewer: Actor) -> list[OpenedQuote]:
    """The quotes of a request that have been opened, in the order they came; one statement.

    Before the opening there are none.

    Raises:
        NotAllowedError: the viewer does not work for the buyer.
    """
    authorize(viewer, Permission.REQUEST_VIEW, request)
    found: dict[int, OpenedQuote] = {}
    for row in _OPENED.ask(request_id=request.id):
        before, offer = found.get(row[0]), offer_of(row[-1])
        found[row[0]] = _opened(row, offer, before)
    return list(found.values())


def _opened(row: Any, offer: Offer, before: OpenedQuote | None) -> OpenedQuote:  # noqa: ANN401
    _id, number, state, is_joint, asked_at, *seller, revision, asked_revision, at, _offer = row
    organisation_id, code, slug, name, province_code = seller
    return OpenedQuote(
        number=number,
        state=state,
        is_joint=is_joint,
        organisation_id=organisation_id,
        code=code,
        slug=slug,
        name=name,
        province_code=province_code,
        revision=revision,
        request_revision=asked_revision,
        submitted_at=at,
        offer=offer,
        changes=differences(before.offer, offer) if before else (),
        waits=state == QuoteState.OPENED and asked_at is not None and at < asked_at,
    )


def offers_opened(request_id: int) -> dict[str, Offer]:
    """The latest opened offers of a request by the number of their quote; for whoever awards."""
    return {row[1]: offer_of(row[-1]) for row in _OPENED.ask(request_id=request_id)}


def award_of(request: Request, *, viewer: Actor) -> AwardView | None:
    """The decision about a request; None if there is none. Two statements.

    Raises:
        NotAllowedError: the viewer does not work for the buyer.
    """
    authorize(viewer, Permission.REQUEST_VIEW, request)
    award = session.scalar(select(Award).where(Award.request_id == request.id))
    if award is None:
        return None
    rows = session.execute(
        select(
            Quote.number,
            AwardPart.organisation_id,
            Organisation.short_name,
            AwardPart.month,
            AwardPart.quantity_g,
            AwardPart.snapshot,
        )
        .join(Quote, Quote.id == AwardPart.quote_id)
        .join(Organisation, Organisation.id == AwardPart.organisation_id)
        .where(AwardPart.award_id == award.id)
        .order_by(Quote.number, Organisation.sort_key, AwardPart.month)
    )
    parts = [AwardedPart(*row) for row in rows]
    return AwardView(award.total_g, award.reason, award.at, parts)
