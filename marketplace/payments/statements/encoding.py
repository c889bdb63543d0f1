"""From bytes to text: the encodings that banks' programs write."""

from marketplace.payments.statements.errors import EncodingError
from marketplace.platform import tables
from marketplace.platform.tables import rows_of

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
