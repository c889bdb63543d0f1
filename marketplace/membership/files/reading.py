"""A file of members as rows of cells: CSV in the usual encodings, or a workbook."""

import contextlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from marketplace.membership.errors import (
    ImportEmptyError,
    ImportTooLongError,
    NotARegisterError,
    NotASpreadsheetError,
    OpenQuoteError,
)
from marketplace.membership.files.columns import Head, find_head
from marketplace.membership.files.tcvn3 import decode_tcvn3
from marketplace.platform import tables

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 20_000

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_MOST_ENTRIES: Final = 2_000
_MOST_UNPACKED: Final = 150 * 1024 * 1024
_MOST_BLANKS: Final = 1_000
"""After so many empty rows nothing more is expected below."""

Row = tuple[int, Sequence[Any]]
"""The number of a line as the program shows it, from 1, and its cells."""


def require_plausible(data: bytes) -> None:
    """Refuse at once what no spreadsheet is, before anybody waits for it.

    Raises:
        ImportEmptyError: nothing was sent.
        ImportTooLongError: more bytes than a register of 20,000 members has.
        NotASpreadsheetError: a picture, a PDF, an old .xls, or a workbook that unpacks without end.
    """
    if not data.strip():
        raise ImportEmptyError
    if len(data) > MAX_BYTES:
        raise ImportTooLongError
    if data.startswith(_ZIP):
        _require_workbook(data)
    elif data.startswith((_OLD_EXCEL, b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise NotASpreadsheetError


def read_rows(data: bytes) -> tuple[Head, list[Row]]:
    """The head of the table and the rows below it, without empty ones.

    Raises:
        NotASpreadsheetError: it cannot be opened.
        OpenQuoteError: a quotation mark in it is never closed.
        NotARegisterError: there is no row of headings with a name.
        ImportEmptyError: nothing stands below the headings.
        ImportTooLongError: more than 20,000 rows do.
    """
    for rows in _readings(data):
        head = find_head(cells for _, cells in rows)
        if head is None:
            continue
        body = [row for row in rows[head.row + 1 :] if not _is_blank(row[1])]
        if not body:
            raise ImportEmptyError
        if len(body) > MAX_ROWS:
            raise ImportTooLongError
        return head, body
    raise NotARegisterError


def _readings(data: bytes) -> Iterator[list[Row]]:
    """The rows, in each encoding that the bytes can be in, the likelier first."""
    if data.startswith(_ZIP):
        yield _workbook_rows(data)
        return
    with contextlib.suppress(tables.UnreadableTextError):
        yield _csv_rows(tables.decode(data))
    yield _csv_rows(decode_tcvn3(data))


def _csv_rows(text: str) -> list[Row]:
    try:
        rows: list[Row] = list(tables.rows_of(text))
    except tables.OpenQuoteError as error:
        raise OpenQuoteError(line=error.line) from error
    except tables.UnreadableTextError as error:
        raise NotASpreadsheetError from error
    return rows


def _workbook_rows(data: bytes) -> list[Row]:
    """The first sheet that is not hidden; of a formula the value that was saved with it."""
    import openpyxl  # noqa: PLC0415 - only who reads a workbook needs it

    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheet = (shown or book.worksheets)[0]
        sheet.reset_dimensions()
        return list(_until_blank(sheet.iter_rows(values_only=True)))
    except (ImportTooLongError, NotASpreadsheetError):
        raise
    except Exception as error:  # its ways to fail on a broken file are many
        raise NotASpreadsheetError from error


def _until_blank(rows: Iterator[Sequence[Any]]) -> Iterator[Row]:
    blanks = kept = 0
    for number, cells in enumerate(rows, start=1):
        if _is_blank(cells):
            blanks += 1
            if blanks > _MOST_BLANKS:
                return
            # The head is looked for by its place, so empty rows above it count.
            if not kept:
                yield number, ()
            continue
        blanks, kept = 0, kept + 1
        if kept > MAX_ROWS + 50:
            raise ImportTooLongError
        yield number, cells


def _is_blank(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _require_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise NotASpreadsheetError from error
    unpacked = sum(entry.file_size for entry in entries)
    names = {entry.filename for entry in entries}
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or "xl/workbook.xml" not in names:
        raise NotASpreadsheetError
