"""What is shown of the sellers that a search found, read fresh."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Date, any_, bindparam, select

from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from marketplace.reporting.periods import add_months
from marketplace.reporting.promise_rules import PromiseRule
from marketplace.reporting.promises import PromiseRecord, public_records
from marketplace.reporting.sourcing.finding import Found
from marketplace.reporting.sourcing.search import Search
from marketplace.reporting.sourcing.yard import (
    FREE,
    OFFERED,
    Yard,
    certificate,
    covers,
    months_covered,
    organisation,
    product,
    supply,
)
from models.accounts import Organisation
from models.catalogue import Product
from models.certification import Certificate, CertificateState

PRODUCTS: Final = any_(bindparam("products", type_=ARRAY(BigInteger)))
FIRST: Final = bindparam("first", type_=Date)
LAST: Final = bindparam("last", type_=Date)


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate that holds in some of these months.

    `is_whole` says that it holds from the first day of them to the last.
    """

    id: int
    scheme_code: str
    level: int | None
    valid_to: date | None
    is_whole: bool


def _holds_until(proof: Proof) -> date:
    return proof.valid_to or date.max


@dataclass(frozen=True, slots=True)
class Goods:
    """A product in a grade; `free` is what nobody has spoken for in each month of the search.

    `proofs` are its certificates that hold in some of these months.
    """

    slug: str
    name_vi: str
    name_en: str
    grade: str
    free: list[int]
    proofs: Sequence[Proof]

    @property
    def total_g(self) -> int:
        """All months together."""
        return sum(self.free)


@dataclass(frozen=True, slots=True)
class Offer:
    """A seller with what it has free; `record` is None where no promises were due yet."""

    id: int
    code: str
    slug: str
    name: str
    name_en: str | None
    kind: str
    province_code: str
    km: int | None
    goods: Sequence[Goods]
    record: PromiseRecord | None

    @property
    def proofs(self) -> list[Proof]:
        """The standards of these goods, each once, by the certificate that holds longest."""
        longest: dict[tuple[str, int | None], Proof] = {}
        for proof in (proof for each in self.goods for proof in each.proofs):
            known = longest.get((proof.scheme_code, proof.level))
            if known is None or _holds_until(proof) > _holds_until(known):
                longest[proof.scheme_code, proof.level] = proof
        return list(longest.values())

    @property
    def free(self) -> Sequence[int]:
        """What is free in each month of the search, all goods together."""
        return [sum(month) for month in zip(*(each.free for each in self.goods), strict=True)]

    @property
    def total_g(self) -> int:
        """All goods, all months."""
        return sum(each.total_g for each in self.goods)


@dataclass(frozen=True, slots=True)
class Offers:
    """A page of sellers, the months they are asked about, and the rule of their records."""

    page: Page[Offer]
    months: Sequence[date]
    rule: PromiseRule | None


GOODS: Final = Question(
    select(
        organisation.id,
        organisation.code,
        organisation.slug,
        organisation.name,
        organisation.name_en,
        organisation.kind,
        organisation.province_code,
        product.id,
        product.slug,
        product.name_vi,
        product.name_en,
        supply.grade,
        supply.month,
        FREE,
    )
    .join(Product, product.id == supply.product_id)
    .join(Organisation, organisation.id == product.organisation_id)
    .where(product.id == PRODUCTS, supply.month.between(FIRST, LAST), FREE > 0, OFFERED)
    .order_by(product.name_vi, product.id, supply.grade, supply.month)
)
PROOFS: Final = Question(
    select(
        covers.product_id,
        certificate.id,
        certificate.scheme_code,
        certificate.level,
        certificate.valid_from,
        certificate.valid_to,
    )
    .join(Certificate, certificate.id == covers.certificate_id)
    .where(
        covers.product_id == PRODUCTS,
        certificate.state == CertificateState.VERIFIED,
        certificate.valid_from <= LAST,
    )
    .order_by(certificate.scheme_code, certificate.id)
)


def read_offers(
    yard: Yard, search: Search, found: Found, *, page: PageRequest | None, at: datetime
) -> Offers:
    """What is shown of a page of sellers; three statements, none where nobody was found.

    Args:
        yard: where they were found.
        search: what was asked.
        found: the answer.
        page: which page; None: all of them.
        at: now.
    """
    span = yard.span(search.first, search.last)
    months = [add_months(yard.first, number) for number in span]
    chosen = found.order if page is None else found.order[page.offset : page.offset + page.size]
    request = page or PageRequest(number=1)
    if not chosen:
        return Offers(Page([], request, len(found.order)), months, None)
    wanted = _lines_of(yard, found, chosen)
    ask = {
        "products": sorted({one for one, _grade in wanted}),
        "first": months[0],
        "last": months[-1],
    }
    proofs = _proofs(PROOFS.ask(**ask), months)
    goods = _goods(GOODS.ask(**ask), wanted, search, proofs, months)
    ids = [yard.sellers[owner] for owner in chosen]
    records = public_records(ids, at=at)
    offers = [
        _offer(goods[one], found.km.get(owner), records[0].get(one) if records else None)
        for owner, one in zip(chosen, ids, strict=True)
        if one in goods
    ]
    return Offers(Page(offers, request, len(found.order)), months, records[1] if records else None)


_Held = tuple[Proof, frozenset[int]]


@dataclass(slots=True)
class _Seller:
    facts: Sequence[Any]
    goods: dict[tuple[int, str], Goods]


def _lines_of(yard: Yard, found: Found, chosen: Sequence[int]) -> set[tuple[int, str]]:
    owners = set(chosen)
    return {
        (yard.products[place], yard.grades[place])
        for place in found.lines
        if yard.owners[place] in owners
    }


def _proofs(rows: Sequence[Any], months: Sequence[date]) -> Mapping[int, Sequence[_Held]]:
    """By product: its certificates with the numbers of the months that each covers."""
    proofs: defaultdict[int, list[_Held]] = defaultdict(list)
    for product_id, one, scheme, level, starts_on, ends_on in rows:
        covered = frozenset(months_covered(months, starts_on, ends_on))
        if covered:
            proof = Proof(one, scheme, level, ends_on, len(covered) == len(months))
            proofs[product_id].append((proof, covered))
    return proofs


def _goods(
    rows: Sequence[Any],
    wanted: set[tuple[int, str]],
    search: Search,
    proofs: Mapping[int, Sequence[_Held]],
    months: Sequence[date],
) -> Mapping[int, _Seller]:
    """By seller: what it has free in the lines that were found."""
    numbers = {month: number for number, month in enumerate(months)}
    sellers: dict[int, _Seller] = {}
    for row in rows:
        facts, (product_id, slug, name_vi, name_en, grade, month, grams) = row[:7], row[7:]
        number, known = numbers[month], proofs.get(product_id, ())
        if (product_id, grade) not in wanted or not _counts(search, known, number):
            continue
        held = [proof for proof, _covered in known]
        seller = sellers.setdefault(facts[0], _Seller(facts, {}))
        goods = seller.goods.setdefault(
            (product_id, grade),
            Goods(slug, name_vi, name_en, grade, [0] * len(months), held),
        )
        goods.free[number] = grams
    return sellers


def _counts(search: Search, proofs: Sequence[_Held], number: int) -> bool:
    return not search.scheme or any(
        proof.scheme_code == search.scheme and number in covered for proof, covered in proofs
    )


def _offer(seller: _Seller, km: int | None, record: PromiseRecord | None) -> Offer:
    one, code, slug, name, name_en, kind, province_code = seller.facts
    return Offer(
        id=one,
        code=code,
        slug=slug,
        name=name,
        name_en=name_en,
        kind=kind,
        province_code=province_code,
        km=km,
        goods=list(seller.goods.values()),
        record=record,
    )
