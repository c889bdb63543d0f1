"""Tables as people's programs write them: encodings, separators, and what is no formula."""

import codecs
import csv
import unicodedata
from collections import Counter
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS: Final = ";,\t|"
_ODD: Final = frozenset({"Cc", "Cn", "Co"})
_SPACE: Final = frozenset("\t\r\n")
_SAMPLE_LINES: Final = 60
_END: Final = "."
"""A last line of our own: it is a row for itself unless an open quotation mark swallows it."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠")  # noqa: RUF001
"""A spreadsheet takes a text that begins so for a formula; some read the wide forms, too."""


class UnreadableTextError(ValueError):
    """Bytes in none of the encodings that we know, or a text that is no table."""


class OpenQuoteError(UnreadableTextError):
    """A quotation mark is opened and never closed: everything below it would be one cell.

    Attributes:
        line: the line on which the row begins that opens it, from 1.
    """

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def decode(data: bytes) -> str:
    """The text of a file, in NFC.

    By its byte-order mark; else UTF-16 if every other byte is empty, UTF-8 if it is valid, and at
    last Windows-1258, in which old Vietnamese programs write.

    Raises:
        UnreadableTextError: none of them makes sense of it.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, name)
    if b"\x00" in data[:200]:
        is_little = data[1:2] == b"\x00"
        return _decode(data, "utf-16-le" if is_little else "utf-16-be")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8"))
    except UnicodeDecodeError:
        return _decode(data, "cp1258")


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a table, each with the number of the line it begins on, from 1.

    Raises:
        OpenQuoteError: a quotation mark is opened and never closed.
        UnreadableTextError: a cell is longer than 131,072 letters.
    """
    lines = [*text.splitlines(keepends=True), _END]
    reader = csv.reader(lines, delimiter=separator_of(text))
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for row in reader:
            rows.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error as error:  # a cell that is too long; most such cells never end
        if lines[begins - 1].count('"') % 2:
            raise OpenQuoteError(begins) from error
        raise UnreadableTextError from error
    if (last := rows.pop()[0]) != len(lines):
        raise OpenQuoteError(last)
    return rows


def separator_of(text: str) -> str:
    """The character between the columns: the one that parts most lines alike."""

    def votes(separator: str) -> int:
        # Amounts hold commas too, in varying numbers; a separator stands in lines equally often.
        counts = Counter(
            line.count(separator) for line in text.splitlines()[:_SAMPLE_LINES] if separator in line
        )
        return max((times * count for count, times in counts.items()), default=0)

    return max(SEPARATORS, key=votes)


def _decode(data: bytes, name: str) -> str:
    try:
        text = unicodedata.normalize("NFC", data.decode(name))
    except UnicodeDecodeError as error:
        raise UnreadableTextError from error
    if any(unicodedata.category(each) in _ODD and each not in _SPACE for each in text):
        raise UnreadableTextError
    return text
