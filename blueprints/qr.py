"""QR codes, drawn here: as a picture inside a page, or as a file to keep."""

from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from segno import QRCode

ERROR_CORRECTION = "m"
"""A sixth of the code may be dirty or folded."""

QUIET_ZONE = 4
"""Empty modules around the code; readers need them (ISO/IEC 18004)."""

QUIET_ZONE_IN_PAGE = 2
"""The white box around the code on a page gives the rest."""

PNG_SCALE = 10
"""Pixels for each module: sharp on paper and in a banking app's gallery."""


def qr_svg(text: str, label: str) -> Markup:
    """The code of `text` as an SVG element, dark on white in both themes.

    Args:
        text: what a reader gets.
        label: what it is, for people who do not see it.
    """
    drawn = _make(text).svg_inline(
        border=QUIET_ZONE_IN_PAGE,
        omitsize=True,
        dark="#111",
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    body = drawn.removeprefix("<svg ")
    return Markup('<svg role="img" aria-label="{}" shape-rendering="crispEdges" {}').format(
        label,
        Markup(body),  # noqa: S704 - drawn by segno from numbers
    )


def qr_svg_file(text: str) -> bytes:
    """The code of `text` as an SVG file."""
    file = BytesIO()
    _make(text).save(
        file, kind="svg", border=QUIET_ZONE, scale=PNG_SCALE, dark="#111", light="#fff"
    )
    return file.getvalue()


def qr_png(text: str) -> bytes:
    """The code of `text` as a PNG file."""
    file = BytesIO()
    _make(text).save(file, kind="png", border=QUIET_ZONE, scale=PNG_SCALE)
    return file.getvalue()


def _make(text: str) -> "QRCode":
    import segno  # noqa: PLC0415 - loaded for the first code

    return segno.make(text, error=ERROR_CORRECTION, micro=False)
