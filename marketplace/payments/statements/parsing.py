"""A statement file as lines that can be told apart for ever."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.kernel.clock import business_day
from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark
from marketplace.payments.statements.columns import Column, Head, find_head
from marketplace.payments.statements.encoding import decode, rows_of
from marketplace.payments.statements.errors import (
    EmptyStatementError,
    NotATableError,
    Problem,
    TooLongError,
    UnreadableLinesError,
)
from marketplace.payments.statements.values import read_amount, read_moment

MAX_LINES: Final = 5_000
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_REFERENCE: Final = 60

EXPECT_MOMENT: Final = mark("ngày dạng 22/11/2026 hoặc 22/11/2026 10:31")
EXPECT_AMOUNT: Final = mark("số tiền dạng 1.250.000 hoặc 1,250,000.00")
EXPECT_AN_AMOUNT: Final = mark("một số tiền ghi có hoặc ghi nợ")
EXPECT_ONE_AMOUNT: Final = mark("chỉ một trong hai: ghi có hoặc ghi nợ")
EXPECT_REFERENCE: Final = mark("mã giao dịch không quá 60 ký tự")

_FOOTERS: Final = (
    "tong", "total", "so du", "du dau", "du cuoi", "opening", "closing", "balance", "cong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transaction of the bank's account of our money.

    Attributes:
        number: the line of the file, from 1.
        booked_at: when the bank booked it; its midnight when the file has days only.
        minor: whole đồng; above zero came in, below went out.
        description: what payer and bank wrote.
        bank_reference: the bank's own name for it; may be empty.
        raw: the row of the file.
        fingerprint: the same for the same transaction in every file of the account.
    """

    number: int
    booked_at: datetime
    minor: int
    description: str
    bank_reference: str
    raw: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A file that was read. `sha256` names its bytes."""

    sha256: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    booked_at: datetime
    minor: int
    description: str
    bank_reference: str
    raw: str


class _ProblemsError(Exception):
    """What one row has wrong."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def parse_statement(data: bytes) -> Statement:
    """Read a statement file.

    Raises:
        EncodingError, OpenQuoteError, NotATableError, EmptyStatementError, TooLongError: it is no
            statement.
        UnreadableLinesError: some lines cannot be read; it names all of them.
    """
    if len(data) > MAX_BYTES:
        raise TooLongError(limit=MAX_LINES)
    rows = rows_of(decode(data))
    head = find_head(cells for _, cells in rows)
    if head is None:
        raise NotATableError
    body = [row for row in rows[head.row + 1 :] if _is_transaction(row[1])]
    if not body:
        raise EmptyStatementError
    if len(body) > MAX_LINES:
        raise TooLongError(limit=MAX_LINES)
    read: list[_Row] = []
    problems: list[Problem] = []
    for number, cells in body:
        try:
            row = _read_row(head, number, cells)
        except _ProblemsError as error:
            problems.extend(error.problems)
        else:
            read.extend([row] if row.minor else [])
    if problems:
        raise UnreadableLinesError(problems=problems, count=len(problems))
    return Statement(hashlib.sha256(data).hexdigest(), tuple(_with_fingerprints(read)))


def _is_transaction(cells: list[str]) -> bool:
    """Whether a row is one at all: not blank, not a sum at the foot."""
    first = next((cell for cell in cells if cell), "")
    return bool(first) and not fold(first).startswith(_FOOTERS)


def _read_row(head: Head, number: int, cells: list[str]) -> _Row:
    def cell(column: Column) -> str:
        place = head.places.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    def wrong(column: Column, expected: str) -> Problem:
        return Problem(number, head.name_of(column), cell(column), expected)

    problems = []
    moment = " ".join(filter(None, (cell(Column.DAY), cell(Column.TIME))))
    booked_at = read_moment(moment)
    if booked_at is None:
        problems.append(wrong(Column.DAY, EXPECT_MOMENT))
    amounts = {
        column: read_amount(cell(column))
        for column in (Column.CREDIT, Column.DEBIT, Column.AMOUNT)
        if cell(column)
    }
    problems += [wrong(column, EXPECT_AMOUNT) for column, minor in amounts.items() if minor is None]
    if len(cell(Column.REFERENCE)) > MAX_REFERENCE:
        problems.append(wrong(Column.REFERENCE, EXPECT_REFERENCE))
    if problems or booked_at is None:
        raise _ProblemsError(*problems)
    return _Row(
        number=number,
        booked_at=booked_at,
        minor=_signed(head, number, {column: minor or 0 for column, minor in amounts.items()}),
        description=" ".join(cell(Column.DESCRIPTION).split()),
        bank_reference=cell(Column.REFERENCE),
        raw="\t".join(cells),
    )


def _signed(head: Head, number: int, amounts: dict[Column, int]) -> int:
    """What the row moved: the credit, minus the debit (which some banks sign and some do not)."""
    credit, debit = amounts.get(Column.CREDIT, 0), amounts.get(Column.DEBIT, 0)
    if credit and debit:
        found = f"{credit} / {debit}"
        name = head.name_of(Column.CREDIT)
        raise _ProblemsError(Problem(number, name, found, EXPECT_ONE_AMOUNT))
    if credit or debit:
        return credit or -abs(debit)
    if not amounts:
        name = head.name_of(Column.CREDIT) or head.name_of(Column.AMOUNT)
        raise _ProblemsError(Problem(number, name, "", EXPECT_AN_AMOUNT))
    return amounts.get(Column.AMOUNT, 0)


def _with_fingerprints(rows: Iterable[_Row]) -> Iterator[StatementLine]:
    """Name each line by the bank's reference, or else by all that is known of it.

    Without a reference two equal lines of one day are both real: the second is the second. What
    is hashed is what was read, so another encoding or layout of the file gives the same name.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        day = business_day(row.booked_at).isoformat()
        if row.bank_reference:
            known = f"ref|{row.bank_reference.upper()}|{day}|{row.minor}"
            ordinal = 1
        else:
            moment = row.booked_at.isoformat()
            known = f"line|{moment}|{row.minor}|{fold(row.description)}"
            seen[known] += 1
            ordinal = seen[known]
        yield StatementLine(
            number=row.number,
            booked_at=row.booked_at,
            minor=row.minor,
            description=row.description,
            bank_reference=row.bank_reference,
            raw=row.raw,
            fingerprint=hashlib.sha256(f"{known}|{ordinal}".encode()).hexdigest(),
        )
