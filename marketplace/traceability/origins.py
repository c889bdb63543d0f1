"""How a lot comes into being, by what it is: rice is harvested, a vase is made.

A lot has one day of origin, `harvested_on`; this is the word for it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from marketplace.kernel.translation import mark


class Origin(StrEnum):
    """What happened on the first day of a lot."""

    HARVESTED = "harvested"
    MADE = "made"
    CAUGHT = "caught"
    COLLECTED = "collected"


BY_CATEGORY: Final = {
    "gia-cam": Origin.MADE,
    "thit-lon-bo": Origin.MADE,
    "trung": Origin.COLLECTED,
    "sua": Origin.COLLECTED,
    "mat-ong": Origin.COLLECTED,
    "thuy-san-kho": Origin.MADE,
    "thuy-san": Origin.CAUGHT,
    "nuoc-mam-muoi": Origin.MADE,
    "thuc-pham-che-bien": Origin.MADE,
    "duong-mat-mia": Origin.MADE,
    "cao-tinh-dau": Origin.MADE,
    "thu-cong": Origin.MADE,
}
"""By the slug of a category; the second level comes before the first. All else is harvested."""

WORDS: Final = {
    Origin.HARVESTED: mark("Thu hoạch"),
    Origin.MADE: mark("Sản xuất"),
    Origin.CAUGHT: mark("Đánh bắt, thu hoạch"),
    Origin.COLLECTED: mark("Thu gom"),
}
"""Most fish and shrimp are farmed, so the word for them holds for both."""

ENGLISH: Final = {
    Origin.HARVESTED: "Harvested",
    Origin.MADE: "Produced",
    Origin.CAUGHT: "Caught or harvested",
    Origin.COLLECTED: "Collected",
}
"""The same in English, for the event that stays with the lot in both languages."""

DAYS: Final = {
    Origin.HARVESTED: mark("Ngày thu hoạch"),
    Origin.MADE: mark("Ngày sản xuất"),
    Origin.CAUGHT: mark("Ngày đánh bắt, thu hoạch"),
    Origin.COLLECTED: mark("Ngày thu gom"),
}
"""What a form asks for."""

ANY_DAY: Final = mark("Ngày thu hoạch hoặc sản xuất")
"""What a form asks for before it is known which goods."""


def origin_of(category_slugs: Iterable[str]) -> Origin:
    """How goods of a category come into being.

    Args:
        category_slugs: of the category, then of the one above it.
    """
    known = (BY_CATEGORY[slug] for slug in category_slugs if slug in BY_CATEGORY)
    return next(known, Origin.HARVESTED)
