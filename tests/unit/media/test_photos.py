"""What is done with a photo before anybody sees it: UPL-01 to UPL-05 and UPL-10."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageCms

from marketplace.media import errors
from marketplace.media.photos import MAX_PIXELS, draw_photo
from marketplace.media.storage import WIDTHS
from tests.factories.media import PDF, picture

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def opened(data):
    return Image.open(io.BytesIO(data))


def png_header_only(width, height):
    """A PNG that claims a size in its header and has hardly any content: a bomb in small."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 64)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_draws_every_kind_anew_as_webp_in_three_widths(kind):
    drawn = draw_photo(picture(kind=kind, size=(2000, 1500)))

    assert (drawn.width, drawn.height) == (1600, 1200)
    variants = {width: opened(data) for width, data in drawn.variants.items()}
    assert {width: image.size for width, image in variants.items()} == {
        400: (400, 300),
        800: (800, 600),
        1600: (1600, 1200),
    }
    assert {image.format for image in variants.values()} == {"WEBP"}


def test_does_not_enlarge_a_small_photo():
    drawn = draw_photo(picture(size=(640, 480)))

    assert {width: opened(data).size for width, data in drawn.variants.items()} == {
        400: (400, 300),
        800: (640, 480),
        1600: (640, 480),
    }


@pytest.mark.parametrize(
    ("orientation", "size", "dark_corner"),
    [
        (1, (800, 600), (10, 10)),
        (2, (800, 600), (790, 10)),
        (3, (800, 600), (790, 590)),
        (4, (800, 600), (10, 590)),
        (5, (600, 800), (10, 10)),
        (6, (600, 800), (590, 10)),
        (7, (600, 800), (590, 790)),
        (8, (600, 800), (10, 790)),
    ],
)
def test_turns_a_photo_as_it_was_held(orientation, size, dark_corner):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    drawn = draw_photo(picture(size=(800, 600), exif=exif))

    image = opened(drawn.variants[1600]).convert("L")
    assert image.size == size
    assert image.getpixel(dark_corner) < 60


def test_forgets_place_and_camera():
    exif = Image.Exif()
    exif[MAKE] = "Telephone of the Nguyễn family"
    exif.get_ifd(GPS)[2] = (12.0, 40.0, 30.0)
    source = picture(exif=exif)
    assert b"Nguy" in source

    drawn = draw_photo(source)

    for data in drawn.variants.values():
        assert b"Nguy" not in data
        assert not opened(data).getexif()
        assert "icc_profile" not in opened(data).info


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "1"])
def test_draws_every_mode_of_png(mode):
    drawn = draw_photo(picture(kind="PNG", mode=mode))

    assert opened(drawn.variants[400]).mode == "RGB"


def test_shows_what_is_transparent_on_white():
    clear = Image.new("RGBA", (400, 400), (200, 0, 0, 0))
    target = io.BytesIO()
    clear.save(target, "PNG")

    drawn = draw_photo(target.getvalue())

    assert min(opened(drawn.variants[400]).getpixel((200, 200))) > 250


def test_draws_cmyk_and_colour_profiles_as_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    with_profile = draw_photo(picture(icc_profile=profile))
    cmyk = draw_photo(picture(mode="CMYK"))

    assert opened(with_profile.variants[400]).getpixel((300, 250)) == pytest.approx(
        (90, 140, 60), abs=12
    )
    assert opened(cmyk.variants[400]).mode == "RGB"


def test_a_broken_colour_profile_is_no_reason_to_refuse():
    drawn = draw_photo(picture(icc_profile=b"this is no profile"))

    assert opened(drawn.variants[400]).size == (400, 300)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
GIF = picture(kind="GIF", mode="P")


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        GIF,
        GIF + b"/*<script>alert(1)</script>*/",
        b"<!doctype html><script>alert(1)</script>",
        PDF,
        b"PK\x03\x04 a zip",
        b"x",
        picture(kind="TIFF"),
        picture(kind="BMP"),
    ],
    ids=["svg", "gif", "gif-js", "html", "pdf", "zip", "one-byte", "tiff", "bmp"],
)
def test_refuses_what_is_no_photo_by_content(data):
    with pytest.raises(errors.NotAPhotoError):
        draw_photo(data)


@pytest.mark.parametrize(
    "tail",
    [b"<?php system($_GET[1]); ?>", b"PK\x05\x06" + bytes(18), b"<script>alert(1)</script>"],
    ids=["php", "zip", "script"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_that_hides_behind_a_photo_survives(kind, tail):
    drawn = draw_photo(picture(kind=kind) + tail)

    assert all(tail not in data for data in drawn.variants.values())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_refuses_a_photo_that_breaks_off(kind):
    whole = picture(kind=kind)

    with pytest.raises(errors.PhotoDamagedError):
        draw_photo(whole[: len(whole) // 2])


def test_refuses_a_png_with_a_wrong_checksum():
    data = bytearray(picture(kind="PNG"))
    data[-30] ^= 0xFF

    with pytest.raises(errors.PhotoDamagedError):
        draw_photo(bytes(data))


@pytest.mark.parametrize("size", [(20_000, 20_000), (8_000, 5_001), (100_000, 401)])
def test_refuses_a_bomb_before_it_goes_off(size):
    bomb = png_header_only(*size)
    assert len(bomb) < 200

    with pytest.raises(errors.PhotoTooLargeError) as caught:
        draw_photo(bomb)

    assert caught.value.details["limit_mp"] == 40


@pytest.mark.parametrize("size", [(199, 800), (800, 199), (1, 1)])
def test_refuses_what_nobody_could_see(size):
    with pytest.raises(errors.PhotoTooSmallError):
        draw_photo(picture(size=size, kind="PNG"))


def test_the_limit_is_forty_million_points():
    assert MAX_PIXELS == 40_000_000
    assert WIDTHS == (400, 800, 1600)


MEASURE = """
import io, resource, sys
from PIL import Image
from marketplace.media.photos import draw_photo
kind, mode = sys.argv[1:]
target = io.BytesIO()
Image.new(mode, (8000, 5000), 90 if mode != "RGBA" else (9, 9, 9, 90)).save(target, kind)
data = target.getvalue()
del target
resource.setrlimit(resource.RLIMIT_DATA, (400 * 2**20, 400 * 2**20))
print(draw_photo(data).width)
"""


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")]
)
def test_forty_million_points_fit_into_400_megabytes(kind, mode):
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", MEASURE, kind, mode],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.stdout.strip(), done.returncode) == ("1600", 0), done.stderr
