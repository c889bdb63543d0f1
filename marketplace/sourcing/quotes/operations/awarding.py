"""Deciding who delivers what: once for each request, for ever."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all
from marketplace.platform.transitions import change_state
from marketplace.sourcing.quotes.errors import (
    AlreadyAwardedError,
    AwardReasonError,
    CertificateReasonError,
    MoreThanAskedError,
    MoreThanOfferedError,
    NothingAwardedError,
    NotOpenedError,
    OfferExpiredError,
    QuoteNotFoundError,
)
from marketplace.sourcing.quotes.offer import Offer, document_of, offer_of
from marketplace.sourcing.quotes.reading import asked_of, last_revision, quotes_in, wanted_of
from marketplace.sourcing.quotes.rules import QUOTE, Asked, split_grams
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.rules import REQUEST
from marketplace.sourcing.supply.holding import contract_supply, release_supply
from marketplace.sourcing.supply.rules import Wanted, month_label
from models.requests import (
    Award,
    AwardPart,
    OpenedOffer,
    Quote,
    QuoteState,
    Request,
    RequestState,
)
from models.supply import HoldPurpose, Supply, SupplyHold

VERSION = 1


class Choice(NamedTuple):
    """So much of a quote in a month."""

    number: str
    month: date
    grams: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the buyer decides, and why. `certificate_reason` is for papers that are missing."""

    choices: Sequence[Choice]
    reason: str
    certificate_reason: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A product as it stands on the day: its listing and the certificates in force."""

    listing: Mapping[str, Any]
    certificates: Sequence[Mapping[str, Any]]
    schemes: Collection[str]


class _Chosen(NamedTuple):
    quote: Quote
    offer: Offer
    months: Mapping[date, int]


def award_request(
    *,
    actor: Actor,
    request_id: int,
    decision: Decision,
    papers: Mapping[int, Paper],
    at: datetime,
) -> Award:
    """Choose who delivers what; the rest is lost and what it held is free again.

    Of a joint quote every cooperative gets its part in proportion to its share. Each part keeps
    the offer, the listing and the certificates as they are today.

    Args:
        actor: who buys.
        request_id: of which request.
        decision: what is chosen, and why.
        papers: of every product in the offers that are chosen.
        at: when.

    Raises:
        RequestNotFoundError, QuoteNotFoundError: there is no such request or quote.
        NotAllowedError: the actor does not buy for the enterprise.
        AlreadyAwardedError: it was decided before.
        NotOpenedError: the quotes are not open.
        AwardReasonError, NothingAwardedError: the decision is empty.
        MoreThanOfferedError, MoreThanAskedError: a part is beyond the offer or the request.
        OfferExpiredError: an offer does not hold any more.
        CertificateReasonError: a certificate that was wanted is missing and nobody says why not.
        SupplyShortError: the supply books and the offers disagree.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.AWARD_DECIDE, request)
    if request.state == RequestState.AWARDED:
        raise AlreadyAwardedError(number=request.number)
    if request.state != RequestState.OPENED:
        raise NotOpenedError(number=request.number)
    if not decision.reason.strip():
        raise AwardReasonError(field="reason")
    asked = asked_of(request)
    quotes = quotes_in(request.id, QuoteState.OPENED)
    chosen = _chosen(quotes, decision, asked, at)
    missing = _missing(chosen, papers, asked)
    if missing and not decision.certificate_reason.strip():
        what = [f"{number}: {code}" for number, codes in missing.items() for code in codes]
        raise CertificateReasonError(field="certificate_reason", what=what)
    award = _write(actor, request, decision, chosen, at)
    for one in chosen:
        lacking = missing.get(one.quote.number, [])
        why = decision.certificate_reason.strip() if lacking else ""
        notes = {"missing": lacking, "certificate_reason": why}
        _add_parts(award, one, papers, notes)
    session.flush()
    change_state(request, REQUEST, RequestState.AWARDED, actor=actor, at=at)
    request.decided_at = at
    _settle(actor, quotes, chosen, at)
    record(
        actor=actor,
        action="sourcing.award_request",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after={
            "number": request.number,
            "total_g": award.total_g,
            "quotes": sorted(one.quote.number for one in chosen),
        },
        reason=award.reason,
    )
    return award


def close_quotes(*, actor: Actor | None, request: Request, at: datetime) -> list[Quote]:
    """Let go of all quotes of a request that comes to nothing; what they held is free again.

    For whoever ends or cancels it and holds the request already.

    Args:
        actor: who ends it; None for the marketplace itself.
        request: which one, locked.
        at: when.

    Returns:
        The quotes whose sellers are to be told.
    """
    quotes = quotes_in(request.id, QuoteState.SUBMITTED, QuoteState.OPENED)
    _lose(actor, quotes, at)
    return list(quotes)


def _chosen(
    quotes: Sequence[Quote], decision: Decision, asked: Asked, at: datetime
) -> list[_Chosen]:
    """What is chosen of each quote, checked against offers and request."""
    by_number = {quote.number: quote for quote in quotes}
    chosen = []
    for number, months in sorted(_months(decision).items()):
        if number not in by_number:
            raise QuoteNotFoundError(number=number)
        offer = _offer(by_number[number])
        if offer.valid_until is None or offer.valid_until < business_day(at):
            raise OfferExpiredError(number=number)
        for month, grams in months.items():
            if grams > offer.volumes.get(month, 0):
                label = month_label(month)
                raise MoreThanOfferedError(field="choices", number=number, month=label)
        chosen.append(_Chosen(by_number[number], offer, months))
    for month in {choice.month for choice in decision.choices}:
        if sum(one.months.get(month, 0) for one in chosen) > asked.most_in(month):
            raise MoreThanAskedError(field="choices", month=month_label(month))
    return chosen


def _months(decision: Decision) -> dict[str, dict[date, int]]:
    """What is chosen, by quote and month, without what is nothing."""
    months: dict[str, dict[date, int]] = {}
    for choice in decision.choices:
        if choice.grams < 0:
            raise NothingAwardedError(field="choices")
        if choice.grams:
            of_quote = months.setdefault(choice.number, {})
            of_quote[choice.month] = of_quote.get(choice.month, 0) + choice.grams
    if not months:
        raise NothingAwardedError(field="choices")
    return months


def _offer(quote: Quote) -> Offer:
    revision = last_revision(quote)
    assert revision is not None  # noqa: S101 - it has been opened
    return offer_of(session.get_one(OpenedOffer, revision.id).offer)


def _missing(
    chosen: Sequence[_Chosen], papers: Mapping[int, Paper], asked: Asked
) -> dict[str, list[str]]:
    """By quote, the certificates that were wanted and do not hold today for all it offers."""
    wanted = {about.partition(":")[2] for about in asked.subjects if about.startswith("scheme:")}
    found = {}
    for one in chosen:
        products = {each.product_id for each in wanted_of(one.offer)}
        lacking = sorted(
            code for code in wanted if not all(code in papers[each].schemes for each in products)
        )
        if lacking:
            found[one.quote.number] = lacking
    return found


def _write(
    actor: Actor,
    request: Request,
    decision: Decision,
    chosen: Sequence[_Chosen],
    at: datetime,
) -> Award:
    assert actor.user_id is not None  # noqa: S101 - only people buy
    award = Award(
        request_id=request.id,
        total_g=sum(sum(one.months.values()) for one in chosen),
        reason=decision.reason.strip(),
        at=at,
        by_id=actor.user_id,
    )
    session.add(award)
    session.flush()
    return award


def _add_parts(
    award: Award, one: _Chosen, papers: Mapping[int, Paper], notes: Mapping[str, object]
) -> None:
    for want, seller_id in _parts(one):
        paper = papers[want.product_id]
        session.add(
            AwardPart(
                award_id=award.id,
                quote_id=one.quote.id,
                organisation_id=seller_id,
                product_id=want.product_id,
                month=want.month,
                quantity_g=want.grams,
                snapshot={
                    "v": VERSION,
                    "quote": one.quote.number,
                    "revision": one.quote.revision,
                    "offer": document_of(one.offer),
                    "grade": want.grade,
                    "price_minor": one.offer.price_in(want.month),
                    "fee_minor": one.offer.fee_minor,
                    "listing": dict(paper.listing),
                    "certificates": [dict(each) for each in paper.certificates],
                    **notes,
                },
            )
        )


def _parts(one: _Chosen) -> list[tuple[Wanted, int]]:
    """What each seller delivers of what was chosen, and who it is."""
    offer = one.offer
    parts: list[tuple[Wanted, int]] = []
    for month, grams in sorted(one.months.items()):
        if not offer.is_joint:
            product_id = offer.product_id or 0
            parts.append((Wanted(product_id, offer.grade, month, grams), one.quote.organisation_id))
            continue
        shares = sorted(each for each in offer.shares if each.month == month)
        for share, part in zip(
            shares, split_grams(grams, [each.grams for each in shares]), strict=True
        ):
            if part:
                parts.append(
                    (Wanted(share.product_id, share.grade, month, part), share.organisation_id)
                )
    return parts


def _settle(actor: Actor, quotes: Sequence[Quote], chosen: Sequence[_Chosen], at: datetime) -> None:
    """Promise what was awarded, give back the rest."""
    _hold_months(quotes)
    won = {one.quote.id for one in chosen}
    _lose(actor, [quote for quote in quotes if quote.id not in won], at)
    for one in chosen:
        contract_supply(
            reference_of_quote=one.quote.number,
            reference=one.quote.number,
            wanted=[want for want, _seller in _parts(one)],
            at=at,
        )
        change_state(one.quote, QUOTE, QuoteState.WON, actor=actor, at=at)
    session.flush()


def _lose(actor: Actor | None, quotes: Sequence[Quote], at: datetime) -> None:
    _hold_months(quotes)
    for quote in quotes:
        release_supply(purpose=HoldPurpose.QUOTE, reference=quote.number, at=at)
        change_state(quote, QUOTE, QuoteState.LOST, actor=actor, at=at)
    session.flush()


def _hold_months(quotes: Sequence[Quote]) -> None:
    """Lock the months of all these quotes in one step, before each is settled by itself.

    Quote by quote they would come in no order, and two who settle would wait in a circle.
    """
    held = select(SupplyHold.supply_id).where(
        SupplyHold.purpose == HoldPurpose.QUOTE,
        SupplyHold.reference.in_([quote.number for quote in quotes]),
        SupplyHold.ended_at.is_(None),
    )
    lock_all(select(Supply).where(Supply.id.in_(held)))
