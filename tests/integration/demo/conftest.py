"""A small market, loaded once for a module and undone after it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from marketplace.catalogue.categories import forget_categories
from marketplace.platform.database import db
from marketplace.workflows.demo.load import load_demo
from marketplace.workflows.demo.world import Size
from tests.moments import THURSDAY

SMALL = Size(
    orders=45,
    sellers=frozenset(
        {"BINHLIEU", "CUMGAR", "DONGTIEN", "HUNGLOI", "LHDAKLAK", "PHUQUOC", "TUANGIAO"}
    ),
    has_papers=False,
)


@contextmanager
def small_market(app: Flask) -> Iterator[None]:
    """The demonstration, in a transaction that is undone."""
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection, connection.begin() as outer:
            db.engines[None] = connection
            forget_categories()
            try:
                load_demo(at=THURSDAY, size=SMALL)
                db.session.commit()
                yield
            finally:
                db.session.remove()
                outer.rollback()
                db.engines[None] = engine
                forget_categories()


@pytest.fixture(scope="module")
def market(app):
    """The demonstration on a small scale."""
    with small_market(app):
        yield
