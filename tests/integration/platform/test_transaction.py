"""Transactions."""

import threading

import pytest
from sqlalchemy import func, select, text

from marketplace.platform.database import db
from marketplace.platform.errors import BusyError
from marketplace.platform.transaction import require_no_transaction, transaction
from models.platform import DataLoad
from tests.moments import MONDAY


def test_all_or_nothing(session):
    with pytest.raises(ZeroDivisionError), transaction():
        session.add(DataLoad(name="half", loaded_at=MONDAY))
        session.flush()
        _ = 1 / 0

    assert session.scalar(select(func.count()).select_from(DataLoad)) == 0


def test_what_ends_well_stays(session):
    with transaction():
        session.add(DataLoad(name="whole", loaded_at=MONDAY))
    session.rollback()

    assert session.scalars(select(DataLoad.name)).all() == ["whole"]


def test_they_do_not_nest(session):
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass


def test_a_gateway_refuses_to_be_called_inside_one(session):
    with pytest.raises(RuntimeError), transaction():
        require_no_transaction()


def test_rows_that_stay_locked_are_a_refusal_to_try_again(committed_database):
    app = committed_database.app
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            db.session.execute(text("select pg_advisory_xact_lock(1)"))
            locked.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(10)
    try:
        with app.app_context(), pytest.raises(BusyError), transaction():
            db.session.execute(text("set local lock_timeout = '50ms'"))
            db.session.execute(text("select pg_advisory_xact_lock(1)"))
    finally:
        done.set()
        holder.join()
