"""Files: their rows, and bytes to upload."""

import hashlib
import io

import factory
from PIL import Image

from models.media import FileKind, MediaFile
from tests.factories.base import Factory
from tests.moments import MONDAY


class MediaFileFactory(Factory[MediaFile]):
    """A stored photo (`paper=True`: a private PDF). The row only; no bytes lie behind it."""

    class Meta:
        model = MediaFile

    class Params:
        paper = factory.Trait(
            kind=FileKind.PAPER, content_type="application/pdf", width=None, height=None
        )

    kind = FileKind.PHOTO
    sha256 = factory.Sequence(lambda n: hashlib.sha256(f"file {n}".encode()).hexdigest())
    content_type = "image/webp"
    byte_size = 48_000
    width = 1600
    height = 1200
    original_name = "vuon-ca-phe.jpg"
    created_at = MONDAY


def picture(  # noqa: PLR0913 - what may be said of a picture
    *,
    size: tuple[int, int] = (1200, 900),
    colour: tuple[int, int, int] = (90, 140, 60),
    kind: str = "JPEG",
    mode: str = "RGB",
    exif: Image.Exif | None = None,
    icc_profile: bytes | None = None,
) -> bytes:
    """The bytes of a plain picture with a darker upper left quarter, so that turns show."""
    image = Image.new("RGB", size, colour)
    dark = Image.new("RGB", (size[0] // 2, size[1] // 2), (20, 20, 20))
    image.paste(dark, (0, 0))
    image = image.convert(mode)
    target = io.BytesIO()
    options: dict[str, object] = {}
    if exif is not None:
        options["exif"] = exif
    if icc_profile is not None:
        options["icc_profile"] = icc_profile
    image.save(target, kind, **options)
    return target.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
"""The smallest thing that calls itself a PDF, and ends as one."""
