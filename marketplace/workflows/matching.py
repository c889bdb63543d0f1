"""Which sellers fit a request, and why: goods, certificates, free supply, distance.

A seller fits if it is verified, has a published product of the category, and that product carries
every certificate asked for in at least one of the months. Where it has said what it expects in
those months, some of it must be free. The reasons are facts of this day; pages put them in words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Date, String, bindparam, func, or_, select

from marketplace.catalogue.categories import categories_tree
from marketplace.certification.schemes import find_scheme
from marketplace.geography.distances import distance_km
from marketplace.geography.queries import province
from marketplace.platform.statements import Question
from marketplace.sourcing.requests.operations import Invited
from marketplace.sourcing.requests.terms import Terms
from models.accounts import SELLER_KINDS, Organisation, VerificationState
from models.catalogue import Product, ProductCertificate, ProductState
from models.certification import TRUSTED, Certificate
from models.supply import Supply

MOST_MATCHES: Final = 40
"""As many as a person looks through."""
MOST_PRODUCTS: Final = 3000

_KINDS: Final = tuple(sorted(SELLER_KINDS))
_STATES: Final = tuple(sorted(TRUSTED))
PRODUCTS: Final = Question(
    select(
        Product.id,
        Product.name_vi,
        Product.name_en,
        Organisation.id,
        Organisation.code,
        Organisation.slug,
        Organisation.name,
        Organisation.province_code,
    )
    .join(Organisation, Organisation.id == Product.organisation_id)
    .where(
        Product.category_id == func.any(bindparam("categories", type_=ARRAY(BigInteger))),
        Product.state == ProductState.PUBLISHED,
        Organisation.verification == VerificationState.VERIFIED,
        or_(*(Organisation.kind == kind for kind in _KINDS)),
    )
    .order_by(Product.id)
    .limit(MOST_PRODUCTS)
)
HELD: Final = Question(
    select(
        ProductCertificate.product_id,
        Certificate.scheme_code,
        Certificate.number,
        Certificate.valid_from,
        Certificate.valid_to,
    )
    .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
    .where(
        ProductCertificate.product_id == func.any(bindparam("products", type_=ARRAY(BigInteger))),
        Certificate.scheme_code == func.any(bindparam("schemes", type_=ARRAY(String))),
        or_(*(Certificate.state == state for state in _STATES)),
    )
    .order_by(Certificate.id)
)
_IS_OF_GRADE = or_(
    bindparam("grade", type_=String) == "",
    Supply.grade == "",
    Supply.grade == bindparam("grade", type_=String),
)
FREE: Final = Question(
    select(
        Supply.product_id,
        Supply.month,
        func.coalesce(
            func.sum(Supply.forecast_g - Supply.held_g - Supply.contracted_g).filter(_IS_OF_GRADE),
            0,
        ),
    )
    .where(
        Supply.product_id == func.any(bindparam("products", type_=ARRAY(BigInteger))),
        Supply.month == func.any(bindparam("months", type_=ARRAY(Date))),
    )
    .group_by(Supply.product_id, Supply.month)
    .order_by(Supply.product_id, Supply.month)
)
"""A forecast of another grade counts as one, of which nothing is free."""


@dataclass(frozen=True, slots=True)
class Match:
    """A seller that fits, with its best product and the reasons."""

    organisation_id: int
    code: str
    slug: str
    name: str
    province_code: str
    why: dict[str, Any] = field(default_factory=dict)

    @property
    def invited(self) -> Invited:
        """It, as somebody to ask."""
        return Invited(self.organisation_id, self.why)


@dataclass(frozen=True, slots=True)
class _Held:
    scheme: str
    number: str
    valid_from: date
    valid_to: date | None

    def covers(self, month: date) -> bool:
        """Whether it is in force on every day of a month."""
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.valid_from <= month and (self.valid_to is None or last <= self.valid_to)


def sellers_for(terms: Terms) -> list[Match]:
    """The sellers that fit a request, the best first. Three statements.

    First whoever has every certificate in most of the months, then whoever has most of what is
    asked for free, then the nearest.
    """
    node = categories_tree().by_id.get(terms.category_id)
    rows = PRODUCTS.ask(categories=list(node.ids)) if node else []
    ids = [product_id for product_id, *_rest in rows]
    held, free = _held(ids, terms.schemes), _free(ids, terms)
    place = province(terms.place.province_code)
    best: dict[int, tuple[tuple[int, ...], Match]] = {}
    for product_id, name_vi, name_en, seller_id, code, slug, name, province_code in rows:
        why = _why(terms, held.get(product_id, []), free.get(product_id))
        if why is None:
            continue
        why |= {
            "product": {"id": product_id, "vi": name_vi, "en": name_en},
            "km": distance_km(province(province_code), place),
        }
        rank = (-why["certified_months"], -why["covered_g"], why["km"], product_id)
        known = best.get(seller_id)
        if known is None or rank < known[0]:
            best[seller_id] = (rank, Match(seller_id, code, slug, name, province_code, why))
    ordered = sorted(best.values(), key=lambda each: each[0])
    return [match for _rank, match in ordered[:MOST_MATCHES]]


def _why(
    terms: Terms, held: Sequence[_Held], free: Mapping[date, int] | None
) -> dict[str, Any] | None:
    """The reasons for a product; None if it does not fit."""
    months = [month for month, _grams in terms.periods]
    certified = [
        month
        for month in months
        if all(
            any(each.scheme == code and each.covers(month) for each in held)
            for code in terms.schemes
        )
    ]
    if not certified:
        return None
    known = free or {}
    covered = sum(min(grams, known.get(month, 0)) for month, grams in terms.periods)
    if free is not None and not covered:
        return None
    return {
        "months": len(months),
        "certified_months": len(certified),
        "certificates": [
            {
                "scheme": each.scheme,
                "number": each.number,
                "valid_to": each.valid_to.isoformat() if each.valid_to else None,
            }
            for each in held
            if any(each.covers(month) for month in months)
        ],
        "is_declared": free is not None,
        "free": {month.isoformat(): known[month] for month in months if known.get(month)},
        "covered_g": covered,
        "wanted_g": terms.total_g,
    }


def _held(product_ids: list[int], schemes: Sequence[str]) -> dict[int, list[_Held]]:
    wanted = [code for code in schemes if find_scheme(code)]
    if not product_ids or not wanted:
        return {}
    found: defaultdict[int, list[_Held]] = defaultdict(list)
    for product_id, *values in HELD.ask(products=product_ids, schemes=wanted):
        found[product_id].append(_Held(*values))
    return found


def _free(product_ids: list[int], terms: Terms) -> dict[int, dict[date, int]]:
    if not product_ids or not terms.periods:
        return {}
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    months = [month for month, _grams in terms.periods]
    for product_id, month, grams in FREE.ask(
        products=product_ids, months=months, grade=terms.grade
    ):
        found[product_id][month] = int(grams)
    return found
