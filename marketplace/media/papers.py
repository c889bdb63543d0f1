"""Papers: certificates as PDF or as a photograph, for those who check them."""

import re
from dataclasses import dataclass
from typing import Final

from marketplace.media.errors import NotAPaperError, PaperUnsafeError
from marketplace.media.photos import draw_paper

_PDF: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_END: Final = re.compile(rb"%%EOF\s*\x00*\s*\Z")
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b"
)
"""What no printed certificate has: programs, other files, forms that send themselves."""
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|script|svg|\?php)", re.IGNORECASE)
_NAME_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_SNIFFED: Final = 1024
"""How many bytes a browser looks at to guess a type."""

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is kept. Photographs have a size in pixels, PDFs have none."""

    content_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


def check_paper(data: bytes) -> Paper:
    """A paper, told from its content alone. Photographs are drawn anew; a PDF stays as it is.

    Raises:
        NotAPaperError: neither PDF nor JPEG nor PNG, or a PDF that is also something else.
        PaperUnsafeError: a PDF that does things.
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: of photographs.
    """
    if data.startswith(_JPEG):
        return _photographed(data, "JPEG")
    if data.startswith(_PNG):
        return _photographed(data, "PNG")
    if not _PDF.match(data) or not _END.search(data) or _MARKUP.search(data[:_SNIFFED]):
        raise NotAPaperError(field="file")
    if _ACTIVE.search(_NAME_ESCAPE.sub(_unescaped, data)):
        raise PaperUnsafeError(field="file")
    return Paper(content_type="application/pdf", data=data)


def _photographed(data: bytes, kind: str) -> Paper:
    drawn, width, height = draw_paper(data, kind)
    return Paper(f"image/{kind.lower()}", drawn, width, height)


def _unescaped(match: re.Match[bytes]) -> bytes:
    """A letter of a PDF name that was written as a number: /J#61vaScript is /JavaScript."""
    return bytes.fromhex(match[1].decode())
