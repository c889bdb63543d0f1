"""What the page of sourcing shows: the map, the months, the chips, each with its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from blueprints.places import province_name
from marketplace.catalogue.categories import categories_tree
from marketplace.certification.schemes import badge_label, schemes
from marketplace.geography.distances import distance_km
from marketplace.geography.finding import NamedPlace
from marketplace.geography.queries import province, provinces
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import month, weight
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.maps import Classes, classes_of, on_map
from marketplace.reporting.sourcing.answers import Answer
from marketplace.reporting.sourcing.finding import Tally, nearest_with_supply
from marketplace.reporting.sourcing.search import Area, Order, Search, address_of, months_from

GRADES_SHOWN: Final = 30
HEAT: Final = 3
NAMED_ON_MAP: Final = 1
"""Provinces whose names stand on the map besides those that were chosen."""

AREAS: Final = {
    Area.GROWN: mark("Nơi trồng"),
    Area.STORED: mark("Nơi chứa"),
    Area.REGISTERED: mark("Nơi đăng ký"),
}
ORDERS: Final = {
    Order.VOLUME: mark("Còn nhiều trước"),
    Order.DISTANCE: mark("Gần nơi giao trước"),
}
ARCHIPELAGOS: Final = {
    "48": ("Hoàng Sa", (378, 250), ((365, 274), (391, 262), (405, 266), (351, 300))),
    "56": (
        "Trường Sa",
        (453, 455),
        ((468, 505), (446, 574), (464, 467), (376, 574), (508, 524), (457, 524)),
    ),
}
"""By the code of the province that they belong to: name, where it stands, the islands."""


@dataclass(frozen=True, slots=True)
class Part:
    """A province on the map and in the table; `url` chooses it, or lets it go again."""

    code: str
    name: str
    tally: Tally
    shade: int
    km: int | None
    is_on: bool
    url: str

    @property
    def label_at(self) -> tuple[int, int]:
        """Where its name stands on the map."""
        there = province(self.code)
        return on_map(there.lon, there.lat)


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """A month of the calendar; `url` asks for it alone."""

    month: date
    grams: int
    heat: int
    is_on: bool
    url: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, and the address without it."""

    word: str
    url: str


def link_to(base: str, search: Search) -> str:
    """The address of a search."""
    query = urlencode(address_of(search))
    return f"{base}?{query}" if query else base


def parts_of(answer: Answer, search: Search, base: str) -> tuple[list[Part], Classes]:
    """All provinces, those with most first; and the classes of the map."""
    tallies = answer.found.tallies
    classes = classes_of({code: tally.grams for code, tally in tallies.items()})
    distances, wanted = search.distances(), search.wanted_codes
    parts = [
        Part(
            code=each.code,
            name=province_name(each.code),
            tally=tallies.get(each.code, Tally(0, 0)),
            shade=classes.of.get(each.code, 0),
            km=distances.get(each.code),
            is_on=each.code in wanted,
            url=link_to(base, _toggled(search, each.code)),
        )
        for each in provinces()
    ]
    return sorted(parts, key=lambda part: -part.tally.grams), classes


def legend_of(classes: Classes) -> list[str]:
    """The words of the classes, from nothing on."""
    words = [_("chưa có")]
    for bottom, top in zip(classes.bottoms, classes.tops, strict=True):
        low, high = weight(bottom), weight(top)
        words.append(low if low == high else f"{low} – {high}")
    return words


def calendar_of(answer: Answer, search: Search, base: str) -> list[MonthChoice]:
    """The months that can be searched, with what is free in each."""
    known = answer.yard
    span = known.span(search.first, search.last)
    most = max(answer.found.months, default=0)
    return [
        MonthChoice(
            month=first,
            grams=grams,
            heat=-(-grams * HEAT // most) if most else 0,
            is_on=number in span and len(span) < len(answer.found.months),
            url=link_to(base, replace(search, first=first, last=first)),
        )
        for number, (first, grams) in enumerate(
            zip(months_from(known.first), answer.found.months, strict=True)
        )
    ]


def heats(amounts: Sequence[int]) -> list[int]:
    """How full each month of a row is, from 0 to `HEAT`."""
    most = max(amounts, default=0)
    return [-(-each * HEAT // most) if most else 0 for each in amounts]


def mapping_of(named: NamedPlace | None) -> str:
    """What an old or other name means today; empty where it is today's own name."""
    if named is None:
        return ""
    names = ", ".join(each.full_name if _is_vi() else each.full_name_en for each in named.provinces)
    if named.former:
        return _("%(old)s nay thuộc %(new)s, từ ngày 1/7/2025.", old=named.former, new=names)
    if any(named.typed.casefold() == each.name.casefold() for each in named.provinces):
        return ""
    return _("“%(typed)s” được hiểu là %(new)s.", typed=named.typed, new=names)


def chips_of(search: Search, base: str) -> list[Chip]:
    """The conditions that are set, each with the way to take it back."""
    locale = current_locale()
    group = categories_tree().by_slug.get(search.category)
    nowhere = {"deliver_to": "", "within_km": None, "order": Order.VOLUME}
    area = _(AREAS[search.area]) if search.area is not Area.GROWN else ""
    conditions: list[tuple[object, str, dict[str, Any]]] = [
        (search.words, f"“{search.words}”", {"words": ""}),
        (group, group.name(locale) if group else "", {"category": ""}),
        (search.scheme, _scheme_word(search.scheme), {"scheme": ""}),
        (search.grade, _("Hạng %(grade)s", grade=search.grade), {"grade": ""}),
        (
            search.first or search.last,
            _span_words(search.first, search.last),
            {"first": None, "last": None},
        ),
        (
            search.at_least_g,
            _("Từ %(weight)s", weight=weight(search.at_least_g)),
            {"at_least_g": 0},
        ),
        *(
            (code, province_name(code), {"province_codes": _without(search, code)})
            for code in search.province_codes
        ),
        (search.place, search.place, {"place": ""}),
        (area, area, {"area": Area.GROWN}),
        (search.deliver_to, _("Giao tới %(place)s", place=search.deliver_to), nowhere),
        (search.within_km, _("Trong %(km)s km", km=search.within_km), {"within_km": None}),
    ]
    return [
        Chip(word, link_to(base, replace(search, **without)))
        for is_set, word, without in conditions
        if is_set
    ]


def suggestions_of(answer: Answer, search: Search, base: str) -> list[tuple[str, str]]:
    """To whom finds nothing: what there is nearby, in other months, or without a condition."""
    found, ways = answer.found, []
    for code, tally, km in nearest_with_supply(found, search, _from_chosen(search)):
        words = _("%(place)s còn %(weight)s", place=province_name(code), weight=weight(tally.grams))
        words += "" if km is None else " · " + _("cách %(km)s km", km=km)
        ways.append(
            (
                words,
                link_to(base, replace(search, province_codes=(code,), place="", within_km=None)),
            )
        )
    months = months_from(answer.yard.first)
    full = [each for each, grams in zip(months, found.months, strict=True) if grams]
    if full and (search.first or search.last):
        nearest = min(full, key=lambda each: abs((each - (search.first or months[0])).days))
        ways.append(
            (
                _("Có hàng vào %(month)s", month=month(nearest)),
                link_to(base, replace(search, first=nearest, last=nearest)),
            )
        )
    if search.at_least_g:
        ways.append((_("Bỏ lượng tối thiểu"), link_to(base, replace(search, at_least_g=0))))
    if search.grade:
        ways.append((_("Mọi hạng"), link_to(base, replace(search, grade=""))))
    if search.scheme:
        ways.append((_("Không đòi tiêu chuẩn"), link_to(base, replace(search, scheme=""))))
    return ways


def choices_of(answer: Answer | None) -> Mapping[str, Any]:
    """What the fields of the form offer."""
    locale = current_locale()
    return {
        "groups": [
            (top.name(locale), [(node.slug, node.name(locale)) for node in (top, *top.children)])
            for top in categories_tree().tops
        ],
        "standards": [
            (each.code, badge_label(each.code, None, locale)) for each in schemes() if each.is_badge
        ],
        "grades": answer.yard.common_grades(GRADES_SHOWN) if answer else [],
        "areas": [(area.value, _(word)) for area, word in AREAS.items()],
        "orders": [(order.value, _(word)) for order, word in ORDERS.items()],
        "names": sorted({name for each in provinces() for name in (each.name, *each.former_names)}),
    }


def _from_chosen(search: Search) -> dict[str, int]:
    """How far every province is from where the reader wants goods or from those they chose."""
    distances = search.distances()
    if distances:
        return distances
    chosen = [province(code) for code in search.wanted_codes]
    if not chosen:
        return {}
    return {each.code: min(distance_km(each, there) for there in chosen) for each in provinces()}


def _toggled(search: Search, code: str) -> Search:
    named = search.named
    kept = set(search.province_codes)
    if named is not None and code in named.codes:
        return replace(search, place="")
    kept ^= {code}
    return replace(search, province_codes=tuple(sorted(kept)))


def _without(search: Search, code: str) -> tuple[str, ...]:
    return tuple(each for each in search.province_codes if each != code)


def _scheme_word(code: str) -> str:
    return badge_label(code, None, current_locale()) if code else ""


def _span_words(first: date | None, last: date | None) -> str:
    if first and last:
        return month(first) if first == last else f"{month(first)} – {month(last)}"
    if first:
        return _("Từ %(month)s", month=month(first))
    return _("Tới %(month)s", month=month(last))


def _is_vi() -> bool:
    return current_locale() == "vi"
