"""Finding the head of the table and what each column is, by the names that banks give them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.kernel.text import fold


class Column(StrEnum):
    """What a column can be for us."""

    DAY = "day"
    TIME = "time"
    CREDIT = "credit"
    DEBIT = "debit"
    AMOUNT = "amount"
    DESCRIPTION = "description"
    REFERENCE = "reference"


NAMES: Final[dict[Column, frozenset[str]]] = {
    Column.DAY: frozenset(
        {
            "ngay giao dich", "ngay gd", "ngay", "ngay gio giao dich", "thoi gian giao dich",
            "thoi gian", "ngay hach toan", "ngay ghi so", "transaction date", "trans date",
            "tran date", "txn date", "posting date", "booking date", "date", "date time",
            "transaction time", "ngay gio",
        }
    ),
    Column.TIME: frozenset({"gio", "gio giao dich", "time"}),
    Column.CREDIT: frozenset(
        {
            "so tien ghi co", "ghi co", "phat sinh co", "ps co", "co", "tien vao", "so tien vao",
            "credit", "credit amount", "credit amt", "so tien co", "money in", "thu", "deposit",
        }
    ),
    Column.DEBIT: frozenset(
        {
            "so tien ghi no", "ghi no", "phat sinh no", "ps no", "no", "tien ra", "so tien ra",
            "debit", "debit amount", "debit amt", "so tien no", "money out", "chi", "withdrawal",
        }
    ),
    Column.AMOUNT: frozenset(
        {
            "so tien", "so tien giao dich", "so tien gd", "amount", "transaction amount",
            "phat sinh", "so tien phat sinh", "gia tri",
        }
    ),
    Column.DESCRIPTION: frozenset(
        {
            "dien giai", "noi dung", "noi dung giao dich", "noi dung chuyen khoan", "mo ta",
            "noi dung thanh toan", "dien giai giao dich", "chi tiet", "chi tiet giao dich",
            "mo ta giao dich", "description", "transaction description", "details", "remark",
            "remarks", "transaction details", "narrative", "noi dung chi tiet",
        }
    ),
    Column.REFERENCE: frozenset(
        {
            "so tham chieu", "ma tham chieu", "tham chieu", "ma giao dich", "ma gd", "so but toan",
            "so chung tu", "so ct", "so giao dich", "so gd", "reference", "reference no",
            "reference number", "ref", "ref no", "transaction id", "transaction no", "trans id",
            "transaction number", "doc no", "document no", "so ref", "fti", "but toan",
        }
    ),
}  # fmt: skip

SEARCHED_ROWS: Final = 40
"""How far below the bank's letter head the table may begin."""
_PARTS: Final = re.compile(r"[/\n|(\[]")
_NOT_NAME: Final = re.compile(r"[^a-z0-9 ]+")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table.

    Attributes:
        row: its index among the rows of the file.
        places: where each column is.
        names: every column's name as the file has it.
    """

    row: int
    places: dict[Column, int]
    names: tuple[str, ...]

    def name_of(self, column: Column) -> str:
        """The name of a column as the file has it; empty if it has none."""
        place = self.places.get(column)
        return "" if place is None else self.names[place]


def find_head(rows: Iterable[list[str]]) -> Head | None:
    """The first row that names a day, an amount and a description, if one does."""
    for index, row in enumerate(rows):
        if index == SEARCHED_ROWS:
            return None
        places = _places(row)
        has_amount = Column.CREDIT in places or Column.AMOUNT in places
        if Column.DAY in places and Column.DESCRIPTION in places and has_amount:
            return Head(index, places, tuple(row))
    return None


def _places(row: list[str]) -> dict[Column, int]:
    """Which column stands where; of two with one meaning the first counts."""
    places: dict[Column, int] = {}
    for place, cell in enumerate(row):
        meaning = _meaning(cell)
        if meaning is not None:
            places.setdefault(meaning, place)
    return places


def _meaning(cell: str) -> Column | None:
    for name in _spellings(cell):
        for column, known in NAMES.items():
            if name in known:
                return column
    return None


def _spellings(cell: str) -> Iterator[str]:
    """The whole name, then each language of "Ngày giao dịch/Transaction date (VND)"."""
    folded = fold(cell)
    for part in (folded, *_PARTS.split(cell.lower())):
        yield " ".join(_NOT_NAME.sub(" ", fold(part)).split())
