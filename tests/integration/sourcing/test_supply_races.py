"""Several who want the last tonne, on a database where commits are real.

Each race is run without the lock first: it must oversell or stand still there, or the race that
follows would prove nothing.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.errors import DomainError
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.sourcing.supply import holding, operations
from marketplace.sourcing.supply.rules import Forecast, Wanted
from models.accounts import Role
from models.catalogue import Product
from models.supply import HoldPurpose, Supply, SupplyHold
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.supply import APRIL, MARCH, SupplyFactory
from tests.invariants import broken
from tests.moments import MONDAY
from tests.racing import meet_after

TONNE = 1_000_000


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


def all_at_once(market, number, act):
    """Do `act(index)` so many times at once; how each ended: "held" or the name of a refusal."""
    started = threading.Barrier(number)

    def run(index):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    act(index)
            except (DomainError, IntegrityError) as refused:
                return type(refused).__name__
            return "held"

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(run, range(number)))


def hold(index, *wanted):
    holding.hold_supply(
        purpose=HoldPurpose.QUOTE, reference=f"BG-{index}", wanted=wanted, at=MONDAY
    )


def held():
    """The tonnes of open holds, whatever the months say."""
    session.rollback()
    grams = select(func.coalesce(func.sum(SupplyHold.grams), 0))
    return session.scalar(grams.where(SupplyHold.ended_at.is_(None))) // TONNE


class TestTheLastTonne:
    @pytest.fixture
    def month(self, market):
        row = SupplyFactory(forecast_g=TONNE)
        wanted = Wanted(row.product_id, "", MARCH, TONNE)
        session.commit()
        return wanted

    def test_con_03_the_canary_promises_it_twice_without_the_lock(self, market, month, monkeypatch):
        together = threading.Barrier(2, timeout=30)

        def look_and_wait(statement):
            rows = session.scalars(statement).all()
            together.wait()
            return rows

        monkeypatch.setattr(holding, "lock_all", look_and_wait)

        assert all_at_once(market, 2, lambda index: hold(index, month)) == ["held", "held"]
        assert held() == 2
        assert list(broken(session)) != []

    def test_con_03_one_of_eight_gets_it(self, market, month):
        ended = all_at_once(market, 8, lambda index: hold(index, month))

        assert ended == ["SupplyShortError"] * 7 + ["held"]
        assert held() == 1
        assert broken(session) == {}

    def test_a_quote_and_a_contract_share_what_is_there(self, market, month):
        def act(index):
            if index:
                hold(index, month)
            else:
                holding.contract_supply(
                    reference_of_quote="BG-9", reference="HD-9", wanted=[month], at=MONDAY
                )

        assert all_at_once(market, 2, act) == ["SupplyShortError", "held"]
        assert broken(session) == {}

    def test_the_loser_gets_it_when_the_winner_gives_it_back(self, market, month):
        hold(1, month)
        session.commit()

        with transaction():
            holding.release_supply(purpose=HoldPurpose.QUOTE, reference="BG-1", at=MONDAY)
        with transaction():
            hold(2, month)

        assert held() == 1
        assert broken(session) == {}


class TestTwoMonths:
    """Two quotes that name the same two months in opposite orders."""

    @pytest.fixture
    def months(self, market):
        first = SupplyFactory()
        product_id = first.product_id
        SupplyFactory(
            product_id=product_id, organisation_id=first.organisation_id, month=APRIL, product=None
        )
        session.commit()
        return [Wanted(product_id, "", MARCH, TONNE), Wanted(product_id, "", APRIL, TONNE)]

    def test_the_canary_stands_still_when_each_locks_in_its_own_order(
        self, market, months, monkeypatch
    ):
        together = threading.Barrier(2, timeout=30)
        turn = threading.local()

        def one_by_one(statement):
            rows = session.scalars(statement.order_by(Supply.id)).all()
            for row in reversed(rows) if turn.index else rows:
                mine = select(Supply).where(Supply.id == row.id).with_for_update()
                session.scalars(mine).one()
                if row is not (rows[0] if turn.index else rows[-1]):
                    together.wait()
            return rows

        def act(index):
            turn.index = index
            hold(index, *months)

        monkeypatch.setattr(holding, "lock_all", one_by_one)

        assert "BusyError" in all_at_once(market, 2, act)

    def test_both_get_theirs(self, market, months):
        def act(index):
            hold(index, *(reversed(months) if index % 2 else months))

        assert all_at_once(market, 8, act) == ["held"] * 8
        assert held() == 16
        assert broken(session) == {}


class TestTwoWriters:
    """Two of a seller who forecast a month that nobody has forecast yet."""

    @pytest.fixture
    def write(self, market):
        product = ProductFactory()
        people = [member_of(product.organisation, Role.SALES) for _ in range(2)]
        product_id = product.id
        session.commit()

        def act(index):
            operations.write_forecast(
                actor=people[index],
                product=session.get_one(Product, product_id),
                forecast=Forecast("", {MARCH: (index + 1) * TONNE}),
                at=MONDAY,
            )

        return act

    def test_the_canary_runs_into_the_table_without_the_name(self, market, write, monkeypatch):
        monkeypatch.setattr(operations, "lock_key", lambda *_name: None)
        meet_after(monkeypatch, operations, "last_change")

        assert all_at_once(market, 2, write) == ["IntegrityError", "held"]

    def test_the_second_is_told_of_the_first(self, market, write):
        assert all_at_once(market, 2, write) == ["ForecastChangedMeanwhileError", "held"]
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Supply)) == 1
