"""Amounts and days as banks write them. Pure; what is doubtful is None, never a guess."""

import re
from datetime import UTC, datetime
from typing import Final

from marketplace.kernel.clock import VIETNAM

MAX_MINOR: Final = 10**13
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099

_CURRENCY: Final = re.compile(r"(?i)\s*(?:vnd|vnđ|đồng|dong|₫|đ)\.?$")
_GROUPED: Final = re.compile(
    r"""(?x)
    (?P<whole> [0-9]{1,3} (?: (?P<mark>[.,\ ]) [0-9]{3} (?: (?P=mark) [0-9]{3} )* )? | [0-9]+ )
    (?: (?P<point>[.,]) 0{1,2} )?
    """
)
_DAY: Final = re.compile(
    r"""(?x)
    (?: (?P<d>[0-9]{1,2}) (?P<mark>[/.-]) (?P<m>[0-9]{1,2}) (?P=mark) (?P<y>[0-9]{4})
      | (?P<y2>[0-9]{4}) - (?P<m2>[0-9]{2}) - (?P<d2>[0-9]{2}) )
    (?: [T\ ]+ (?P<h>[0-9]{1,2}) : (?P<i>[0-9]{2}) (?: : (?P<s>[0-9]{2}) )? )?
    """
)


def read_amount(text: str) -> int | None:
    """Whole đồng, below zero for money that left; None if it is no such amount.

    Reads "1.250.000", "1,250,000.00", "+1 250 000 VND", "-45.000" and "(45.000)". A fraction of a
    đồng, groups of other than three digits, or two kinds of grouping are refused.
    """
    bare = _CURRENCY.sub("", text.replace("\u00a0", " ").strip()).strip()
    sign = 1
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = -1, bare[1:-1].strip()
    elif bare[:1] in {"+", "-", "\u2212"}:
        sign, bare = (1 if bare[0] == "+" else -1), bare[1:].strip()
    found = _GROUPED.fullmatch(bare)
    if found is None or (found["mark"] and found["mark"] == found["point"]):
        return None
    minor = int(re.sub(r"[^0-9]", "", found["whole"]))
    return sign * minor if minor <= MAX_MINOR else None


def read_moment(text: str) -> datetime | None:
    """A moment in Việt Nam, as aware UTC; a day alone is its midnight. None if it is neither.

    Reads dd/mm/yyyy (also with . or -) and yyyy-mm-dd, with hh:mm or hh:mm:ss behind.
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    part = {name: int(value) for name, value in found.groupdict("").items() if value.isdecimal()}
    year, month, day = (part.get(name, part.get(f"{name}2", 0)) for name in "ymd")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        local = datetime(
            year, month, day, part.get("h", 0), part.get("i", 0), part.get("s", 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None
    return local.astimezone(UTC)
