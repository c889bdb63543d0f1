"""How old the shelf may be."""

from dataclasses import replace

import pytest

from marketplace.catalogue.storefront import shelf as shelves
from marketplace.platform.config import current_settings, use_settings
from marketplace.platform.kept import Kept
from tests.factories.catalogue import ProductFactory
from tests.moments import MONDAY_DAY, TUESDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def keeping(monkeypatch):
    """Keep the shelf for an hour, and start with an empty one."""
    before = current_settings()
    monkeypatch.setattr(shelves, "_kept", Kept("shelf", shelves.read_shelf))
    use_settings(replace(before, shelf_seconds=3600))
    yield
    use_settings(before)


class TestShelf:
    def test_is_always_new_when_it_may_not_age(self):
        ProductFactory()
        before = shelves.shelf(MONDAY_DAY)
        ProductFactory()

        assert (len(before.ids), len(shelves.shelf(MONDAY_DAY).ids)) == (1, 2)

    @pytest.mark.usefixtures("keeping")
    def test_is_kept_for_a_while_and_no_longer_than_the_day(self):
        ProductFactory()
        first = shelves.shelf(MONDAY_DAY)
        ProductFactory()

        assert shelves.shelf(MONDAY_DAY) is first
        assert len(shelves.shelf(TUESDAY_DAY).ids) == 2

    def test_is_empty_on_an_empty_market(self):
        empty = shelves.read_shelf(MONDAY_DAY)

        assert (empty.everything, empty.take(0, empty.in_season, 0, 24)) == (0, [])

    def test_takes_what_stayed_the_same_from_the_one_before(self):
        ProductFactory(slug="bo-sap", name_vi="Bơ sáp")
        changed = ProductFactory(slug="bo-034", name_vi="Bơ 034")
        before = shelves.read_shelf(MONDAY_DAY)
        changed.name_vi = "Bơ 034 Đắk Lắk"

        after = shelves.read_shelf(MONDAY_DAY, before)

        assert sorted(after.names) == ["bơ 034 đắk lắk", "bơ sáp"]
        kept, was = after.by_slug["bo-sap"], before.by_slug["bo-sap"]
        assert after.names[kept] is before.names[was]
        assert after.slugs[kept] is before.slugs[was]
