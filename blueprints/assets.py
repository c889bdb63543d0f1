"""Static files: one stylesheet, names that carry a hash, compressed once, kept for a year.

There is no build step. When the application is made, each file under `static/` gets the hash of
its content into its address; the stylesheet is joined from its layers and its own addresses are
rewritten. A file is compressed the first time somebody asks for it and kept in memory.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import brotli
from flask import Flask, Response, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

ROOT: Final = Path(__file__).parents[1] / "static"
PREFIX: Final = "/static/"
STYLESHEET: Final = "css/site.css"
LAYERS: Final = ("tokens", "base", "layout", "components", "utilities", "print")
"""In the order of the cascade; `tokens.css` names the layers in its first line."""

YEAR: Final = 31_536_000
TEXT: Final = frozenset({".css", ".js", ".svg", ".txt", ".md", ".webmanifest"})
TYPES: Final = {".js": "text/javascript", ".woff2": "font/woff2", ".webp": "image/webp"}

_CSS_URL = re.compile(r"url\(\.\./([^)]+)\)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(slots=True)
class Asset:
    """One file as it is sent.

    Attributes:
        path: Where its bytes are, unless they were joined.
        digest: Ten hexadecimal digits of the hash of its content.
        mimetype: Its type.
        joined: Its bytes, if it is not a file on the disk.
        encoded: Its compressed forms, by the name of the encoding.
    """

    path: Path
    digest: str
    mimetype: str
    joined: bytes | None = None
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether compressing it is worth the while."""
        return self.path.suffix in TEXT

    def body(self) -> bytes:
        """Its bytes as they are."""
        return self.path.read_bytes() if self.joined is None else self.joined

    def body_as(self, encoding: str) -> bytes:
        """Its bytes in the encoding "br", "gzip" or "identity"."""
        if encoding == "identity":
            return self.body()
        if encoding not in self.encoded:
            self.encoded[encoding] = (
                brotli.compress(self.body(), quality=11)
                if encoding == "br"
                else gzip.compress(self.body(), 9, mtime=0)
            )
        return self.encoded[encoding]


class Assets:
    """All files under one folder, by name and by hashed name.

    Attributes:
        root: The folder.
        changed_at: When one of them changed last, in nanoseconds.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changed_at = _newest(root)
        self._by_name: dict[str, Asset] = {}
        self._by_hash: dict[str, Asset] = {}
        self._urls: dict[str, str] = {}
        for path in sorted(root.rglob("*")):
            if path.is_file():
                self._add(path.relative_to(root).as_posix(), path, None)
        sheets = (root / "css" / f"{layer}.css" for layer in LAYERS)
        sheet = "".join(path.read_text("utf-8") for path in sheets)
        self._add(STYLESHEET, root / STYLESHEET, self._rewrite(sheet).encode())

    def url(self, name: str) -> str:
        """The address of `name`, with its hash.

        Raises:
            KeyError: there is no such file, which is a mistake in a template.
        """
        return self._urls[name]

    def find(self, name: str) -> tuple[Asset | None, bool]:
        """The file at an address below `PREFIX`, and whether the address names its content."""
        if name in self._by_hash:
            return self._by_hash[name], True
        return self._by_name.get(name), False

    def _add(self, name: str, path: Path, joined: bytes | None) -> None:
        content = path.read_bytes() if joined is None else joined
        mimetype = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0]
        asset = Asset(
            path=path,
            digest=hashlib.sha256(content).hexdigest()[:10],
            mimetype=mimetype or "application/octet-stream",
            joined=joined,
        )
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{asset.digest}{dot}{suffix}"
        self._by_name[name] = self._by_hash[hashed] = asset
        self._urls[name] = PREFIX + hashed

    def _rewrite(self, sheet: str) -> str:
        bare = _CSS_COMMENT.sub("", sheet)
        return _CSS_URL.sub(lambda match: f"url({self.url(match[1])})", bare)


@lru_cache(maxsize=1)
def assets() -> Assets:
    """The files of the project; read once per process, before it forks."""
    return Assets(ROOT)


def asset(name: str) -> str:
    """For templates: the address of a static file, `asset("img/favicon.svg")`."""
    return assets().url(name)


def media_url(sha256: str, width: int) -> str:
    """For templates: the address of an uploaded photo, which never changes its content.

    Args:
        sha256: the photo's hash.
        width: 400, 800 or 1600 pixels; a narrower photo keeps its own width.
    """
    return f"/media/{sha256}-{width}.webp"


@lru_cache(maxsize=512)
def icon(name: str, cls: str = "") -> Markup:
    """For templates: a picture from the sprite, hidden from screen readers.

    Args:
        name: the id of a symbol in `static/img/icons.svg`.
        cls: more classes, "place-c".
    """
    sprite = asset("img/icons.svg")
    classes = f"i {cls}" if cls else "i"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        classes, sprite, name
    )


def serve(filename: str) -> Response:
    """A static file, compressed as the browser likes it.

    An address with a hash may be kept for ever; one without is asked for again after five
    minutes, by its ETag.
    """
    found, is_hashed = assets().find(filename)
    if found is None:
        raise NotFound
    encoding = "identity"
    if found.is_text:
        encoding = request.accept_encodings.best_match(("br", "gzip"), default="identity")
    response = Response(found.body_as(encoding), mimetype=found.mimetype)
    if found.is_text:
        response.vary.add("Accept-Encoding")
    if encoding != "identity":
        response.content_encoding = encoding
    response.set_etag(f"{found.digest}-{encoding}")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if is_hashed else 300
    response.cache_control.immutable = is_hashed
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Serve the files, and give templates `asset`, `icon` and `media_url`."""
    if "static" in app.view_functions:
        app.view_functions["static"] = serve
    else:
        app.add_url_rule(f"{PREFIX}<path:filename>", "static", serve)
    app.jinja_env.globals.update(asset=asset, icon=icon, media_url=media_url)
    if app.debug:
        app.before_request(notice_changes)
    assets()


def notice_changes() -> None:
    """While developing: read the files again when one of them has changed."""
    if _newest(assets().root) != assets().changed_at:
        assets.cache_clear()
        icon.cache_clear()


def _newest(root: Path) -> int:
    return max(path.stat().st_mtime_ns for path in root.rglob("*"))
