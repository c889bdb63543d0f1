"""What makes a lot plausible, and how its code is written."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark
from marketplace.kernel.validity import Period
from marketplace.traceability.errors import (
    BestBeforeTooEarlyError,
    HarvestInFutureError,
    LotCodeInvalidError,
    LotQuantityInvalidError,
    PackedBeforeHarvestError,
    PackedInFutureError,
)
from models.certification import TRUSTED, CertificateState
from models.traceability import EventKind

MAX_LOT_G: Final = 1_000_000_000
"""1,000 tonnes: more is a slip of the finger."""
MAX_LOTS_A_MONTH: Final = 999

EVENT_WORDS: Final[dict[str, str]] = {
    EventKind.PLANTED: mark("Gieo trồng"),
    EventKind.HARVESTED: mark("Thu hoạch"),
    EventKind.DRIED: mark("Phơi, sấy"),
    EventKind.PROCESSED: mark("Sơ chế, chế biến"),
    EventKind.GRADED: mark("Phân loại"),
    EventKind.PACKED: mark("Đóng gói"),
    EventKind.TESTED: mark("Kiểm nghiệm"),
}
"""What each kind of event is called."""


class Reach(StrEnum):
    """How the plots that a certificate names stand to a lot."""

    EVERYWHERE = "everywhere"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Absence(StrEnum):
    """Why a certificate of the product is not on the lot."""

    WAITING = "waiting"
    REVOKED = "revoked"
    ENDED = "ended"
    NOT_YET = "not_yet"
    ELSEWHERE = "elsewhere"
    NO_PLOT = "no_plot"
    LATER = "later"


ABSENCE_WORDS: Final[dict[str, str]] = {
    Absence.WAITING: mark("liên minh chưa xác minh"),
    Absence.REVOKED: mark("đã bị thu hồi"),
    Absence.ENDED: mark("hết hiệu lực trước ngày thu hoạch"),
    Absence.NOT_YET: mark("có hiệu lực sau ngày thu hoạch"),
    Absence.ELSEWHERE: mark("giấy chỉ gồm một số thửa, thửa của lô không nằm trong đó"),
    Absence.NO_PLOT: mark("giấy chỉ gồm một số thửa, lô không ghi thửa nào"),
    Absence.LATER: mark("khi nhập lô, giấy chưa được xác minh cho sản phẩm hoặc thửa này"),
}
"""The same in words, to stand after a colon."""


def why_absent(state: str, period: Period, reach: Reach, *, harvested_on: date) -> Absence:
    """Why a certificate of the product was not written on a lot.

    Args:
        state: of the certificate, as it is now.
        period: its dates.
        reach: how its plots stand to the lot's.
        harvested_on: of the lot.

    Returns:
        The first reason that holds; that it came too late if nothing else stands against it.
    """
    if state not in TRUSTED:
        return Absence.REVOKED if state == CertificateState.REVOKED else Absence.WAITING
    if not period.covers(harvested_on):
        return Absence.NOT_YET if harvested_on < period.starts_on else Absence.ENDED
    if reach == Reach.UNKNOWN:
        return Absence.NO_PLOT
    return Absence.ELSEWHERE if reach == Reach.ELSEWHERE else Absence.LATER


_CODE: Final = re.compile(r"[A-Z0-9-]{1,20}")
_LOOKS: Final = re.compile(r"[A-Z0-9]+-[0-9]{4}-[0-9]{3}")
_NOT_CODE: Final = re.compile(r"[^A-Z0-9-]+")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−_", "-"))  # noqa: RUF001 - what people paste


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot as it is received.

    Attributes:
        organisation_id: whose lot it is.
        product_id: what it is; a product of that organisation.
        harvested_on: the day in Việt Nam.
        quantity_g: how much came in, in grams; 1 to `MAX_LOT_G`.
        packed_on: the day of packing, if it is packed.
        best_before_on: the last good day, if it has one.
        province_code: where it grew; the product's own when left out.
        commune_code: the commune, as `geography` knows it.
        plot_name: what the cooperative calls the place; never shown to the public.
        plot_id: the plot of a member that it comes from, if that is known.
        growing_area_code: the code of the growing area (mã vùng trồng).
        note_vi: one sentence for buyers.
        note_en: the same in English.
        code: its code; made up when left out.
    """

    organisation_id: int
    product_id: int
    harvested_on: date
    quantity_g: int
    packed_on: date | None = None
    best_before_on: date | None = None
    province_code: str | None = None
    commune_code: str | None = None
    plot_name: str = ""
    growing_area_code: str = ""
    note_vi: str = ""
    note_en: str = ""
    code: str | None = None
    plot_id: int | None = None


def require_plausible(lot: NewLot, *, today: date) -> None:
    """Return if a lot like this can exist on `today`.

    Raises:
        LotQuantityInvalidError: nothing, or more than `MAX_LOT_G`.
        HarvestInFutureError, PackedInFutureError: a day after `today`.
        PackedBeforeHarvestError: packed before it was harvested.
        BestBeforeTooEarlyError: it would not keep until it was packed.
        LotCodeInvalidError: a code was given and is none.
    """
    if not 1 <= lot.quantity_g <= MAX_LOT_G:
        raise LotQuantityInvalidError(field="quantity")
    if lot.harvested_on > today:
        raise HarvestInFutureError(field="harvested_on")
    if lot.packed_on is not None and lot.packed_on < lot.harvested_on:
        raise PackedBeforeHarvestError(field="packed_on")
    if lot.packed_on is not None and lot.packed_on > today:
        raise PackedInFutureError(field="packed_on")
    ready_on = lot.packed_on or lot.harvested_on
    if lot.best_before_on is not None and lot.best_before_on < ready_on:
        raise BestBeforeTooEarlyError(field="best_before_on")
    if lot.code is not None and not _CODE.fullmatch(lot.code):
        raise LotCodeInvalidError(field="code")


def lot_code(prefix: str, month: date, number: int) -> str:
    """The code of the `number`th lot of a month: `CUMGAR-2611-017`.

    Args:
        prefix: the organisation's code; cut so that the whole has 20 characters at most.
        month: any day of the month.
        number: 1 to `MAX_LOTS_A_MONTH`.
    """
    return f"{lot_code_stem(prefix, month)}{number:03d}"


def lot_code_stem(prefix: str, month: date) -> str:
    """What all codes of a month begin with: `CUMGAR-2611-`."""
    return f"{prefix[:11]}-{month:%y%m}-"


def read_lot_code(typed: str) -> str:
    """The code that somebody meant: without spaces, in capitals, with plain hyphens.

    A whole address that was pasted counts as its last part. May be empty.
    """
    last = typed.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    plain = fold(last.translate(_DASHES)).upper().replace(" ", "")
    return _NOT_CODE.sub("", plain)[:20]


def looks_like_lot_code(text: str) -> bool:
    """Whether somebody who searches for `text` may mean a lot: `CUMGAR-2611-017`."""
    return _LOOKS.fullmatch(read_lot_code(text)) is not None
