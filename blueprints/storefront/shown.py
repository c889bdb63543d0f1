"""Goods and places in the words of the reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from flask import current_app
from markupsafe import Markup

from blueprints.assets import media_url
from blueprints.kept import kept
from marketplace.catalogue.storefront.cards import Card
from marketplace.certification.schemes import badge_label, find_scheme, scheme
from marketplace.geography import queries as geography
from marketplace.geography.places import COMMUNE_WORDS
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Stall:
    """A product as the macro `product_card` draws it."""

    slug: str
    name: str
    cooperative_name: str
    province_name: str
    price: int
    pack_name: str
    per_kg: int | None
    certificates: Sequence[str]
    stock: str
    image: str
    image_large: str


def stall_grid(cards: Iterable[Card], eager: int = 4) -> Markup:
    """Cards as the grid of a page; the pictures of the first `eager` load at once."""
    drawn = [
        kept("card", (card, position >= eager), partial(_draw, card, lazy=position >= eager))
        for position, card in enumerate(cards)
    ]
    return Markup('<div class="products">\n{}</div>').format(Markup("").join(drawn))


def _draw(card: Card, *, lazy: bool) -> str:
    goods = current_app.jinja_env.get_template("components/goods.html")
    return str(goods.module.product_card(_stall(card), lazy))  # type: ignore[attr-defined]


def _stall(card: Card) -> Stall:
    locale = current_locale()
    return Stall(
        slug=card.slug,
        name=own_words(card.name_vi, card.name_en),
        cooperative_name=card.cooperative_name,
        province_name=province_name(card.province_code, locale),
        price=card.price_minor,
        pack_name=(card.pack_en if locale == "en" else "") or card.pack_vi,
        per_kg=card.per_kg_minor,
        certificates=badges(card.badges, locale),
        stock=card.stock,
        image=media_url(card.cover_sha256, 400) if card.cover_sha256 else "",
        image_large=media_url(card.cover_sha256, 800) if card.cover_sha256 else "",
    )


def own_words(vietnamese: str, english: str) -> str:
    """A cooperative's own text in the reader's language.

    Where it has none in English the Vietnamese one stands in, marked as such, so that a screen
    reader says it right.
    """
    if current_locale() != "en":
        return vietnamese
    if english or not vietnamese:
        return english
    return Markup('<span lang="vi">{}</span>').format(vietnamese)


@lru_cache(maxsize=4096)
def badges(keys: tuple[str, ...], locale: str) -> tuple[str, ...]:
    """The words on the badges of schemes, "CODE:" or "CODE:level", the weightiest first.

    Schemes that everybody must have give no badge.
    """
    known = []
    for key in keys:
        code, _colon, level = key.partition(":")
        found = find_scheme(code)
        if found is not None and found.is_badge:
            known.append((found.position, -int(level or 0), code, int(level) if level else None))
    return tuple(
        dict.fromkeys(
            badge_label(code, level, locale) for _position, _level, code, level in sorted(known)
        )
    )


@lru_cache(maxsize=256)
def province_name(code: str, locale: str) -> str:
    """A province without its kind: "Đắk Lắk", "Dak Lak"."""
    unit = geography.province(code)
    return unit.name_en if locale == "en" else unit.name


def place_name(province_code: str, commune_code: str | None) -> str:
    """Where something is, from the commune up: "xã Cư M'gar, Đắk Lắk"."""
    locale = current_locale()
    name = province_name(province_code, locale)
    commune = geography.find_commune(commune_code) if commune_code else None
    if commune is None:
        return name
    kind, kind_en = COMMUNE_WORDS[commune.kind]
    if locale == "en":
        return f"{commune.name} {kind_en}, {name}"
    return f"{kind.lower()} {commune.name}, {name}"


def scheme_name(code: str, level: int | None) -> str:
    """A standard as it stands on a list of proofs: the badge where it has stars, else in full."""
    locale = current_locale()
    return badge_label(code, level, locale) if level else scheme(code).name(locale)


def season_words(season: str) -> str:
    """When there is how much, in a sentence; empty when nobody has said.

    Args:
        season: twelve digits, January first: 0 none, 1 little, 2 some, 3 peak.
    """
    levels = [int(digit) for digit in season]
    if not any(levels):
        return ""
    some = _runs([level > 0 for level in levels])
    when = (
        _("Có quanh năm")
        if all(levels)
        else _("Có hàng tháng %(months)s", months=_spans(some, _(" tới ")))
    )
    peak = _runs([level == max(levels) for level in levels])
    if len(set(levels)) == 1:
        return when + "."
    return when + ", " + _("rộ nhất tháng %(months)s", months=_spans(peak, "–")) + "."


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """The months in which a flag is set, as runs from month to month; a run may pass December."""
    starts = [month for month in range(MONTHS) if flags[month] and not flags[month - 1]]
    if not starts:
        return [(0, MONTHS - 1)]
    runs = []
    for start in starts:
        length = 1
        while flags[(start + length) % MONTHS]:
            length += 1
        runs.append((start, (start + length - 1) % MONTHS))
    return runs


def _spans(runs: Sequence[tuple[int, int]], to: str) -> str:
    spans = [f"{start + 1}" if start == end else f"{start + 1}{to}{end + 1}" for start, end in runs]
    return _(" và ").join(spans) if len(spans) < 3 else ", ".join(spans)  # noqa: PLR2004 - two
