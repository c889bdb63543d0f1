"""The stalls: filters as a GET form, each page with an address of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from blueprints.kept import kept
from blueprints.locale import path
from blueprints.paging import page_request, page_url
from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.shown import province_name, stall_grid
from marketplace.catalogue.storefront.listing import (
    BANDS,
    LONGEST_TEXT,
    PAGE_SIZE,
    Facets,
    Filters,
    Listing,
    Sort,
    browse,
)
from marketplace.catalogue.storefront.shelf import Group, Shelf, shelf
from marketplace.certification.schemes import badge_label, find_scheme, schemes
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.translation import mark
from marketplace.platform import formatting
from marketplace.platform.formatting import money
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.traceability.queries import find_lot_code
from marketplace.traceability.rules import looks_like_lot_code

SORTS: Final = {
    Sort.BEST: mark("Phù hợp nhất"),
    Sort.SEASON: mark("Đang rộ"),
    Sort.NEWEST: mark("Mới đăng"),
    Sort.CHEAPEST: mark("Giá/kg thấp trước"),
    Sort.DEAREST: mark("Giá/kg cao trước"),
}
DEAREST_KILOGRAM: Final = 1_000_000_000
SHOWN_PROVINCES: Final = 8
"""More than these are folded away."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what is sent, what people read, how many it leaves."""

    value: str
    word: str
    count: int
    is_on: bool
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Band:
    """A range of prices of a kilogram, and its address."""

    word: str
    url: str
    count: int
    is_on: bool


@storefront.get("/san-pham")
@public
def list_products() -> ResponseReturnValue:
    """What is on sale, by text and filters."""
    text = " ".join(request.args.get("q", "").split())[:LONGEST_TEXT]
    if text and looks_like_lot_code(text):
        code = find_lot_code(text)
        if code is not None:
            return redirect(path(f"/t/{code}"), 303)
    goods = shelf(business_day(now()))
    filters, region = _read_filters(goods, text)
    wanted = page_request(PAGE_SIZE)
    listing = browse(goods, filters, wanted)
    if wanted.number != listing.page.request.number:
        return redirect(page_url(listing.page.request.number), 303)
    args = _arguments(filters, region)
    group = goods.groups[filters.category] if filters.category else None
    number = listing.page.request.number
    seen = (
        filters,
        region,
        number,
        listing.page.total,
        listing.is_near,
        *listing.page.rows,
        *listing.facets.key(),
    )
    return render_template(
        "storefront/listing.html",
        title=_title(goods, filters, group, region),
        total=listing.page.total,
        number=number,
        search_text=text,
        nav=_root(goods, group),
        body=kept("listing", seen, lambda: _body(goods, filters, listing, region)),
        noindex=bool(text) or len([name for name, _value in args if name != "xep"]) > 1,
        canonical_query=_canonical(args, number),
    )


def _body(goods: Shelf, filters: Filters, listing: Listing, region: str) -> str:
    """Draw the page; everything that it shows follows from what is given."""
    group = goods.groups[filters.category] if filters.category else None
    return render_template(
        "storefront/_listing.html",
        products=stall_grid(listing.page.rows) if listing.page.rows else "",
        shown=len(listing.page.rows),
        page=listing.page,
        page_args=_by_name(_arguments(filters, region)),
        is_near=listing.is_near,
        title=_title(goods, filters, group, region),
        group=group,
        group_name=_name(group) if group else "",
        chips=_chips(goods, filters, region),
        sorts=_sorts(filters, region),
        facets=_facets(goods, filters, listing.facets),
        bands=_bands(filters, listing.facets.bands, region),
        regions=_regions(listing.facets.all_provinces, region),
        filters=filters,
    )


def _read_filters(goods: Shelf, text: str) -> tuple[Filters, str]:
    """The filters of the address, and the id of the region, if one is chosen.

    Values that nobody could have chosen are passed over.

    Raises:
        NotFound: there is no such category.
    """
    args = request.args
    category = args.get("nhom") or None
    if category is not None and category not in goods.groups:
        raise NotFound
    region = geography.find_region(args.get("vung", ""))
    within = tuple(one.code for one in geography.provinces_of_region(region.id)) if region else ()
    provinces = tuple(dict.fromkeys(code for code in args.getlist("tinh") if _is_province(code)))
    sort = args.get("xep", "")
    filters = Filters(
        text=text,
        category=category,
        province_codes=tuple(code for code in provinces if not within or code in within),
        region_province_codes=within,
        schemes=tuple(dict.fromkeys(code for code in args.getlist("chung-nhan") if _shows(code))),
        per_kg_from=_amount("gia-tu"),
        per_kg_to=_amount("gia-den"),
        in_stock=args.get("con-hang") == "1",
        sort=Sort(sort) if sort in list(Sort) else None,
    )
    return filters, region.id if region else ""


def _is_province(code: str) -> bool:
    return geography.find_province(code) is not None


def _shows(code: str) -> bool:
    found = find_scheme(code)
    return found is not None and found.is_badge


def _amount(name: str) -> int | None:
    digits = "".join(sign for sign in request.args.get(name, "") if sign.isdecimal())
    return min(int(digits), DEAREST_KILOGRAM) if digits else None


Arguments = list[tuple[str, str]]


def _arguments(filters: Filters, region: str) -> Arguments:
    """The filters as they stand in an address, without the page."""
    pairs: Arguments = [("q", filters.text), ("nhom", filters.category or ""), ("vung", region)]
    pairs += [("tinh", code) for code in filters.province_codes]
    pairs += [("chung-nhan", code) for code in filters.schemes]
    pairs += [("gia-tu", _text(filters.per_kg_from)), ("gia-den", _text(filters.per_kg_to))]
    pairs += [("con-hang", "1" if filters.in_stock else ""), ("xep", filters.sort or "")]
    return [(name, value) for name, value in pairs if value]


def _by_name(args: Arguments) -> dict[str, list[str]]:
    """The same for the links of other pages: every value of each name."""
    found: dict[str, list[str]] = {}
    for name, value in args:
        found.setdefault(name, []).append(value)
    return found


def _text(amount: int | None) -> str:
    return "" if amount is None else str(amount)


def _address(args: Sequence[tuple[str, str]]) -> str:
    base = path("/san-pham")
    return f"{base}?{urlencode(args)}" if args else base


def _canonical(args: Arguments, page: int) -> str:
    kept = [pair for pair in args if pair[0] not in {"xep", "q"}][:1]
    return urlencode([*kept, ("trang", str(page))] if page > 1 else kept)


def _name(group: Group) -> str:
    return (group.name_en if current_locale() == "en" else "") or group.name_vi


def _root(goods: Shelf, group: Group | None) -> str:
    if group is None:
        return ""
    return next(one.slug for one in goods.groups.values() if one.id == group.path[0])


def _title(goods: Shelf, filters: Filters, group: Group | None, region_id: str) -> str:
    if filters.text:
        return _("Kết quả cho “%(typed)s”", typed=filters.text)
    locale = current_locale()
    if group is not None:
        return _name(group)
    if len(filters.province_codes) == 1:
        name = province_name(filters.province_codes[0], locale)
        return _("Hàng từ %(place)s", place=name)
    if region_id:
        region = geography.region(region_id)
        return _("Hàng từ %(place)s", place=region.en if locale == "en" else region.vi)
    return _("Chợ tháng %(month)s", month=formatting.month_name(goods.day))


def _chips(goods: Shelf, filters: Filters, region_id: str) -> list[Chip]:
    locale = current_locale()
    args = _arguments(filters, region_id)

    def without(*names: str, value: str = "") -> str:
        return _address(
            [pair for pair in args if pair[0] not in names or (value and pair[1] != value)]
        )

    chips: list[Chip] = []
    if filters.text:
        chips.append(Chip(f"“{filters.text}”", without("q")))
    if filters.category:
        chips.append(Chip(_name(goods.groups[filters.category]), without("nhom")))
    if region_id:
        region = geography.region(region_id)
        chips.append(Chip(region.en if locale == "en" else region.vi, without("vung")))
    chips += [
        Chip(province_name(code, locale), without("tinh", value=code))
        for code in filters.province_codes
    ]
    chips += [
        Chip(badge_label(code, None, locale), without("chung-nhan", value=code))
        for code in filters.schemes
    ]
    if filters.per_kg_from is not None or filters.per_kg_to is not None:
        word = _band_word(filters.per_kg_from, filters.per_kg_to)
        chips.append(Chip(f"{word}/kg", without("gia-tu", "gia-den")))
    if filters.in_stock:
        chips.append(Chip(_("Còn hàng"), without("con-hang")))
    return chips


def _sorts(filters: Filters, region: str) -> list[Chip]:
    """The orders to choose from: (word, address); the present one has no address."""
    present = filters.sort or (Sort.BEST if filters.text else Sort.SEASON)
    default = Sort.BEST if filters.text else Sort.SEASON
    rest = [pair for pair in _arguments(filters, region) if pair[0] != "xep"]
    return [
        Chip(
            _(word),
            ""
            if sort is present
            else _address(rest if sort is default else [*rest, ("xep", sort.value)]),
        )
        for sort, word in SORTS.items()
        if filters.text or sort is not Sort.BEST
    ]


def _facets(goods: Shelf, filters: Filters, facets: Facets) -> dict[str, list[Choice]]:
    locale = current_locale()
    chosen = goods.groups[filters.category] if filters.category else None
    groups = [
        Choice(
            group.slug,
            _name(group),
            facets.categories.get(group.id, 0),
            group is chosen,
            is_below=len(group.path) > 1,
        )
        for group in _tree(goods, chosen)
        if facets.categories.get(group.id) or group is chosen
    ]
    provinces = [
        Choice(code, province_name(code, locale), count, code in filters.province_codes)
        for code, count in sorted(
            facets.provinces.items(), key=lambda pair: (-pair[1], province_name(pair[0], "vi"))
        )
        if count or code in filters.province_codes
    ]
    standards = [
        Choice(
            one.code,
            badge_label(one.code, None, locale),
            facets.schemes.get(one.code, 0),
            one.code in filters.schemes,
        )
        for one in schemes()
        if one.is_badge and (facets.schemes.get(one.code) or one.code in filters.schemes)
    ]
    return {
        "groups": groups,
        "provinces": provinces[:SHOWN_PROVINCES],
        "more_provinces": provinces[SHOWN_PROVINCES:],
        "schemes": standards,
        "stock": [Choice("1", _("Chỉ hàng còn bán"), facets.in_stock, filters.in_stock)],
    }


def _tree(goods: Shelf, chosen: Group | None) -> list[Group]:
    """The first level, with the second below the chosen one."""
    tops = [group for group in goods.groups.values() if len(group.path) == 1]
    if chosen is None:
        return tops
    opened = chosen.path[0]
    below = [one for one in goods.groups.values() if len(one.path) > 1 and one.path[0] == opened]
    return [one for top in tops for one in ([top, *below] if top.id == opened else [top])]


def _regions(provinces: Mapping[str, int], chosen: str) -> list[Choice]:
    locale = current_locale()
    found = []
    for region in geography.regions():
        codes = (one.code for one in geography.provinces_of_region(region.id))
        count = sum(provinces.get(code, 0) for code in codes)
        if count or region.id == chosen:
            word = region.en if locale == "en" else region.vi
            found.append(Choice(region.id, word, count, region.id == chosen))
    return found


def _bands(filters: Filters, counts: Sequence[int], region: str) -> list[Band]:
    rest = [pair for pair in _arguments(filters, region) if pair[0] not in {"gia-tu", "gia-den"}]
    bands = []
    for (low, high), count in zip(BANDS, counts, strict=True):
        is_on = (filters.per_kg_from, filters.per_kg_to) == (low, high)
        amounts = [("gia-tu", _text(low)), ("gia-den", _text(high))]
        url = _address([*rest, *(pair for pair in amounts if pair[1])])
        if count or is_on:
            bands.append(Band(_band_word(low, high), url, count, is_on))
    return bands


def _band_word(low: int | None, high: int | None) -> str:
    if low is None:
        return _("Dưới %(amount)s", amount=money((high or 0) + 1 if _is_nine(high) else high))
    if high is None:
        return _("Từ %(amount)s", amount=money(low))
    return f"{money(low)} – {money(high + 1 if _is_nine(high) else high)}"


def _is_nine(amount: int | None) -> bool:
    """Whether a bound is "just under" a round amount, as those of `BANDS` are."""
    return amount is not None and amount % 1000 == 999  # noqa: PLR2004 - one below a thousand
