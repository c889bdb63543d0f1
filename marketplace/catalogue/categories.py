"""The tree of goods: read from a file into the database once, and kept in memory while serving."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from marketplace.platform.database import session
from models.catalogue import Category

DATA: Final = Path(__file__).parent / "data" / "categories.json"


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A group of goods; one of the first level has children, one of the second has none."""

    id: int
    slug: str
    name_vi: str
    name_en: str
    parent_id: int | None
    children: tuple["CategoryNode", ...] = ()

    def name(self, locale: str) -> str:
        """Its name in the language `locale`."""
        return (self.name_en if locale == "en" else "") or self.name_vi

    @property
    def ids(self) -> tuple[int, ...]:
        """Its own id and those of its children: what a filter by this group selects."""
        return (self.id, *(child.id for child in self.children))


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All groups: the first level in its order, and everything by id and by slug."""

    tops: tuple[CategoryNode, ...]
    by_id: dict[int, CategoryNode]
    by_slug: dict[str, CategoryNode]

    def path(self, category_id: int) -> tuple[CategoryNode, ...]:
        """The way down to a group: one node or two. Empty if there is no such group."""
        node = self.by_id.get(category_id)
        if node is None:
            return ()
        parent = self.by_id.get(node.parent_id) if node.parent_id else None
        return (parent, node) if parent else (node,)


def categories_tree() -> CategoryTree:
    """The tree. One statement for the first reader of a process, none after that.

    It changes when `load_categories` runs, before anything is served; whoever changes it calls
    `forget_categories`. An empty tree is not remembered: it is one that has not been loaded yet.
    """
    if _known:
        return _known[0]
    tree = _read_tree()
    if tree.tops:
        _known.append(tree)
    return tree


def forget_categories() -> None:
    """Read the tree again when somebody asks for it."""
    _known.clear()


def load_categories() -> int:
    """Bring the table in line with the file: names, places in the tree, order.

    Rows are found by slug, so ids stay. Groups that the file no longer has are kept, for products
    may be in them.

    Returns:
        How many groups the file has.
    """
    known = {row.slug: row for row in session.scalars(select(Category))}
    count = 0
    for position, (row, parent_slug) in enumerate(_rows()):
        category = known.get(row["slug"])
        if category is None:
            category = known[row["slug"]] = Category(slug=row["slug"])
            session.add(category)
        category.name_vi = row["name_vi"]
        category.name_en = row["name_en"]
        category.position = position
        category.parent_id = known[parent_slug].id if parent_slug else None
        session.flush()
        count += 1
    forget_categories()
    return count


def words_of(category: CategoryNode) -> tuple[str, ...]:
    """The words by which everything in a group is found.

    A name that lists things ("Bơ, na, thanh long") is none: whoever looks for avocados wants no
    dragon fruit. The file has a word for such a group where there is one.
    """
    words = _words().get(category.slug)
    if words:
        return (words,)
    if "," in category.name_vi:
        return ()
    return tuple(name for name in (category.name_vi, category.name_en) if name)


_known: list[CategoryTree] = []
"""The tree that this process has read, or nothing."""


def _read_tree() -> CategoryTree:
    rows = session.execute(
        select(
            Category.id, Category.slug, Category.name_vi, Category.name_en, Category.parent_id
        ).order_by(Category.position, Category.id)
    ).all()
    nodes = [CategoryNode(*row) for row in rows]
    tops = tuple(
        replace(top, children=tuple(node for node in nodes if node.parent_id == top.id))
        for top in nodes
        if top.parent_id is None
    )
    everything = [node for top in tops for node in (top, *top.children)]
    return CategoryTree(
        tops=tops,
        by_id={node.id: node for node in everything},
        by_slug={node.slug: node for node in everything},
    )


def _rows() -> Iterator[tuple[dict[str, Any], str | None]]:
    """Every group of the file with the slug of the one above it, parents first."""
    for top in _file():
        yield top, None
        for child in top["children"]:
            yield child, top["slug"]


@cache
def _file() -> list[dict[str, Any]]:
    tree: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))
    return tree


@cache
def _words() -> dict[str, str]:
    return {row["slug"]: row["words"] for row, _ in _rows() if "words" in row}
