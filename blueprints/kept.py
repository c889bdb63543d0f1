"""Parts of pages that follow from known values alone: drawn once for those values and kept.

A page reads the database each time. What it read is the key under which the drawn part is kept, so
a part can never be out of date: another price is another key. Drawing a product page takes longer
than reading it, and most readers see what the one before them saw.
"""

import sys
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request, session
from markupsafe import Markup

from blueprints.csrf import csrf
from blueprints.navigation import menu_version
from blueprints.security import cart_count
from marketplace.platform.translation import current_locale

Facts = TypeVar("Facts")

MOST_BYTES: Final = 4_000_000
"""How much a process keeps; what was not asked for longest goes first."""

KEY_BYTES: Final = 2_000
"""What a key takes, about: the values that a part was drawn from."""

PACKED_FROM: Final = 4_000
"""Bytes from which a part is kept compressed: a fifth of the memory for 0.05 ms each time."""

TOKEN: Final = Markup("<!-- token -->")
"""Stands in a kept part where a form needs the visitor's own token."""


@dataclass(frozen=True, slots=True)
class Part:
    """A drawn part, and what else was found out while drawing it."""

    drawn: Markup
    facts: Any = None


class Rack:
    """Drawn parts by key, up to a number of bytes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._parts: OrderedDict[Hashable, tuple[bytes, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._size = 0
        self._most = most

    def get(self, key: Hashable, draw: Callable[[], Part]) -> Part:
        """The part under `key`; drawn now if it is not here."""
        with self._lock:
            known = self._parts.get(key)
            if known is not None:
                self._parts.move_to_end(key)
        if known is not None:
            return Part(_unpacked(known[0]), known[1])
        part = draw()
        packed = _packed(part.drawn)
        with self._lock:
            if key not in self._parts:
                self._parts[key] = (packed, part.facts)
                self._size += _cost(packed)
            while self._size > self._most and len(self._parts) > 1:
                _, (oldest, _facts) = self._parts.popitem(last=False)
                self._size -= _cost(oldest)
        return part


def _packed(part: Markup) -> bytes:
    # Vietnamese text takes two bytes a letter as a string, little more than one as UTF-8.
    plain = part.encode()
    return plain if len(plain) < PACKED_FROM else zlib.compress(plain)


def _unpacked(kept_part: bytes) -> Markup:
    # No UTF-8 begins with the two bytes by which a compressed part does.
    is_packed = kept_part.startswith(b"x\x9c")
    text = (zlib.decompress(kept_part) if is_packed else kept_part).decode()
    return Markup(text)  # noqa: S704 - was markup when it was packed


def _cost(kept_part: bytes) -> int:
    return sys.getsizeof(kept_part) + KEY_BYTES


def kept(name: str, values: Hashable, draw: Callable[[], str]) -> Markup:
    """A part of a page in the reader's language, its forms with the visitor's own token.

    Args:
        name: of the part, "product".
        values: everything that it is drawn from, besides the language.
        draw: draws it, if it is not kept. It must ask nothing else: no session, no clock. Where a
            form needs a token it writes `TOKEN`.
    """
    return kept_with_facts(name, values, lambda: (draw(), None))[0]


def kept_with_facts(
    name: str, values: Hashable, draw: Callable[[], tuple[str, Facts]]
) -> tuple[Markup, Facts]:
    """As `kept`, for a part whose page needs some facts besides: they are kept with it."""

    def make() -> Part:
        drawn, facts = draw()
        return Part(Markup(drawn), facts)  # noqa: S704 - by a template, which escapes

    if current_app.debug:  # a template may have changed
        part = make()
    else:
        rack: Rack = current_app.extensions["kept"]
        part = rack.get((name, current_locale(), values), make)
    drawn = part.drawn
    if TOKEN in drawn:
        drawn = Markup(drawn.replace(TOKEN, csrf()))  # noqa: S704 - as above
    return drawn, part.facts


def kept_frame(name: str, values: Hashable, draw: Callable[[], str]) -> Markup | None:
    """A whole page, frame and all, for a reader of whom the frame says nothing but the basket.

    Args:
        name: as for `kept`.
        values: as for `kept`; the address, the menu and the basket need not be among them.
        draw: draws the whole page, with `TOKEN` in its forms.

    Returns:
        The page; None for people who are signed in, who are to be told something, or whose
        address has a question in it: theirs is not worth keeping.
    """
    if request.query_string or "_user_id" in session or "_flashes" in session:
        return None
    return kept(name, (values, request.path, cart_count(), menu_version()), draw)


def init_app(app: Flask) -> None:
    """Give the application a place to keep parts, and templates the place of a token."""
    app.extensions["kept"] = Rack()
    app.jinja_env.globals.update(TOKEN=TOKEN)
