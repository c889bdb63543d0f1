"""Photos: looked at, turned upright, and drawn anew in the widths that pages use.

Pillow is loaded at the first photo, so that a process that never sees one does not carry it.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from marketplace.media.errors import (
    NotAPhotoError,
    PhotoDamagedError,
    PhotoTooLargeError,
    PhotoTooSmallError,
)
from marketplace.media.storage import WIDTHS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS: Final = 40_000_000
"""More than the camera of any telephone of our members takes without being asked to."""
MIN_SIDE: Final = 200
FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "MPO")
"""MPO is a JPEG with a second picture behind the first, as some telephones write it."""
QUALITY: Final = 80
PAPER_SIDE: Final = 3200
"""The longer side of a photographed paper: A4 at 270 dots an inch, every number readable."""
PAPER_QUALITY: Final = 88
WHITE: Final = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A photo in all its widths.

    Attributes:
        width: of the largest variant, in pixels.
        height: of the same.
        variants: WebP bytes by width name (`WIDTHS`).
    """

    width: int
    height: int
    variants: dict[int, bytes]


def draw_photo(data: bytes) -> Drawn:
    """A photo as pages show it: upright, in sRGB, without a word about place or camera.

    Raises:
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: see there.
    """
    largest = WIDTHS[-1]
    with _opened(data, FORMATS) as opened:
        upright = _upright(opened, largest, 2 * largest)
    variants: dict[int, bytes] = {}
    size = upright.size
    for width in reversed(WIDTHS):
        upright.thumbnail((width, 2 * width))
        variants[width] = _encode(upright, "WEBP", quality=QUALITY, method=4)
    return Drawn(width=size[0], height=size[1], variants=variants)


def draw_paper(data: bytes, kind: str) -> tuple[bytes, int, int]:
    """A photographed paper, drawn anew as `kind` ("JPEG" or "PNG"): bytes, width, height.

    Raises:
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: see there.
    """
    with _opened(data, ("JPEG", "MPO") if kind == "JPEG" else ("PNG",)) as opened:
        upright = _upright(opened, PAPER_SIDE, PAPER_SIDE)
    options: dict[str, Any] = {"quality": PAPER_QUALITY} if kind == "JPEG" else {"optimize": False}
    return _encode(upright, kind, **options), upright.width, upright.height


@contextmanager
def _opened(data: bytes, formats: tuple[str, ...]) -> "Iterator[Picture]":
    """The picture in `data`, its checksums verified and its size bearable, not yet drawn."""
    pillow = _pillow()
    bombs = (pillow.DecompressionBombError, pillow.DecompressionBombWarning)
    try:
        with pillow.open(io.BytesIO(data), formats=formats) as picture:
            _require_size(*picture.size)
            picture.verify()
        # verify() leaves nothing to draw from: Pillow wants the file opened again.
        with pillow.open(io.BytesIO(data), formats=formats) as picture:
            yield picture
    except bombs as error:
        raise PhotoTooLargeError(field="file", limit_mp=MAX_PIXELS // 1_000_000) from error
    except pillow.UnidentifiedImageError as error:
        raise NotAPhotoError(field="file") from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError) as error:
        # What Pillow's decoders raise over broken and hostile files.
        raise PhotoDamagedError(field="file") from error


def _require_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PhotoTooLargeError(field="file", limit_mp=MAX_PIXELS // 1_000_000)
    if min(width, height) < MIN_SIDE:
        raise PhotoTooSmallError(field="file", least=MIN_SIDE)


def _upright(picture: "Picture", width: int, height: int) -> "Picture":
    """The picture turned as it was held, in sRGB on white, within `width` times `height`."""
    from PIL import ImageOps  # noqa: PLC0415 - see the docstring of the module

    orientation = picture.getexif().get(0x0112, 1)
    is_turned = orientation in {5, 6, 7, 8}
    if picture.mode == "P":  # colours by number cannot be mixed when pixels are
        picture = picture.convert("RGBA")
    # Made smaller before anything else: a JPEG is then decoded at an eighth to a half of its size.
    picture.thumbnail((height, width) if is_turned else (width, height))
    turned = ImageOps.exif_transpose(picture)
    coloured = _in_srgb(turned)
    bare: Picture = _pillow().new("RGB", coloured.size, WHITE)
    mask = coloured.getchannel("A") if coloured.mode == "RGBA" else None
    bare.paste(coloured.convert("RGB"), mask=mask)
    return bare


def _in_srgb(picture: "Picture") -> "Picture":
    """The picture as RGB or RGBA, its colour profile applied."""
    profile = picture.info.get("icc_profile")
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture.convert("RGBA" if has_alpha else "RGB")
    from PIL import ImageCms  # noqa: PLC0415 - see the docstring of the module

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        # A broken profile is the camera's fault; its numbers are nearly sRGB anyway.
        converted = None
    return converted or picture.convert("RGB")


def _encode(picture: "Picture", kind: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


@cache
def _pillow() -> Any:  # noqa: ANN401 - a module
    """Pillow, told how much to bear: its own warning becomes a refusal."""
    from PIL import Image  # noqa: PLC0415 - see the docstring of the module

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image
