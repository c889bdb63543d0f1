"""The stalls: which products fit, how many fit what else, one page of them."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import Text, bindparam, cast, func, select

from marketplace.catalogue.storefront.cards import Card, cards
from marketplace.catalogue.storefront.conditions import product
from marketplace.catalogue.storefront.shelf import Shelf
from marketplace.kernel.text import fold
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from models.catalogue import ProductState

PAGE_SIZE: Final = 24
MOST_WORDS: Final = 8
LONGEST_TEXT: Final = 100
NEAR_ENOUGH: Final = "0.4"
"""How alike a text must be to count as near, by pg_trgm's word similarity (0 to 1)."""
MOST_NEAR: Final = 48

BANDS: Final[tuple[tuple[int | None, int | None], ...]] = (
    (None, 49_999),
    (50_000, 149_999),
    (150_000, 299_999),
    (300_000, None),
)
"""Prices of a kilogram in đồng, from and to, as the filter offers them."""


class Sort(StrEnum):
    """In which order products lie; the values stand in addresses."""

    BEST = "phu-hop"
    SEASON = "dang-ro"
    NEWEST = "moi"
    CHEAPEST = "gia-tang"
    DEAREST = "gia-giam"


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody is looking for. Empty means: anything.

    Attributes:
        text: as it was typed.
        category: the slug of a category of either level.
        province_codes: from any of these; a region is the sum of its provinces.
        region_province_codes: the provinces of the chosen region.
        schemes: with a badge of any of these.
        per_kg_from: a kilogram costs at least so many đồng.
        per_kg_to: and at most so many.
        in_stock: only what can be bought now.
        sort: the order; by default the best match for a text, else what is in season.
    """

    text: str = ""
    category: str | None = None
    province_codes: tuple[str, ...] = ()
    region_province_codes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    per_kg_from: int | None = None
    per_kg_to: int | None = None
    in_stock: bool = False
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many products each value of a filter would leave, all other filters kept.

    Attributes:
        categories: by category id, of both levels.
        provinces: by code, within the chosen region.
        all_provinces: by code, whatever the region.
        schemes: by code.
        bands: in the order of `BANDS`.
        in_stock: how many can be bought now.
    """

    categories: Mapping[int, int]
    provinces: Mapping[str, int]
    all_provinces: Mapping[str, int]
    schemes: Mapping[str, int]
    bands: Sequence[int]
    in_stock: int

    def key(self) -> tuple[Hashable, ...]:
        """All counts, for telling whether they changed."""
        groups = (self.categories, self.provinces, self.all_provinces, self.schemes)
        counts = tuple(tuple(group.items()) for group in groups)
        return (*counts, tuple(self.bands), self.in_stock)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of products, and the counts beside the filters.

    Attributes:
        is_near: nothing fits the text; these are the nearest.
    """

    page: Page[Card]
    facets: Facets
    is_near: bool


def browse(shelf: Shelf, filters: Filters, request: PageRequest) -> Listing:
    """The page of products that fit.

    One statement for the cards and, with a text, one to find it; two more when nothing is found
    and the nearest are looked for. A page behind the last one is the last one.

    Args:
        shelf: all products on sale.
        filters: what is wanted.
        request: which page.
    """
    ranks, is_near = _find(shelf, filters.text) if filters.text else ({}, False)
    matched = shelf.mask_of(ranks) if filters.text else shelf.everything
    masks = _masks(shelf, filters)
    mask = matched
    for one in masks.values():
        mask &= one
    total = mask.bit_count()
    last = max(1, -(-total // request.size))
    request = replace(request, number=min(request.number, last))
    order = _order(shelf, filters, ranks)
    ids = shelf.take(mask, order, request.offset, request.size)
    return Listing(
        page=Page(rows=cards(ids, today=shelf.day), request=request, total=total),
        facets=_facets(shelf, matched, masks),
        is_near=is_near,
    )


def _masks(shelf: Shelf, filters: Filters) -> dict[str, int]:
    """One mask for each filter that is set."""
    masks: dict[str, int] = {}
    if filters.category is not None:
        group = shelf.groups.get(filters.category)
        masks["category"] = shelf.by_category.get(group.id, 0) if group else 0
    if filters.province_codes:
        masks["province"] = _any(shelf.by_province, filters.province_codes)
    if filters.region_province_codes:
        masks["region"] = _any(shelf.by_province, filters.region_province_codes)
    if filters.schemes:
        masks["scheme"] = _any(shelf.by_scheme, filters.schemes)
    if filters.per_kg_from is not None or filters.per_kg_to is not None:
        masks["price"] = shelf.priced(filters.per_kg_from, filters.per_kg_to)
    if filters.in_stock:
        masks["stock"] = shelf.in_stock
    return masks


def _any(masks: Mapping[str, int], keys: Iterable[str]) -> int:
    found = 0
    for key in keys:
        found |= masks.get(key, 0)
    return found


def _facets(shelf: Shelf, matched: int, masks: Mapping[str, int]) -> Facets:
    def without(*names: str) -> int:
        left = matched
        for name, mask in masks.items():
            if name not in names:
                left &= mask
        return left

    category, scheme, price = without("category"), without("scheme"), without("price")
    province, anywhere = without("province"), without("province", "region")
    return Facets(
        categories=_counts(shelf.by_category, category),
        provinces=_counts(shelf.by_province, province),
        all_provinces=_counts(shelf.by_province, anywhere),
        schemes=_counts(shelf.by_scheme, scheme),
        bands=[(shelf.priced(low, high) & price).bit_count() for low, high in BANDS],
        in_stock=(without("stock") & shelf.in_stock).bit_count(),
    )


def _counts(masks: Mapping[Any, int], within: int) -> dict[Any, int]:
    return {key: (mask & within).bit_count() for key, mask in masks.items()}


def _order(shelf: Shelf, filters: Filters, ranks: Mapping[int, int]) -> Sequence[int]:
    sort = filters.sort or (Sort.BEST if filters.text else Sort.SEASON)
    if sort is Sort.CHEAPEST:
        return range(len(shelf.ids))
    if sort is Sort.DEAREST:
        return range(len(shelf.ids) - 1, -1, -1)
    if sort is Sort.NEWEST:
        return shelf.newest
    if sort is Sort.BEST and ranks:
        ranked = [(rank, shelf.season_rank[place], place) for place, rank in ranks.items()]
        ranked.sort()
        return [place for _, _, place in ranked]
    return shelf.in_season


# --- text ---------------------------------------------------------------------------------------


def _find(shelf: Shelf, text: str) -> tuple[dict[int, int], bool]:
    """The places that a text finds with their rank (0 is best), and whether they are only near."""
    typed = text[:LONGEST_TEXT]
    words = fold(typed).split()[:MOST_WORDS]
    if not words:
        return {}, False
    patterns = {f"word_{number}": f"%{_escaped(word)}%" for number, word in enumerate(words)}
    [[ids]] = _containing(len(words)).ask(**patterns)
    places = [shelf.places[one] for one in ids or () if one in shelf.places]
    if places:
        return _ranked(shelf, places, typed, words), False
    return _find_near(shelf, " ".join(words)), True


@cache
def _containing(words: int) -> Question:
    """The products whose text has so many words; made once, for making it costs as much as it."""
    return Question(
        select(func.json_agg(product.id)).where(
            product.state == ProductState.PUBLISHED,
            *(product.search_text.like(bindparam(f"word_{number}")) for number in range(words)),
        )
    )


def _escaped(word: str) -> str:
    """`word` for LIKE, where per cent, underscore and backslash mean something."""
    return re.sub(r"([%_\\])", r"\\\1", word)


def _ranked(
    shelf: Shelf, places: Iterable[int], typed: str, words: Sequence[str]
) -> dict[int, int]:
    """Names with the very letters that were typed come first, then names with them bare."""
    exact = unicodedata.normalize("NFC", typed).lower().split()[:MOST_WORDS]
    has_marks = exact != list(words)

    def rank(place: int) -> int:
        slug = shelf.slugs[place]
        if not all(word in slug for word in words):
            return 2
        name = shelf.names[place]
        return 0 if has_marks and all(word in name for word in exact) else 1

    return {place: rank(place) for place in places}


def _find_near(shelf: Shelf, text: str) -> dict[int, int]:
    """Products whose text looks like `text`, the most alike first."""
    session.execute(select(func.set_config("pg_trgm.word_similarity_threshold", NEAR_ENOUGH, True)))
    likeness = func.word_similarity(text, product.search_text)
    statement = (
        select(product.id)
        .where(
            product.state == ProductState.PUBLISHED,
            cast(text, Text).op("<%")(product.search_text),
        )
        .order_by(likeness.desc(), product.id)
        .limit(MOST_NEAR)
    )
    found = (one for one in session.scalars(statement) if one in shelf.places)
    return {shelf.places[one]: rank for rank, one in enumerate(found)}
