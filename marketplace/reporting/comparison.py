"""Opened quotes side by side: costs at the place, certificates, distance, promises.

However many quotes there are, it takes the same few statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor
from marketplace.certification.queries import in_force
from marketplace.certification.rules import CertificateFact
from marketplace.geography.distances import distance_km
from marketplace.geography.queries import province
from marketplace.kernel.clock import business_day
from marketplace.platform.statements import Question
from marketplace.reporting.delivery_promises import DeliveryRecord, public_delivery_records
from marketplace.reporting.promises import PromiseRecord, public_records
from marketplace.sourcing.quotes.queries import OpenedQuote, opened_quotes
from marketplace.sourcing.quotes.reading import wanted_of
from marketplace.sourcing.quotes.rules import landed_minor, mean_landed_minor
from models.accounts import Organisation
from models.catalogue import Product
from models.requests import Request

_PRODUCTS: Final = Question(
    select(Product.id, Product.name_vi, Product.name_en, Product.slug).where(
        Product.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))
    )
)
_SELLERS: Final = Question(
    select(Organisation.id, Organisation.short_name).where(
        Organisation.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))
    )
)


class SortBy(StrEnum):
    """In which order the columns stand; the value stands in addresses."""

    PRICE = "gia"
    VOLUME = "khoi-luong"
    DISTANCE = "khoang-cach"
    SENT = "luc-gui"


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """A product that is offered, by the names that its page has."""

    name_vi: str
    name_en: str
    slug: str


@dataclass(frozen=True, slots=True)
class Column:
    """An offer as one column.

    Attributes:
        quote: the quote, with its offer.
        mean_minor: what a kilogram costs at the place, over all months; None of an open formula.
        products: what is offered.
        certificates: that hold for all of it today, one for each scheme: the one that ends first.
        lacking: the schemes that the request wants and that do not hold for all of it.
        km: how far away, roughly.
        record: how the seller kept its promises; None if there is nothing to count.
        delivered: the same of its contracts; None while there are too few deliveries.
        members: of a joint quote: name and grams of each cooperative.
        is_expired: the offer does not hold any more.
    """

    quote: OpenedQuote
    mean_minor: int | None
    products: Sequence[OfferedProduct]
    certificates: Sequence[CertificateFact]
    lacking: Sequence[str]
    km: int
    record: PromiseRecord | None
    delivered: DeliveryRecord | None
    members: Sequence[tuple[str, int]]
    is_expired: bool

    def landed(self, month: date) -> int | None:
        """What a kilogram costs at the place in a month."""
        return landed_minor(self.quote.offer, month)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All opened quotes of a request, in order; `best_minor` is the lowest mean price."""

    columns: Sequence[Column]
    product_names: Mapping[int, OfferedProduct]
    member_names: Mapping[int, str]

    @property
    def best_minor(self) -> int | None:
        """The lowest price at the place; None if nobody names one."""
        known = [each.mean_minor for each in self.columns if each.mean_minor is not None]
        return min(known, default=None)

    def without(self, numbers: Collection[str]) -> "Comparison":
        """The same with some columns hidden."""
        shown = [each for each in self.columns if each.quote.number not in numbers]
        return Comparison(shown, self.product_names, self.member_names)


def compare_quotes(
    request: Request,
    *,
    schemes: Collection[str],
    sort: SortBy = SortBy.PRICE,
    viewer: Actor,
    at: datetime,
) -> Comparison:
    """The opened quotes of a request side by side; seven statements.

    Args:
        request: which one; before its opening there is nothing to compare.
        schemes: the certificates that it wants.
        sort: which column stands first.
        viewer: somebody who works for the buyer.
        at: now.

    Raises:
        NotAllowedError: the viewer does not work for the buyer.
    """
    quotes = opened_quotes(request, viewer=viewer)
    goods = {quote.number: {each.product_id for each in wanted_of(quote.offer)} for quote in quotes}
    ids = sorted(set().union(*goods.values()))
    products = {row[0]: OfferedProduct(*row[1:]) for row in _PRODUCTS.ask(ids=ids)}
    held = in_force(ids, business_day(at))
    names = _names({each.organisation_id for quote in quotes for each in quote.offer.shares})
    known = public_records([quote.organisation_id for quote in quotes], at=at)
    records = known[0] if known else {}
    delivered = public_delivery_records([quote.organisation_id for quote in quotes], at=at)
    columns = []
    for quote in quotes:
        own = sorted(goods[quote.number])
        certificates = _held_by_all(own, held)
        shown = {fact.scheme_code for fact in certificates}
        until = quote.offer.valid_until
        columns.append(
            Column(
                quote=quote,
                mean_minor=mean_landed_minor(quote.offer),
                products=[products[each] for each in own if each in products],
                certificates=certificates,
                lacking=[code for code in schemes if code not in shown],
                km=distance_km(province(quote.province_code), province(request.province_code)),
                record=records.get(quote.organisation_id),
                delivered=delivered.get(quote.organisation_id),
                members=_members(quote, names),
                is_expired=until is None or until < business_day(at),
            )
        )
    columns.sort(key=ORDERS[sort])
    return Comparison(columns, products, names)


def _by_price(column: Column) -> tuple[bool, int]:
    return column.mean_minor is None, column.mean_minor or 0


ORDERS: Final = {
    SortBy.PRICE: _by_price,
    SortBy.VOLUME: lambda column: (False, -column.quote.offer.total_g),
    SortBy.DISTANCE: lambda column: (False, column.km),
    SortBy.SENT: lambda column: (False, int(column.quote.submitted_at.timestamp())),
}


def _held_by_all(
    product_ids: Sequence[int], held: Mapping[int, Sequence[CertificateFact]]
) -> list[CertificateFact]:
    """The certificates that hold for every product; of a scheme the one that ends first."""
    by_scheme: dict[str, list[CertificateFact]] = {}
    for product_id in product_ids:
        for code in {fact.scheme_code for fact in held.get(product_id, ())}:
            best = [fact for fact in held[product_id] if fact.scheme_code == code]
            by_scheme.setdefault(code, []).append(max(best, key=_end))
    return [
        min(facts, key=_end)
        for _code, facts in sorted(by_scheme.items())
        if len(facts) == len(product_ids)
    ]


def _end(fact: CertificateFact) -> date:
    return fact.valid_to or date.max


def _names(ids: Collection[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in _SELLERS.ask(ids=sorted(ids))}


def _members(quote: OpenedQuote, names: Mapping[int, str]) -> list[tuple[str, int]]:
    grams: dict[int, int] = {}
    for share in quote.offer.shares:
        grams[share.organisation_id] = grams.get(share.organisation_id, 0) + share.grams
    return [(names.get(member, ""), total) for member, total in grams.items()]
