"""Pages are sent compressed: on a slow telephone line this is the first lever.

Static files are compressed better and only once, in `blueprints.assets`. At level 3 gzip takes
50 µs for a page of 15 kB and sends a third of it; tokens in pages change with every response
(`blueprints.csrf`), so that compressing them gives nothing away.
"""

import zlib
from typing import Final

from flask import Flask, Response, request

TYPES: Final = frozenset(
    {
        "text/html",
        "text/css",
        "text/csv",
        "text/plain",
        "text/xml",
        "application/json",
        "application/problem+json",
        "application/xml",
        "application/ld+json",
        "image/svg+xml",
    }
)
SMALLEST: Final = 500
"""Bytes; what is smaller fits in one packet anyway."""

LEVEL: Final = 3
GZIP_WINDOW: Final = 31
"""15 bits of window, plus 16 for the gzip header."""


def init_app(app: Flask) -> None:
    """Compress what is worth it. Call this first: what is added first runs last."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if (
        response.mimetype not in TYPES
        or response.status_code in {204, 206, 304}
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
    ):
        return response
    if "Accept-Encoding" not in response.headers.get("Vary", ""):
        response.vary.add("Accept-Encoding")
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        return response
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_WINDOW)
    response.set_data(packer.compress(body) + packer.flush())
    response.headers["Content-Encoding"] = "gzip"
    if "ETag" in response.headers:
        etag, is_weak = response.get_etag()
        if etag is not None and not is_weak:
            response.set_etag(etag, weak=True)
    return response


def _takes_gzip(said: str) -> bool:
    """Whether the browser takes gzip. Hardly any says how much it likes what."""
    if ";" in said:
        return bool(request.accept_encodings.quality("gzip"))
    return "gzip" in said
