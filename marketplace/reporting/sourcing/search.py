"""What can be asked of the sellers' forward books, and how it stands in an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from marketplace.catalogue.categories import categories_tree
from marketplace.certification.schemes import find_scheme
from marketplace.geography.distances import distance_km
from marketplace.geography.finding import NamedPlace, find_place
from marketplace.geography.queries import find_province, provinces
from marketplace.kernel.quantity import GRAMS_PER_KG
from marketplace.kernel.text import slug
from marketplace.reporting.errors import MonthUnreadableError
from marketplace.reporting.periods import add_months, month_of, parse_month

MONTHS: Final = 12
"""How many months can be searched, from the present one on."""

LONGEST_TEXT: Final = 40
MOST_KG: Final = 1_000_000_000
MOST_KM: Final = 5_000


class Area(StrEnum):
    """What "where" means, as it stands in an address."""

    GROWN = "trong"
    STORED = "chua"
    REGISTERED = "dang-ky"


class Order(StrEnum):
    """What comes first, as it stands in an address."""

    VOLUME = "luong"
    DISTANCE = "gan"


@dataclass(frozen=True, slots=True)
class Search:
    """One question. Everything that is empty asks for nothing.

    Attributes:
        words: of the product or its group.
        category: the slug of a group of goods.
        scheme: a standard; only months for which a certificate holds to their last day count.
        grade: as sellers write it; tones and case do not count.
        first, last: the months, by their first days; None: this one, and the last that is known.
        at_least_g: what a seller must have free in all of these months together.
        area: what the provinces mean.
        province_codes: any of these.
        place: more of them, by a name that was typed, perhaps an old one.
        deliver_to: the name of the place of delivery.
        within_km: how far from it at most.
        order: what comes first.
    """

    words: str = ""
    category: str = ""
    scheme: str = ""
    grade: str = ""
    first: date | None = None
    last: date | None = None
    at_least_g: int = 0
    area: Area = Area.GROWN
    province_codes: tuple[str, ...] = ()
    place: str = ""
    deliver_to: str = ""
    within_km: int | None = None
    order: Order = Order.VOLUME

    @property
    def named(self) -> NamedPlace | None:
        """What the typed place means today; None if nothing was typed or nobody knows it."""
        return find_place(self.place) if self.place else None

    @property
    def delivered(self) -> NamedPlace | None:
        """What the place of delivery means today."""
        return find_place(self.deliver_to) if self.deliver_to else None

    @property
    def wanted_codes(self) -> frozenset[str]:
        """The provinces that were chosen or named; none: all."""
        named = self.named
        return frozenset((*self.province_codes, *(named.codes if named else ())))

    def distances(self) -> dict[str, int]:
        """How far every province is from the place of delivery; nothing without one."""
        to = self.delivered
        if to is None:
            return {}
        return {
            each.code: min(distance_km(each, there) for there in to.provinces)
            for each in provinces()
        }


def months_from(day: date) -> list[date]:
    """The months that can be searched on a day."""
    return [add_months(month_of(day), each) for each in range(MONTHS)]


def read_search(args: Mapping[str, Sequence[str]]) -> Search:
    """The question of an address; what makes no sense asks for nothing.

    Args:
        args: every value of each parameter, as `address_of` writes them.
    """

    def one(name: str) -> str:
        return " ".join((args.get(name) or [""])[0].split())[:LONGEST_TEXT]

    codes = dict.fromkeys(code for code in args.get("tinh", ()) if find_province(code))
    kilograms = min(_digits(one("kg")), MOST_KG)
    first, last = _month(one("tu")), _month(one("den"))
    if first and last and first > last:
        first, last = last, first
    return Search(
        words=one("q"),
        category=one("nhom") if one("nhom") in categories_tree().by_slug else "",
        scheme=one("chuan") if find_scheme(one("chuan")) else "",
        grade=one("hang"),
        first=first,
        last=last,
        at_least_g=kilograms * GRAMS_PER_KG,
        area=Area(one("noi")) if one("noi") in set(Area) else Area.GROWN,
        province_codes=tuple(sorted(codes)),
        place=one("vung"),
        deliver_to=one("toi"),
        within_km=min(_digits(one("km")), MOST_KM) or None,
        order=Order(one("xep")) if one("xep") in set(Order) else Order.VOLUME,
    )


def address_of(search: Search) -> list[tuple[str, str]]:
    """The parameters of a question in their one order; what asks for nothing is left out."""
    pairs = [
        ("q", search.words),
        ("nhom", search.category),
        ("chuan", search.scheme),
        ("hang", search.grade),
        ("tu", f"{search.first:%Y-%m}" if search.first else ""),
        ("den", f"{search.last:%Y-%m}" if search.last else ""),
        ("kg", str(search.at_least_g // GRAMS_PER_KG) if search.at_least_g else ""),
        ("noi", search.area if search.area is not Area.GROWN else ""),
        *(("tinh", code) for code in search.province_codes),
        ("vung", search.place),
        ("toi", search.deliver_to),
        ("km", str(search.within_km) if search.within_km else ""),
        ("xep", search.order if search.order is not Order.VOLUME else ""),
    ]
    return [(name, str(value)) for name, value in pairs if value]


def tokens_of(text: str) -> list[str]:
    """The words of a text without tones, case and punctuation."""
    return slug(text).split("-") if slug(text) else []


def _digits(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _month(text: str) -> date | None:
    try:
        return parse_month(text)
    except MonthUnreadableError:
        return None
