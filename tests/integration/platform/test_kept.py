"""The shelf and the yard of a served process: read beside, on connections of their own."""

from dataclasses import replace

import pytest

from marketplace.catalogue.storefront import shelf as shelves
from marketplace.platform.config import current_settings, use_settings
from marketplace.platform.database import db
from marketplace.platform.kept import OLDEST_SECONDS
from marketplace.platform.transaction import transaction
from marketplace.reporting.sourcing import yard as yards
from tests.factories.catalogue import ProductFactory
from tests.factories.supply import SupplyFactory
from tests.moments import MONDAY_DAY

SECONDS = 5
PATIENCE = 30


class Hands:
    """A clock that is turned by hand."""

    seconds = 0.0

    def __call__(self):
        """The time."""
        return self.seconds


def add_supply():
    with transaction():
        product = ProductFactory()
        SupplyFactory(product=product, month=MONDAY_DAY.replace(day=1))
        return product.id


CASES = pytest.mark.parametrize(
    ("module", "name", "ids"),
    [
        (shelves, "shelf", lambda shelf: list(shelf.ids)),
        (yards, "yard", lambda yard: list(yard.products)),
    ],
    ids=["shelf", "yard"],
)


@CASES
def test_it_is_read_beside_and_shows_what_was_committed_since(
    committed_database, monkeypatch, module, name, ids
):
    use_settings(replace(current_settings(), shelf_seconds=SECONDS))
    known, clock = module._kept, Hands()
    monkeypatch.setattr(known, "_clock", clock)
    monkeypatch.setattr(known, "_copy", None)
    ask = getattr(module, name)
    with committed_database.app.app_context():
        first = add_supply()
        assert ids(ask(MONDAY_DAY)) == [first]
        second = add_supply()
        # Of use for longer than its age, as if reading had taken a while.
        known._copy = replace(known._copy, usable_until=OLDEST_SECONDS)
        clock.seconds += SECONDS

        assert ids(ask(MONDAY_DAY)) == [first]

        assert known._reading.acquire(timeout=PATIENCE)
        known._reading.release()
        assert sorted(ids(ask(MONDAY_DAY))) == sorted([first, second])
        db.session.remove()
        assert db.engine.pool.checkedout() == 0


@CASES
def test_without_an_age_every_change_is_seen_at_once(committed_database, module, name, ids):
    ask = getattr(module, name)
    with committed_database.app.app_context():
        assert ids(ask(MONDAY_DAY)) == []
        product_id = add_supply()

        assert ids(ask(MONDAY_DAY)) == [product_id]
