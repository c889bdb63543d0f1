"""Two alliances of the whole country narrow each other at once: one of them stays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from marketplace.accounts.operations import alliances
from marketplace.kernel.errors import DomainError
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.accounts import Organisation
from tests.factories.accounts import officer
from tests.moments import MONDAY

PROVINCES = ("04", "08")


@pytest.fixture
def nationals(committed_database):
    """An officer of each of two alliances of the whole country."""
    with committed_database.app.app_context():
        found = [officer(), officer()]
        session.commit()
        yield committed_database, found
        session.rollback()


def narrow_each_other(nationals):
    market, actors = nationals
    started = threading.Barrier(2)

    def run(index):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return alliances.set_reach(
                        actor=actors[index],
                        organisation_id=actors[1 - index].organisation_id,
                        province_code=PROVINCES[index],
                        at=MONDAY,
                    )
            except DomainError as refused:
                return type(refused).__name__

    with ThreadPoolExecutor(2) as pool:
        return sorted(map(str, pool.map(run, range(2))))


def left():
    covered = session.scalars(
        select(Organisation.covers_province_code).where(Organisation.kind == "alliance")
    )
    return list(covered).count(None)


def test_one_of_the_whole_country_stays(nationals):
    assert narrow_each_other(nationals) == ["NotAllowedError", "True"]
    assert left() == 1


def test_without_the_name_none_would_be_left(nationals, monkeypatch):
    together = threading.Barrier(2, timeout=30)
    check = alliances.authorize_national

    def met(actor):
        check(actor)
        together.wait()

    monkeypatch.setattr(alliances, "lock_key", lambda *_names: None)
    monkeypatch.setattr(alliances, "authorize_national", met)

    assert narrow_each_other(nationals) == ["True", "True"]
    assert left() == 0
