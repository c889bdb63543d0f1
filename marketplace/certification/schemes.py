"""The schemes under which certificates are issued, as a table that is read once.

Their order is the order of badges where there is room for only a few.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from marketplace.kernel.identifiers import is_gln

DATA: Final = Path(__file__).parent / "data" / "schemes.json"
GLOBALGAP: Final = "GLOBALGAP_IFA"
"""Its number, the GGN, is a GLN: 13 digits with a check digit."""

GROUPS: Final = (
    "organic",
    "ip",
    "program",
    "gap",
    "aquatic",
    "social",
    "food_safety",
    "religious",
    "forest",
    "area_code",
    "evidence",
)
"""The kinds of schemes, in the order of a form."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A rule book.

    Attributes:
        code: its key everywhere: "VIETGAP_CROP".
        group: one of `GROUPS`.
        name_vi: its name in full.
        name_en: the same in English.
        short_vi: what stands on a badge.
        short_en: the same in English.
        validity_months: for how long certificates usually hold; prefills, never decides.
        longest_months: for how long a certificate can hold at most, from the decision; OCOP stars
            hold 36 months (Decision 148/QĐ-TTg). None: as the paper says.
        number_example: a number as such certificates have it.
        number_pattern: a regular expression that most numbers match; advisory only.
        verify_url: where anybody can look a number up.
        levels: the lowest and highest number of stars, if it has stars.
        is_badge: whether buyers see a badge; papers that everybody must have give none.
        is_open: whether it still issues certificates.
        needs_two: whether two officers must have checked a certificate before it is verified:
            organic schemes and the codes by which goods are exported.
        position: its place in the order of badges, from 0.
    """

    code: str
    group: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    validity_months: int | None
    longest_months: int | None
    number_example: str | None
    number_pattern: str | None
    verify_url: str | None
    levels: tuple[int, int] | None
    is_badge: bool
    is_open: bool
    needs_two: bool
    position: int

    def name(self, locale: str) -> str:
        """Its name in full in the language `locale`."""
        return self.name_en if locale == "en" else self.name_vi

    def allows_level(self, level: int | None) -> bool:
        """Whether a certificate can have so many stars; None where the scheme has none."""
        if self.levels is None:
            return level is None
        lowest, highest = self.levels
        return level is not None and lowest <= level <= highest

    def looks_unusual(self, number: str) -> bool:
        """Whether most numbers of this scheme look different. A hint to look twice, no refusal."""
        if self.number_pattern is None:
            return False
        plain = number.strip().upper()
        if not re.fullmatch(self.number_pattern, plain, re.IGNORECASE):
            return True
        return self.code == GLOBALGAP and not is_gln(plain)


def schemes() -> tuple[Scheme, ...]:
    """All schemes, in the order of badges."""
    return tuple(_table().values())


def find_scheme(code: str) -> Scheme | None:
    """The scheme with the key `code`, if there is one."""
    return _table().get(code)


def scheme(code: str) -> Scheme:
    """The scheme with the key `code`.

    Raises:
        KeyError: there is none. Codes in the database have been checked, so this is a bug.
    """
    return _table()[code]


def badge_label(code: str, level: int | None, locale: str) -> str:
    """What stands on a badge: "VietGAP", "OCOP 4 sao", "OCOP 4-star".

    Raises:
        KeyError: there is no such scheme.
    """
    found = _table()[code]
    if locale == "en":
        return f"{found.short_en} {level}-star" if level else found.short_en
    return f"{found.short_vi} {level} sao" if level else found.short_vi


@cache
def _table() -> MappingProxyType[str, Scheme]:
    rows = json.loads(DATA.read_text("utf-8"))
    return MappingProxyType(
        {
            row["code"]: Scheme(
                **{**row, "levels": tuple(row["levels"]) if row["levels"] else None},
                position=position,
            )
            for position, row in enumerate(rows)
        }
    )
