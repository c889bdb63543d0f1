"""Reports as tables of typed cells: the screen, CSV, XLSX and PDF all show these same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.platform import formatting


class Kind(StrEnum):
    """How a column is written: on paper as people read it, in a spreadsheet as a number or day."""

    TEXT = "text"
    MONTH = "month"
    DAY = "day"
    COUNT = "count"
    WEIGHT = "weight"
    MONEY = "money"
    CHANGE = "change"
    SHARE = "share"


Cell = str | int | date | None
"""Money in whole đồng, weight in grams, changes and shares in basis points."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and how its cells are written."""

    title: str
    kind: Kind

    @property
    def is_number(self) -> bool:
        """Whether its cells stand at the right edge."""
        return self.kind not in {Kind.TEXT, Kind.MONTH, Kind.DAY}


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row, and the cut that opens the lines behind it."""

    cells: Sequence[Cell]
    opens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, with a total that was summed from facts, not from the rows shown."""

    key: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[TableRow]
    totals: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Report:
    """A paper: what it is, whose, for when, its figures and its tables."""

    title: str
    owner: str
    period: str
    facts: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, Cell, Kind]]
    tables: Sequence[Table]


def written(cell: Cell, kind: Kind) -> str:
    """A cell as the reader's language writes it; nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return formatting.month(cell) if kind is Kind.MONTH else formatting.day(cell)
    return cell if isinstance(cell, str) else WRITERS[kind](cell)


def _change(bps: int) -> str:
    return ("+" if bps > 0 else "") + formatting.percent_bps(bps)


WRITERS: Mapping[Kind, Callable[[int], str]] = {
    Kind.MONEY: formatting.money,
    Kind.WEIGHT: formatting.weight,
    Kind.SHARE: formatting.percent_bps,
    Kind.CHANGE: _change,
    Kind.COUNT: formatting.number,
}


def plain(cell: Cell, kind: Kind) -> str | int | Decimal | date | None:
    """A cell as a program reads it: đồng, kilograms and percent as numbers."""
    if not isinstance(cell, int):
        return cell
    if kind is Kind.WEIGHT:
        return Decimal(cell) / 1_000
    if kind in {Kind.CHANGE, Kind.SHARE}:
        return Decimal(cell) / 10_000
    return cell


def change_bps(now: int, before: int) -> int | None:
    """By how much `now` is above `before`, in basis points; None where there was nothing before."""
    return None if before <= 0 else int(((now - before) * 20_000 + before) // (2 * before))


def share_bps(part: int, whole: int) -> int | None:
    """Which part of the whole, in basis points; None of nothing."""
    return None if whole <= 0 else (part * 20_000 + whole) // (2 * whole)
