"""The parts of every page that are the same for everybody: menu of categories, foot, tab bar.

They are drawn once for each language and place, and kept: half of the time of a simple page would
go into drawing them again.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from marketplace.catalogue.categories import CategoryNode, categories_tree
from marketplace.platform.translation import current_locale

LENGTH: Final = 8
"""How many categories fit into one line on a desktop."""

TABS: Final = ("/san-pham", "/truy-xuat", "/gio-hang", "/tai-khoan")
"""The places under the thumb, besides the first page."""


TYPED: Final = Markup("<!-- typed -->")
"""Stands in the kept search box for what was searched for."""


@dataclass(slots=True)
class Kept:
    """What has been drawn, and from which categories."""

    categories: tuple[CategoryNode, ...] = ()
    version: int = 0
    parts: dict[tuple[Hashable, ...], Markup] = field(default_factory=dict)


def top_navigation(path: str, category: str, *, has_desk: bool) -> Markup:
    """For layouts: the line of categories.

    Args:
        path: where the reader is.
        category: the slug of the category they look at, if any.
        has_desk: they act for an organisation.
    """
    kept: Kept = current_app.extensions["kept_parts"]
    place = path if path in {"/san-pham", "/hop-tac-xa"} else ""
    shown = category if any(category == one.slug for one in kept.categories) else ""
    return _part("topnav.html", here=place, nav=shown, has_desk=has_desk)


def menu_version() -> int:
    """A number that is another one after the categories have changed."""
    kept: Kept = current_app.extensions["kept_parts"]
    _read_categories()
    return kept.version


def head_links(has_htmx: bool) -> Markup:  # noqa: FBT001 - a template calls it
    """For layouts: the icon, the style and the scripts of a page."""
    return _part("headlinks.html", htmx=has_htmx)


def search_box(typed: str) -> Markup:
    """For layouts: the name of the market and the search, with what was searched for."""
    return _part("searchbox.html").replace(TYPED, escape(typed))


def foot() -> Markup:
    """For layouts: the foot of the page."""
    return _part("foot.html")


def tab_bar(path: str) -> Markup:
    """For layouts: the bar under the thumb.

    Args:
        path: where the reader is.
    """
    place = next((tab for tab in TABS if path.startswith(tab)), path if path == "/" else "")
    return _part("tabbar.html", here=place)


def init_app(app: Flask) -> None:
    """Give templates the parts; the categories are read before anything is drawn."""
    app.extensions["kept_parts"] = Kept()
    app.jinja_env.globals.update(
        TYPED=TYPED,
        head_links=head_links,
        search_box=search_box,
        top_navigation=top_navigation,
        foot=foot,
        tab_bar=tab_bar,
    )
    app.context_processor(_read_categories)


def _read_categories() -> dict[str, object]:
    # Asked before the page is drawn: templates never query.
    kept: Kept = current_app.extensions["kept_parts"]
    categories = categories_tree().tops
    if categories is not kept.categories:
        kept.categories = categories
        kept.parts.clear()
        kept.version += 1
    return {"category_menu": categories[:LENGTH]}


def _part(template: str, **values: Hashable) -> Markup:
    kept: Kept = current_app.extensions["kept_parts"]
    key = (template, current_locale(), *values.values())
    known = kept.parts.get(key)
    if known is None:
        part = current_app.jinja_env.get_template(f"components/{template}")
        drawn = part.render(
            lang=current_locale(),
            root=request.script_root,
            category_menu=kept.categories[:LENGTH],
            **values,
        )
        known = kept.parts[key] = Markup(drawn)  # noqa: S704 - by a template that escapes
    return known
