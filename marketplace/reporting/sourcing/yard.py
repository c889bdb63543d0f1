"""The yard: what all sellers expect, month by month, by every filter, in memory for some seconds.

A *line* is a product in a grade, with what is free of it in each of the coming months; the lines of
a seller stand together, sellers in the order of their names. Sums are kept from the first month on,
so that what is free from one month to another is one subtraction. Adding up 30,000 sellers takes
milliseconds so, where the same in SQL takes a hundred.

The yard may be some seconds old, or minutes after a while without searches. It decides only who is
found and counted, in which order; what is shown of a seller is read anew (`offers`).
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import BigInteger, Date, Integer, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.catalogue.categories import categories_tree
from marketplace.kernel.text import fold
from marketplace.platform.kept import Kept, unhurried
from marketplace.platform.reading import read, read_each
from marketplace.reporting.periods import add_months, month_of
from marketplace.reporting.sourcing.search import MONTHS, Area, months_from, tokens_of
from models.accounts import SELLER_KINDS, Organisation, VerificationState
from models.catalogue import Product, ProductCertificate, ProductState
from models.certification import Certificate, CertificateState
from models.supply import Supply
from models.traceability import Lot

PLACE: Final = "I"
"""How an `array` keeps places: in four bytes."""

Places = Sequence[int]

supply = Supply.__table__.c
product, organisation = Product.__table__.c, Organisation.__table__.c
certificate, covers, lot = Certificate.__table__.c, ProductCertificate.__table__.c, Lot.__table__.c

FREE: Final = supply.forecast_g - supply.held_g - supply.contracted_g
"""What nobody has spoken for."""

FIRST: Final = bindparam("first", type_=Date)
LAST: Final = bindparam("last", type_=Date)

OFFERED: Final = (
    (product.state == ProductState.PUBLISHED)
    & (organisation.verification == VerificationState.VERIFIED)
    & or_(*(organisation.kind == kind for kind in sorted(SELLER_KINDS)))
)
"""What buyers may find; needs the product joined with its organisation."""

_books = (
    select(
        supply.product_id,
        supply.grade,
        # Days from the first month on: numbers are read faster than days.
        func.array_agg(supply.month - FIRST, type_=ARRAY(Integer)).label("days"),
        func.array_agg(FREE, type_=ARRAY(BigInteger)).label("free"),
    )
    .where(supply.month.between(FIRST, LAST), FREE > 0)
    .group_by(supply.product_id, supply.grade)
    .subquery()
)
LINES: Final = (
    select(
        product.id,
        _books.c.grade,
        organisation.id,
        organisation.province_code,
        product.province_code,
        product.category_id,
        product.name_vi,
        product.name_en,
        _books.c.days,
        _books.c.free,
    )
    .select_from(_books)
    .join(Product, product.id == _books.c.product_id)
    .join(Organisation, organisation.id == product.organisation_id)
    .where(OFFERED)
    .order_by(organisation.sort_key, organisation.id, product.id, _books.c.grade)
)
COVERS: Final = (
    select(covers.product_id, certificate.scheme_code, certificate.valid_from, certificate.valid_to)
    .join(Certificate, certificate.id == covers.certificate_id)
    .where(
        certificate.state == CertificateState.VERIFIED,
        certificate.valid_from <= LAST,
        func.coalesce(certificate.valid_to, LAST) >= FIRST,
    )
)
PLOTS: Final = (
    select(lot.product_id, lot.province_code)
    .join(Product, product.id == lot.product_id)
    .where(product.state == ProductState.PUBLISHED, lot.province_code != product.province_code)
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Yard:
    """The forward books of all verified sellers from the month of `first` on.

    Attributes:
        first: the first month.
        products: the product of each line.
        grades: the grade of each line.
        owners: the seller of each line, by its place in `sellers`.
        sellers: ids of organisations, in the order of their names.
        months: what is free in each month, all lines together.
        upto: for each month, and once more after the last, what is free of each line before it.
        by: the places of the lines, by filter and value.
        words: the places of the lines, by each word of their names and groups.
    """

    first: date
    products: Sequence[int]
    grades: Sequence[str]
    owners: Sequence[int]
    sellers: Sequence[int]
    months: Sequence[int]
    upto: Sequence[Sequence[int]]
    by: Mapping[tuple[str, Any], Places]
    words: Mapping[str, Places]

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.products)

    def places(self, key: str, value: object) -> Places:
        """The lines with this value of a filter."""
        return self.by.get((key, value), ())

    def provinces(self, area: Area) -> Iterator[tuple[str, Places]]:
        """The lines in each province; what grows in two is in both."""
        key = _PROVINCE_KEYS[area]
        return ((code, places) for (name, code), places in self.by.items() if name == key)

    def span(self, first: date | None, last: date | None) -> range:
        """The months from `first` to `last` as far as they are known, by their number."""
        months = [add_months(self.first, each) for each in range(MONTHS)]
        known = [
            number
            for number, month in enumerate(months)
            if (first is None or month >= first) and (last is None or month <= last)
        ]
        return range(known[0], known[-1] + 1) if known else range(0)

    def common_grades(self, most: int) -> list[str]:
        """The grades that most lines have, in alphabetical order."""
        counts = {
            self.grades[places[0]]: len(places)
            for (key, value), places in self.by.items()
            if key == "grade" and value
        }
        return sorted(sorted(counts, key=lambda grade: -counts[grade])[:most], key=fold)


_PROVINCE_KEYS: Final = {Area.GROWN: "grown", Area.STORED: "stored", Area.REGISTERED: "registered"}


def read_yard(today: date) -> Yard:
    """Read the forward books of all sellers; three statements and, once, the groups of goods."""
    months = months_from(today)
    ask = {"first": months[0], "last": months[-1]}
    valid: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    covered: dict[tuple[date, date | None], list[int]] = {}
    for product_id, scheme, *dates in unhurried(read_each(COVERS, ask)):
        numbers = covered.get(tuple(dates))
        if numbers is None:
            numbers = covered[tuple(dates)] = list(months_covered(months, *dates))
        valid[product_id] += [(scheme, number) for number in numbers]
    grown: defaultdict[int, list[str]] = defaultdict(list)
    for product_id, code in read(PLOTS):
        grown[product_id].append(code)
    gathering = _Gathering(months)
    for row in unhurried(read_each(LINES, ask)):
        gathering.add(row, valid.get(row[0], ()), grown.get(row[0], ()))
    return gathering.yard()


def months_covered(months: Sequence[date], starts_on: date, ends_on: date | None) -> Iterator[int]:
    """The numbers of the months that lie whole within the dates of a certificate."""
    for number, month in enumerate(months):
        last_day = add_months(month, 1) - timedelta(days=1)
        if starts_on <= month and (ends_on is None or last_day <= ends_on):
            yield number


class _Gathering:
    """A yard that is being read, line by line: all rows at once would be many megabytes."""

    def __init__(self, months: Sequence[date]) -> None:
        self.months = months
        self.days = [(month - months[0]).days for month in months]
        self.products, self.sellers = array("q"), array("q")
        self.owners = array(PLACE)
        self.grades: list[str] = []
        self.upto = [array("q") for _ in range(len(months) + 1)]
        self.by: defaultdict[tuple[str, Any], array[int]] = defaultdict(lambda: array(PLACE))
        self.words: defaultdict[str, array[int]] = defaultdict(lambda: array(PLACE))
        self.tree = categories_tree()
        self.tokens: dict[str, list[str]] = {}
        self.one_of: dict[str, tuple[str, str]] = {}

    def add(
        self, row: Sequence[Any], valid: Iterable[tuple[str, int]], elsewhere: Iterable[str]
    ) -> None:
        """Put the next line on its place."""
        product_id, grade, seller, home, grown, category, *rest = row
        name_vi, name_en, days, free = rest
        place = len(self.products)
        if not self.sellers or self.sellers[-1] != seller:
            self.sellers.append(seller)
        self.products.append(product_id)
        self.owners.append(len(self.sellers) - 1)
        grade, grade_key = self._grade(grade)
        self.grades.append(grade)
        amounts = dict(zip(days, free, strict=True))
        total = 0
        for day, column in zip(self.days, self.upto, strict=False):
            column.append(total)
            total += amounts.get(day, 0)
        self.upto[-1].append(total)
        for code in {grown, *elsewhere}:
            self.by["grown", code].append(place)
        # A seller has one address: there its goods are stored, and there it is registered.
        self.by["stored", home].append(place)
        self.by["registered", home].append(place)
        self.by["grade", grade_key].append(place)
        path = self.tree.path(category)
        for node in path:
            self.by["category", node.slug].append(place)
        for scheme, number in set(valid):
            self.by["scheme", (scheme, number)].append(place)
        for token in self._tokens(name_vi, name_en, *(node.name_vi for node in path)):
            self.words[token].append(place)

    def yard(self) -> Yard:
        """What was gathered."""
        sums = [sum(column) for column in self.upto]
        return Yard(
            first=self.months[0],
            products=self.products,
            grades=self.grades,
            owners=self.owners,
            sellers=self.sellers,
            months=[after - before for before, after in pairwise(sums)],
            upto=self.upto,
            by=dict(self.by),
            words=dict(self.words),
        )

    def _grade(self, grade: str) -> tuple[str, str]:
        """The grade as it is written, one text for all lines, and as it is searched."""
        known = self.one_of.get(grade)
        if known is None:
            known = self.one_of[grade] = (grade, fold(grade))
        return known

    def _tokens(self, *texts: str) -> set[str]:
        """The words of texts as they are searched. Names share most of their words."""
        found: set[str] = set()
        for word in " ".join(texts).split():
            known = self.tokens.get(word)
            if known is None:
                known = self.tokens[word] = tokens_of(word)
            found.update(known)
        return found


_kept = Kept("yard", lambda month, _before: read_yard(month))


def yard(today: date) -> Yard:
    """The yard, as `Kept` keeps it: read beside the pages when it is too old.

    Args:
        today: the day in Việt Nam.
    """
    return _kept.of(month_of(today))
