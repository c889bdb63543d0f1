"""The menu of categories, the same for everybody."""

from typing import Final

from flask import Flask

from marketplace.catalogue.categories import CategoryNode, categories_tree

LENGTH: Final = 8
"""How many categories fit into one line on a desktop."""


def category_menu() -> tuple[CategoryNode, ...]:
    """The first categories; the catalogue keeps them in memory."""
    return categories_tree().tops[:LENGTH]


def init_app(app: Flask) -> None:
    """Give templates the menu, read before they are drawn."""
    app.context_processor(lambda: {"category_menu": category_menu()})
