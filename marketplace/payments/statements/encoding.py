"""From bytes to text: the encodings that banks' programs write."""

from marketplace.payments.statements.errors import EncodingError, OpenQuoteError
from marketplace.platform import tables

__all__ = ["decode", "rows_of"]


def decode(data: bytes) -> str:
    """The text of a statement, in NFC.

    Raises:
        EncodingError: it is in no encoding that we know.
    """
    try:
        return tables.decode(data)
    except tables.UnreadableTextError as error:
        raise EncodingError from error


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a statement, each with the number of the line it begins on, from 1.

    Raises:
        OpenQuoteError: a quotation mark is never closed.
        EncodingError: a cell has no end.
    """
    try:
        return tables.rows_of(text)
    except tables.OpenQuoteError as error:
        raise OpenQuoteError(line=error.line) from error
    except tables.UnreadableTextError as error:
        raise EncodingError from error
