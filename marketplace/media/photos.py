"""Photos: looked at, turned upright, and drawn anew in the widths that pages use.

Pillow is loaded at the first photo, so that a process that never sees one does not carry it.
"""

import io
import struct
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
FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
QUALITY: Final = 80
METHOD: Final = 2
"""How hard WebP tries: 6 % larger than with its default of 4, in less than half the time."""
PAPER_SIDE: Final = 3200
"""The longer side of a photographed paper: A4 at 270 dots an inch, every number readable."""
PAPER_QUALITY: Final = 88
WHITE: Final = (255, 255, 255)
ORIENTATION: Final = 0x0112
TURNS: Final = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What undoes each orientation of EXIF, by Pillow's names."""
BAND: Final = 64
"""Rows of the result that are drawn at a time."""


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
    drawn = b""
    for width in reversed(WIDTHS):
        before = upright.size
        upright.thumbnail((width, 2 * width))
        if not drawn or upright.size != before:  # a narrow photo is the same in several widths
            drawn = _encode(upright, "WEBP", quality=QUALITY, method=METHOD)
        variants[width] = drawn
    return Drawn(width=size[0], height=size[1], variants=variants)


def draw_paper(data: bytes, kind: str) -> tuple[bytes, int, int]:
    """A photographed paper, drawn anew as `kind` ("JPEG" or "PNG"): bytes, width, height.

    Raises:
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: see there.
    """
    with _opened(data, (kind,)) as opened:
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
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:
        # What Pillow's decoders raise over broken and hostile files.
        raise PhotoDamagedError(field="file") from error


def _require_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PhotoTooLargeError(field="file", limit_mp=MAX_PIXELS // 1_000_000)
    if min(width, height) < MIN_SIDE:
        raise PhotoTooSmallError(field="file", least=MIN_SIDE)


def _upright(picture: "Picture", width: int, height: int) -> "Picture":
    """The picture turned as it was held, in sRGB on white, within `width` times `height`."""
    turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    is_sideways = turn in {"TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90"}
    box = (height, width) if is_sideways else (width, height)
    # Made smaller before anything else: a JPEG is then decoded at an eighth to a half of its size.
    small = picture if picture.mode in {"RGB", "L", "CMYK", "YCbCr"} else _reduced(picture, box)
    small.thumbnail(box)
    coloured = _in_srgb(small)
    if turn is not None:
        coloured = coloured.transpose(_pillow().Transpose[turn])
    bare: Picture = _pillow().new("RGB", coloured.size, WHITE)
    mask = coloured.getchannel("A") if coloured.mode == "RGBA" else None
    bare.paste(coloured.convert("RGB"), mask=mask)
    return bare


def _reduced(picture: "Picture", box: tuple[int, int]) -> "Picture":
    """A picture with a palette or with transparency as RGBA, at least twice as large as `box`.

    Band by band: to mix its colours Pillow would copy the whole of it twice, in four times the
    room.
    """
    width, height = picture.size
    factor = max(1, int(max(width / box[0], height / box[1]) / 2))
    small: Picture = _pillow().new("RGBA", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, BAND * factor):
        band = picture.crop((0, top, width, min(height, top + BAND * factor)))
        small.paste(band.convert("RGBA").reduce(factor), (0, top // factor))
    return small


def _in_srgb(picture: "Picture") -> "Picture":
    """The picture as RGB or RGBA, its colour profile applied."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "RGBA":
        return picture
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
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
