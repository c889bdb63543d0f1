"""The menu of categories: the same for everybody, so asked for once a minute."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app

from marketplace.catalogue.queries import top_categories
from marketplace.platform.translation import current_locale

KEPT: Final = 60.0
"""Seconds until the menu is read again."""

LENGTH: Final = 8
"""How many categories fit into one line on a desktop."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One category in the menu."""

    slug: str
    label: str


@dataclass(slots=True)
class Menu:
    """What was read, by language, and until when it holds."""

    items: dict[str, Sequence[MenuItem]]
    holds_until: float = 0.0


def category_menu() -> Sequence[MenuItem]:
    """The first categories, in the reader's language."""
    menu: Menu = current_app.extensions["category_menu"]
    if time.monotonic() >= menu.holds_until:
        rows = list(top_categories())[:LENGTH]
        menu.items = {
            "vi": [MenuItem(row.slug, row.name_vi) for row in rows],
            "en": [MenuItem(row.slug, row.name_en or row.name_vi) for row in rows],
        }
        menu.holds_until = time.monotonic() + KEPT
    return menu.items[current_locale()]


def forget_menu(app: Flask) -> None:
    """Read the menu again at the next page, because categories have changed."""
    app.extensions["category_menu"].holds_until = 0.0


def init_app(app: Flask) -> None:
    """Give templates the menu, read before they are drawn."""
    app.extensions["category_menu"] = Menu(items={})
    app.context_processor(lambda: {"category_menu": category_menu()})
