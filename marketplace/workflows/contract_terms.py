"""What a new contract says before anybody has changed it: from an award, or from an offer."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from marketplace.contracts.terms import (
    Grade,
    Limit,
    Party,
    Payment,
    Place,
    Planned,
    Price,
    Terms,
    first_of,
)
from marketplace.platform.translation import using_locale
from marketplace.sourcing.quotes.offer import Offer, offer_of
from marketplace.sourcing.requests.terms import Terms as Asked
from marketplace.sourcing.supply.rules import months_from
from marketplace.workflows.request_words import place_text
from models.accounts import Organisation
from models.catalogue import Product
from models.requests import AwardPart

WHOLE_BPS: Final = 10_000
GRADE_CODE_MAX: Final = 20
REFERENCE_MAX: Final = 40
TITLE_MAX: Final = 160


@dataclass(frozen=True, slots=True)
class Between:
    """Who sells what to whom."""

    buyer: Organisation
    seller: Organisation
    product: Product


@dataclass(frozen=True, slots=True)
class Offering:
    """What somebody offers directly: so much, at a price, between two days, brought to a place."""

    grams: int
    price_minor: int
    starts_on: date
    ends_on: date
    place: Place
    schemes: tuple[str, ...] = ()


def terms_of_award(
    between: Between, parts: Sequence[AwardPart], asked: Asked, *, today: date
) -> Terms:
    """What was asked for, offered and awarded, as terms; the price is that at the buyer's place.

    Args:
        between: the two, and the goods.
        parts: what this seller is to deliver of these goods, month by month.
        asked: the request.
        today: nothing is due before it.
    """
    snapshot = parts[0].snapshot
    offer = offer_of(snapshot["offer"])
    place = Place(asked.place.province_code, asked.place.commune_code, asked.place.address)
    grade = str(snapshot["grade"] or "")
    months = sorted((part.month, part.quantity_g) for part in parts)
    lacking = set(snapshot.get("missing", ()))
    return Terms(
        title=asked.title[:TITLE_MAX],
        buyer=party_of(between.buyer),
        seller=party_of(between.seller),
        **_goods(between.product),
        total_g=sum(grams for _month, grams in months),
        price=_price(offer, [month for month, _grams in months]),
        starts_on=max(months[0][0], min(today, last_of(months[0][0]))),
        ends_on=last_of(months[-1][0]),
        tolerance_bps=asked.tolerance_bps,
        limits=tuple(
            Limit(each.name, each.operator, each.value, each.unit) for each in asked.limits
        ),
        grades=(Grade(grade[:GRADE_CODE_MAX], grade),) if grade else (),
        schemes=tuple(sorted(set(asked.schemes) - lacking)),
        packing=asked.packing,
        schedule=tuple(_in_month(month, grams, place, today) for month, grams in months),
        place=place,
        payment=Payment(stages=((WHOLE_BPS, offer.payment_days),)),
    )


def terms_of_offer(between: Between, offering: Offering) -> Terms:
    """A direct offer as terms: the same amount every month, the rest in the last one."""
    count = (
        (offering.ends_on.year - offering.starts_on.year) * 12
        + offering.ends_on.month
        - offering.starts_on.month
        + 1
    )
    months = months_from(first_of(offering.starts_on), count)
    each = offering.grams // count // 1000 * 1000
    amounts = [each] * (count - 1) + [offering.grams - each * (count - 1)]
    name = between.product.name_vi
    return Terms(
        title=name[:TITLE_MAX],
        buyer=party_of(between.buyer),
        seller=party_of(between.seller),
        **_goods(between.product),
        total_g=offering.grams,
        price=Price(offering.price_minor),
        starts_on=offering.starts_on,
        ends_on=offering.ends_on,
        schemes=offering.schemes,
        schedule=tuple(
            Planned(
                max(month, offering.starts_on),
                min(last_of(month), offering.ends_on),
                grams,
                offering.place,
            )
            for month, grams in zip(months, amounts, strict=True)
            if grams
        ),
        place=offering.place,
    )


def party_of(organisation: Organisation) -> Party:
    """Who signs, as they stand today. A contract names places in Vietnamese, whoever writes it."""
    with using_locale("vi"):
        address = place_text(
            organisation.province_code, organisation.commune_code, organisation.address
        )
    return Party(
        name=organisation.name,
        tax_code=organisation.tax_code or "",
        address=address,
        representative=organisation.legal_representative or "",
    )


def last_of(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _goods(product: Product) -> Mapping[str, Any]:
    return {
        "product_id": product.id,
        "product_vi": product.name_vi,
        "product_en": product.name_en,
    }


def _in_month(month: date, grams: int, place: Place, today: date) -> Planned:
    last = last_of(month)
    return Planned(max(month, min(today, last)), last, grams, place)


def _price(offer: Offer, months: Sequence[date]) -> Price:
    """What a kilogram costs at the buyer's place: what bringing it costs is in it."""
    fee = offer.fee_minor
    formula = offer.formula
    if formula is None:
        prices = {month: offer.prices[month] + fee for month in months}
        base = prices[months[0]]
        return Price(base, monthly={m: each for m, each in prices.items() if each != base})
    floor = None if formula.floor_minor is None else formula.floor_minor + fee
    ceiling = None if formula.ceiling_minor is None else formula.ceiling_minor + fee
    return Price(
        base_minor=ceiling or floor or max(1, formula.premium_minor + fee),
        reference_code=" ".join(formula.reference.split())[:REFERENCE_MAX],
        premium_minor=formula.premium_minor + fee,
        floor_minor=floor,
        ceiling_minor=ceiling,
    )
