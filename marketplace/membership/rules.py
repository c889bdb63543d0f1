"""What is sense about members and their shares; no database here."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.kernel.text import fold, sort_key
from marketplace.kernel.translation import mark
from marketplace.membership.errors import (
    JoinedInFutureError,
    LeftBeforeJoiningError,
    LeftInFutureError,
    LongerThanItsPlaceError,
    MemberCodeInvalidError,
    MemberNameMissingError,
    TooLongAgoError,
)
from models.membership import MemberKind

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,19}")
NUMBERED: Final = "TV-{:04d}"
NUMBERED_PLOT: Final = "TH-{:04d}"
"""How a code is made for who or what brings none: TV-0001, TH-0001."""

KIND_WORDS: Final = {
    MemberKind.HOUSEHOLD: mark("Hộ gia đình"),
    MemberKind.INDIVIDUAL: mark("Cá nhân"),
    MemberKind.LEGAL_ENTITY: mark("Tổ chức, pháp nhân"),
}

SHARE_CAP_BPS: Final = 3_000
UNION_SHARE_CAP_BPS: Final = 4_000
"""How much of the charter capital one official member may hold: 30 % in a cooperative, 40 % in a
union (Law 17/2023/QH15). More is pointed out and never refused: the law gives time."""

FIRST_DAY: Final = date(1900, 1, 1)
"""Nobody joined, paid or agreed before it; a spreadsheet has no number for such a day either."""

NAME_LENGTH: Final = 160
HAMLET_LENGTH: Final = 120
NOTE_LENGTH: Final = 300
CROP_LENGTH: Final = 80
KEY_LENGTH: Final = 500
SEARCH_LENGTH: Final = 400


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What the register says of a member.

    Attributes:
        organisation_id: whose register.
        code: the member's; empty for the next free one.
        phone: as +84912345678, or None.
        joined_on: the day in Việt Nam.
        left_on: the day of leaving, where that is past.
        is_official: an official member; otherwise an associate one.
    """

    organisation_id: int
    code: str
    name: str
    kind: str
    province_code: str
    joined_on: date
    phone: str | None = None
    commune_code: str | None = None
    hamlet: str = ""
    left_on: date | None = None
    is_official: bool = True
    note: str = ""


def read_code(text: str) -> str:
    """A code as it is kept: capitals, without the spaces around it.

    Raises:
        MemberCodeInvalidError: it holds something else, or is too long.
    """
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise MemberCodeInvalidError(field="code", text=text)
    return code


def require_sound(facts: MemberFacts, *, today: date) -> None:
    """Refuse what cannot be true.

    Raises:
        MemberNameMissingError, LongerThanItsPlaceError, TooLongAgoError, JoinedInFutureError,
        LeftBeforeJoiningError, LeftInFutureError: each says it.
    """
    if not facts.name.strip():
        raise MemberNameMissingError(field="name")
    fitting(facts.name, NAME_LENGTH, field="name")
    fitting(facts.hamlet, HAMLET_LENGTH, field="hamlet")
    fitting(facts.note, NOTE_LENGTH, field="note")
    require_recent(facts.joined_on, field="joined_on")
    if facts.joined_on > today:
        raise JoinedInFutureError(field="joined_on")
    if facts.left_on is not None:
        require_leaving(facts.joined_on, facts.left_on, today=today)


def require_leaving(joined_on: date, left_on: date, *, today: date) -> None:
    """Refuse a day of leaving that cannot be.

    Raises:
        TooLongAgoError, LeftBeforeJoiningError, LeftInFutureError: each says it.
    """
    require_recent(left_on, field="left_on")
    if left_on < joined_on:
        raise LeftBeforeJoiningError(field="left_on")
    if left_on > today:
        raise LeftInFutureError(field="left_on")


def require_recent(day: date, *, field: str) -> None:
    """Refuse a day that can only be a slip of the finger, such as 0202 for 2020.

    Raises:
        TooLongAgoError: it is before `FIRST_DAY`.
    """
    if day < FIRST_DAY:
        raise TooLongAgoError(field=field)


def fitting(text: str, longest: int, *, field: str) -> str:
    """`text` with single spaces; what its column does not hold is refused, never cut.

    Raises:
        LongerThanItsPlaceError: it is longer than `longest`.
    """
    kept = " ".join(text.split())
    if len(kept) > longest:
        raise LongerThanItsPlaceError(field=field, longest=longest)
    return kept


def name_key(name: str, kind: str) -> str:
    """The key by which a register is sorted: people by their given name, which stands last."""
    words = name.split()
    if kind != MemberKind.LEGAL_ENTITY and len(words) > 1:
        words = [words[-1], *words[:-1]]
    return sort_key(" ".join(words))[:KEY_LENGTH]


def search_text(code: str, name: str, hamlet: str, phone: str | None) -> str:
    """What a search looks through: folded words, and the number as people type it."""
    digits = f"0{phone[3:]}" if phone and phone.startswith("+84") else (phone or "")
    return fold(f"{code} {name} {hamlet} {digits}")[:SEARCH_LENGTH]


def share_cap_bps(organisation_kind: str) -> int:
    """How much one official member may hold of the charter capital, in basis points."""
    return UNION_SHARE_CAP_BPS if organisation_kind == "union" else SHARE_CAP_BPS


def holds_too_much(amount_minor: int, charter_minor: int, *, cap_bps: int) -> bool:
    """Whether a member's capital is above the cap of the charter capital."""
    return charter_minor > 0 and amount_minor * 10_000 > charter_minor * cap_bps
