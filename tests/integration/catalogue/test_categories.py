"""The tree of goods."""

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.categories import (
    categories_tree,
    forget_categories,
    load_categories,
    words_of,
)
from models.catalogue import Category
from tests.factories.catalogue import CategoryFactory
from tests.guards import recorded_statements

pytestmark = pytest.mark.usefixtures("session")


def test_loads_the_file_once_and_mends_it_after(session):
    assert load_categories() == 63
    coffee = session.scalar(select(Category).where(Category.slug == "ca-phe-rang-xay"))
    before = coffee.id
    coffee.name_vi = "Viết sai"

    assert load_categories() == 63

    tree = categories_tree()
    assert session.scalar(select(func.count()).select_from(Category)) == 63
    assert tree.by_slug["ca-phe-rang-xay"].id == before
    assert tree.by_id[before].name_vi == "Cà phê rang, xay, hòa tan"
    assert [top.slug for top in tree.tops][:3] == ["trai-cay", "rau-cu-nam", "lua-gao-ngu-coc"]
    assert len(tree.tops) == 13


def test_knows_the_way_down_and_everything_below():
    load_categories()
    tree = categories_tree()
    coffee = tree.by_slug["ca-phe-nhan-xanh"]
    top = tree.by_slug["ca-phe-ca-cao"]

    assert tree.path(coffee.id) == (top, coffee)
    assert tree.path(top.id) == (top,)
    assert tree.path(999_999) == ()
    assert top.ids == (top.id, *(child.id for child in top.children))
    assert (coffee.name("vi"), coffee.name("en")) == ("Cà phê nhân xanh", "Green coffee beans")


def test_a_name_that_lists_things_is_no_word_to_find_all_of_them_by():
    load_categories()
    tree = categories_tree()

    assert words_of(tree.by_slug["bo-na-thanh-long"]) == ("trái cây",)
    assert words_of(tree.by_slug["lac-vung"]) == ()
    assert words_of(tree.by_slug["mat-ong"]) == ("Mật ong", "Honey")


def test_reads_the_tree_once(session):
    CategoryFactory()
    categories_tree()

    with recorded_statements(session.connection().engine) as sent:
        categories_tree()

    assert sent == []


def test_does_not_remember_an_empty_tree():
    forget_categories()
    assert categories_tree().tops == ()

    session_row = CategoryFactory(slug="moi")

    assert categories_tree().by_slug["moi"].id == session_row.id
