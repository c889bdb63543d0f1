"""Parts of pages that follow from known values alone: drawn once for those values and kept.

A page reads the database each time. What it read is the key under which the drawn part is kept, so
a part can never be out of date: another price is another key. Drawing a product page takes longer
than reading it, and most readers see what the one before them saw.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from flask import Flask, current_app
from markupsafe import Markup

from blueprints.csrf import csrf
from marketplace.platform.translation import current_locale

MOST_CHARACTERS: Final = 12_000_000
"""How much a process keeps; what was not asked for longest goes first."""

TOKEN: Final = Markup("<!-- token -->")
"""Stands in a kept part where a form needs the visitor's own token."""


class Rack:
    """Drawn parts by key, up to a number of characters."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._parts: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = threading.Lock()
        self._size = 0
        self._most = most

    def get(self, key: Hashable, draw: Callable[[], Markup]) -> Markup:
        """The part under `key`; drawn now if it is not here."""
        with self._lock:
            known = self._parts.get(key)
            if known is not None:
                self._parts.move_to_end(key)
                return known
        drawn = draw()
        with self._lock:
            if key not in self._parts:
                self._parts[key] = drawn
                self._size += len(drawn)
            while self._size > self._most and len(self._parts) > 1:
                _, oldest = self._parts.popitem(last=False)
                self._size -= len(oldest)
        return drawn


def kept(name: str, values: Hashable, draw: Callable[[], str]) -> Markup:
    """A part of a page in the reader's language, its forms with the visitor's own token.

    Args:
        name: of the part, "product".
        values: everything that it is drawn from, besides the language.
        draw: draws it, if it is not kept. It must ask nothing else: no session, no clock. Where a
            form needs a token it writes `TOKEN`.
    """

    def make() -> Markup:
        return Markup(draw())  # noqa: S704 - by a template, which escapes

    if current_app.debug:  # a template may have changed
        part = make()
    else:
        rack: Rack = current_app.extensions["kept"]
        part = rack.get((name, current_locale(), values), make)
    return Markup(part.replace(TOKEN, csrf())) if TOKEN in part else part  # noqa: S704 - as above


def init_app(app: Flask) -> None:
    """Give the application a place to keep parts, and templates the place of a token."""
    app.extensions["kept"] = Rack()
    app.jinja_env.globals.update(TOKEN=TOKEN)
