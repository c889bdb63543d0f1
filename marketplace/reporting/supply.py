"""The forward supply book: a seller's products by month, a year ahead and a year back.

Four statements, however many products and months there are. What was harvested comes from the
lots, whether a month is certified from the certificates that name the product.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Date, String, bindparam, exists, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.certification.schemes import badge_label, scheme
from marketplace.kernel.quantity import GRAMS, Unit
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from marketplace.sourcing.supply.rules import BOOK_MONTHS, month_after, month_of, months_from
from models.catalogue import Product, ProductCertificate, ProductState
from models.certification import TRUSTED, Certificate
from models.supply import Supply
from models.traceability import Lot

PAGE_SIZE: Final = 60
"""Products on a page of the book; hardly any seller has more."""
ALL: Final = 1_000_000
"""More products than a seller has."""


class Cover(StrEnum):
    """How far the certificates of a product reach into a month."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A month of a product, in grams."""

    month: date
    forecast_g: int = 0
    held_g: int = 0
    contracted_g: int = 0
    actual_g: int = 0

    @property
    def free_g(self) -> int:
        """What nobody has spoken for."""
        return self.forecast_g - self.held_g - self.contracted_g


@dataclass(frozen=True, slots=True)
class Holding:
    """A certificate that names a product, with the days for which it counts."""

    code: str
    level: int | None
    valid_from: date
    valid_to: date | None

    def label(self, locale: str) -> str:
        """What stands on its badge."""
        return badge_label(self.code, self.level, locale)

    def cover(self, month: date) -> Cover:
        """How far it reaches into a month."""
        last = month_after(month, 1) - timedelta(days=1)
        ends = self.valid_to or last
        if self.valid_from <= month and ends >= last:
            return Cover.WHOLE
        return Cover.NONE if self.valid_from > last or ends < month else Cover.PART


@dataclass(frozen=True, slots=True)
class BookRow:
    """A product in the book.

    Attributes:
        coming: the months ahead, all grades together.
        past: the months before, the oldest first; what was held of them does not matter any more.
        grades: the months ahead of each grade, where a product has grades with names.
        holdings: its certificates, in the order of badges.
    """

    product_id: int
    name_vi: str
    name_en: str
    state: str
    coming: Sequence[Amounts]
    past: Sequence[Amounts]
    grades: Mapping[str, Sequence[Amounts]]
    holdings: Sequence[Holding]

    def name(self, locale: str) -> str:
        """Its name in the language `locale`."""
        return (self.name_en if locale == "en" else "") or self.name_vi

    @property
    def unit(self) -> str:
        """In what the months ahead are written: "tan" or "kg"."""
        return unit_of(each.forecast_g for each in self.coming)

    @property
    def past_unit(self) -> str:
        """In what the months before are written: "tan" or "kg"."""
        return unit_of(max(each.forecast_g, each.actual_g) for each in self.past)

    @property
    def covers(self) -> Sequence[Cover]:
        """How far its certificates reach into each of the months ahead, the best of them."""
        return [best_cover(self.holdings, each.month) for each in self.coming]


@dataclass(frozen=True, slots=True)
class SupplyBook:
    """A page of the book of a seller."""

    page: Page[BookRow]
    coming: Sequence[date]
    past: Sequence[date]


@dataclass(frozen=True, slots=True)
class OfSeller:
    """The book of a seller, for asking who may read it."""

    organisation_id: int


_IDS: Final = bindparam("product_ids", type_=ARRAY(BigInteger))
_OWNER: Final = bindparam("organisation_id", type_=BigInteger)
_FIRST: Final = bindparam("first", type_=Date)
_LAST: Final = bindparam("last", type_=Date)

_PRODUCTS: Final = Question(
    select(
        Product.id,
        Product.name_vi,
        Product.name_en,
        Product.state,
        func.count().over(),
    )
    .where(
        Product.organisation_id == _OWNER,
        or_(
            Product.state != ProductState.ARCHIVED,
            exists().where(
                Supply.product_id == Product.id, Supply.month >= _FIRST, Supply.forecast_g > 0
            ),
        ),
    )
    .order_by(Product.slug, Product.id)
    .limit(bindparam("size", type_=BigInteger))
    .offset(bindparam("skipped", type_=BigInteger))
)
_MONTHS: Final = Question(
    select(
        Supply.product_id,
        Supply.month,
        Supply.grade,
        Supply.forecast_g,
        Supply.held_g,
        Supply.contracted_g,
    ).where(Supply.product_id == func.any(_IDS), Supply.month >= _FIRST, Supply.month <= _LAST)
)
_HARVEST_MONTH: Final = func.date_trunc("month", Lot.harvested_on).cast(Date)
HARVESTED: Final = Question(
    select(Lot.product_id, _HARVEST_MONTH, func.sum(Lot.quantity_g).cast(BigInteger))
    .where(Lot.product_id == func.any(_IDS), Lot.harvested_on >= _FIRST)
    .group_by(Lot.product_id, _HARVEST_MONTH)
)
"""What was harvested of products, by month."""
_HOLDINGS: Final = Question(
    select(
        ProductCertificate.product_id,
        Certificate.scheme_code,
        Certificate.level,
        Certificate.valid_from,
        Certificate.valid_to,
    )
    .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
    .where(
        ProductCertificate.product_id == func.any(_IDS),
        Certificate.state == func.any(bindparam("trusted", type_=ARRAY(String))),
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= _FIRST),
    )
    .order_by(Certificate.valid_from, Certificate.id)
)


def supply_book(
    organisation_id: int, *, viewer: Actor, page: PageRequest, today: date
) -> SupplyBook:
    """A page of the book of a seller, by name: four statements.

    Args:
        organisation_id: whose book.
        viewer: who works at the seller's desk.
        page: which page.
        today: the day it is in Việt Nam.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    authorize(viewer, Permission.SUPPLY_VIEW, OfSeller(organisation_id))
    this_month = month_of(today)
    found = _PRODUCTS.ask(
        organisation_id=organisation_id, first=this_month, size=page.size, skipped=page.offset
    )
    return SupplyBook(
        Page(rows=_rows(found, this_month), request=page, total=found[0][4] if found else 0),
        coming=months_from(this_month, BOOK_MONTHS),
        past=months_from(month_after(this_month, -BOOK_MONTHS), BOOK_MONTHS),
    )


def whole_book(organisation_id: int, *, viewer: Actor, today: date) -> list[BookRow]:
    """Every product of the book of a seller, by name, for a file: four statements.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    authorize(viewer, Permission.SUPPLY_VIEW, OfSeller(organisation_id))
    this_month = month_of(today)
    found = _PRODUCTS.ask(organisation_id=organisation_id, first=this_month, size=ALL, skipped=0)
    return _rows(found, this_month)


def _rows(found: Sequence[Any], this_month: date) -> list[BookRow]:
    """The products with their months: three statements."""
    first = month_after(this_month, -BOOK_MONTHS)
    ids = [row[0] for row in found]
    last = month_after(this_month, BOOK_MONTHS - 1)
    kept = _MONTHS.ask(product_ids=ids, first=first, last=last)
    sums, grades = _sums(kept, harvested(ids, first)), _by_grade(kept, this_month)
    holdings = holdings_of(ids, this_month)
    coming, past = months_from(this_month, BOOK_MONTHS), months_from(first, BOOK_MONTHS)
    return [
        BookRow(
            product_id=product_id,
            name_vi=name_vi,
            name_en=name_en,
            state=state,
            coming=[Amounts(month, *sums.get((product_id, month), ())) for month in coming],
            past=[Amounts(month, *sums.get((product_id, month), ())) for month in past],
            grades={
                grade: [of_grade.get(month, Amounts(month)) for month in coming]
                for grade, of_grade in grades.get(product_id, {}).items()
            },
            holdings=holdings.get(product_id, ()),
        )
        for product_id, name_vi, name_en, state, _total in found
    ]


def holdings_of(product_ids: Sequence[int], day: date) -> dict[int, list[Holding]]:
    """The certificates of products that count on `day` or after it, in the order of badges."""
    held: dict[int, list[Holding]] = {}
    rows = _HOLDINGS.ask(product_ids=list(product_ids), first=day, trusted=list(map(str, TRUSTED)))
    for product_id, *holding in rows:
        if scheme(holding[0]).is_badge:
            held.setdefault(product_id, []).append(Holding(*holding))
    for each in held.values():
        each.sort(key=lambda holding: scheme(holding.code).position)
    return held


def best_cover(holdings: Sequence[Holding], month: date) -> Cover:
    """How far the best of some certificates reaches into a month."""
    covers = {each.cover(month) for each in holdings}
    return next((cover for cover in Cover if cover in covers), Cover.NONE)


def harvested(product_ids: Sequence[int], first: date) -> dict[tuple[int, date], int]:
    """What was harvested of products since a day, by product and month, in grams."""
    rows = HARVESTED.ask(product_ids=list(product_ids), first=first)
    return {(product_id, month): grams for product_id, month, grams in rows}


def unit_of(weights: Iterable[int]) -> str:
    """Tonnes where the months of a product are tonnes, kilograms where they are less."""
    return "kg" if 0 < max(weights, default=0) < GRAMS[Unit.TAN] else "tan"


def _sums(
    kept: Sequence[Any], harvest: Mapping[tuple[int, date], int]
) -> dict[tuple[int, date], list[int]]:
    """Forecast, held, contracted and harvested by product and month, all grades together."""
    sums: dict[tuple[int, date], list[int]] = {}
    for product_id, month, _grade, *grams in kept:
        so_far = sums.get((product_id, month), (0, 0, 0))
        sums[product_id, month] = [one + other for one, other in zip(so_far, grams, strict=True)]
    for key, grams in harvest.items():
        sums[key] = [*sums.get(key, (0, 0, 0)), grams]
    return sums


def _by_grade(kept: Sequence[Any], this_month: date) -> dict[int, dict[str, dict[date, Amounts]]]:
    """The months ahead by product and grade, of products that have grades with names."""
    graded = {product_id for product_id, _month, grade, *_grams in kept if grade}
    found: dict[int, dict[str, dict[date, Amounts]]] = {}
    for product_id, month, grade, *grams in kept:
        if product_id in graded and month >= this_month:
            months = found.setdefault(product_id, {}).setdefault(grade, {})
            months[month] = Amounts(month, *grams)
    return {product_id: dict(sorted(grades.items())) for product_id, grades in found.items()}
