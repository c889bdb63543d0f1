"""Awarding: offers meet the papers of the day, and everybody who quoted is told."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import directors_of
from marketplace.certification.queries import in_force
from marketplace.certification.rules import CertificateFact
from marketplace.kernel.clock import business_day
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from marketplace.sourcing.quotes import operations
from marketplace.sourcing.quotes.operations import Decision, Paper
from marketplace.sourcing.quotes.queries import offers_opened
from marketplace.sourcing.quotes.reading import quotes_in, wanted_of
from marketplace.sourcing.requests.locks import lock_request
from models.accounts import Organisation
from models.catalogue import Product
from models.requests import Award, AwardPart, Quote, QuoteState, Request


def decide_request(*, actor: Actor, request_id: int, decision: Decision, at: datetime) -> Award:
    """Award a request with the listings and certificates of today; all who quoted are told.

    Whoever lost learns the reason and nothing of the others.

    Raises:
        DomainError: see `operations.award_request`.
    """
    request = lock_request(request_id)
    offers = offers_opened(request.id)
    products = {
        each.product_id
        for choice in decision.choices
        if choice.grams and choice.number in offers
        for each in wanted_of(offers[choice.number])
    }
    award = operations.award_request(
        actor=actor,
        request_id=request.id,
        decision=decision,
        papers=papers_of(products, on=business_day(at)),
        at=at,
    )
    _tell_all(request, award, at)
    return award


def papers_of(product_ids: Iterable[int], *, on: date) -> dict[int, Paper]:
    """The listings of products, and the certificates that hold for them; two statements."""
    ids = sorted(product_ids)
    held = in_force(ids, on)
    products = session.execute(
        select(Product, Organisation)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .where(Product.id.in_(ids))
    )
    return {
        product.id: Paper(
            listing=_listing(product, seller),
            certificates=[_certificate(fact) for fact in held.get(product.id, ())],
            schemes={fact.scheme_code for fact in held.get(product.id, ())},
        )
        for product, seller in products
    }


def _listing(product: Product, seller: Organisation) -> dict[str, Any]:
    return {
        "slug": product.slug,
        "name_vi": product.name_vi,
        "name_en": product.name_en,
        "summary_vi": product.summary_vi,
        "summary_en": product.summary_en,
        "province_code": product.province_code,
        "per_kg_minor": product.per_kg_minor,
        "seller_code": seller.code,
        "seller_name": seller.name,
        "seller_tax_code": seller.tax_code,
    }


def _certificate(fact: CertificateFact) -> dict[str, Any]:
    return {
        "scheme": fact.scheme_code,
        "level": fact.level,
        "number": fact.number,
        "issuer": fact.issuer,
        "valid_from": fact.valid_from.isoformat(),
        "valid_to": fact.valid_to.isoformat() if fact.valid_to else None,
    }


def _tell_all(request: Request, award: Award, at: datetime) -> None:
    parts = session.scalars(select(AwardPart).where(AwardPart.award_id == award.id)).all()
    for quote in quotes_in(request.id, QuoteState.WON, QuoteState.LOST):
        own = [part for part in parts if part.quote_id == quote.id]
        if not own:
            _tell(request, quote, quote.organisation_id, at, template="award_lost", grams=0)
            continue
        total = sum(part.quantity_g for part in own)
        _tell(request, quote, quote.organisation_id, at, template="award_won", grams=total)
        for member_id in sorted({part.organisation_id for part in own} - {quote.organisation_id}):
            grams = sum(part.quantity_g for part in own if part.organisation_id == member_id)
            _tell(request, quote, member_id, at, template="award_won", grams=grams)


def _tell(  # noqa: PLR0913 - about what, whom, when, how
    request: Request, quote: Quote, reader_id: int, at: datetime, *, template: str, grams: int
) -> None:
    organisation = session.get_one(Organisation, reader_id)
    buyer = session.get_one(Organisation, request.organisation_id)
    for director in directors_of(reader_id):
        notify(
            key=f"{quote.number}:{reader_id}:{director.id}",
            recipient=director.email,
            locale=director.locale,
            template=template,
            at=at,
            name=director.full_name,
            buyer=buyer.name,
            code=organisation.code,
            number=quote.number,
            request_number=request.number,
            title=request.title,
            grams=grams,
        )
