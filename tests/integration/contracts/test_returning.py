"""Rejected goods: back in the lot they came from, or written off."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.errors import (
    ReturnEndedError,
    ReturnUnknownError,
    WriteOffReasonMissingError,
)
from marketplace.inventory import queries as inventory
from marketplace.inventory.errors import NothingMovedError, StockNotFoundError
from marketplace.inventory.returning import take_back
from marketplace.workflows.accepting import accept_delivery, receive_return, write_off_return
from models.accounts import Role
from models.deliveries import DeliveryReturn, ReturnState
from models.inventory import LotStock, MovementKind, StockMovement
from tests.factories.traceability import LotFactory
from tests.integration.contracts.arrivals import (
    ARRIVED,
    TONNE,
    all_taken,
    buyer_of,
    seller_of,
    underway,
)
from tests.moments import TUESDAY, WEDNESDAY

KEPT = 20_000
"""Grams of the lot that were never sent."""


@pytest.fixture(autouse=True)
def _balanced(session):
    """After each test the counters must agree with the history."""
    yield
    assert inventory.imbalances() == []


@pytest.fixture
def delivery(session):
    found = underway()
    accept_delivery(
        actor=buyer_of(found),
        delivery_id=found.id,
        arrival=ARRIVED,
        results=all_taken(found, accepted_g=4 * TONNE, rejected_g=TONNE, reason="Mốc"),
        at=TUESDAY,
    )
    return found


@pytest.fixture
def line(delivery):
    return lines_of(delivery.id)[0]


def in_store(session, line):
    return session.scalar(select(LotStock.on_hand_g).where(LotStock.lot_id == line.lot_id))


def movements(session):
    kinds = select(StockMovement.ref, StockMovement.grams).where(
        StockMovement.kind == MovementKind.RETURNED
    )
    return [tuple(row) for row in session.execute(kinds)]


class TestReceiving:
    def test_puts_the_goods_back_into_their_lot(self, session, delivery, line):
        keeper = seller_of(delivery, Role.WAREHOUSE)

        assert receive_return(actor=keeper, line_id=line.id, at=WEDNESDAY) is True

        session.expire_all()
        assert in_store(session, line) == KEPT + TONNE
        assert movements(session) == [(f"returned:{line.id}", TONNE)]
        row = session.scalars(select(DeliveryReturn)).one()
        assert (row.state, row.ended_at, row.ended_by_id) == (
            ReturnState.RECEIVED,
            WEDNESDAY,
            keeper.user_id,
        )

    def test_twice_is_once(self, session, delivery, line):
        keeper = seller_of(delivery)
        receive_return(actor=keeper, line_id=line.id, at=WEDNESDAY)

        assert receive_return(actor=keeper, line_id=line.id, at=WEDNESDAY) is False
        with pytest.raises(ReturnEndedError):
            write_off_return(actor=keeper, line_id=line.id, reason="Mốc hết", at=WEDNESDAY)

        assert movements(session) == [(f"returned:{line.id}", TONNE)]

    def test_is_for_who_handles_the_seller_s_deliveries(self, session, delivery, line):
        for actor in (
            buyer_of(delivery),
            seller_of(delivery, Role.ACCOUNTANT),
            seller_of(underway()),
        ):
            with pytest.raises(NotAllowedError):
                receive_return(actor=actor, line_id=line.id, at=WEDNESDAY)
        assert movements(session) == []

    def test_needs_something_that_was_rejected(self, session, delivery):
        taken = lines_of(delivery.id)[1]
        for line_id in (taken.id, 0):
            with pytest.raises(ReturnUnknownError):
                receive_return(actor=seller_of(delivery), line_id=line_id, at=WEDNESDAY)


class TestWritingOff:
    def test_leaves_the_store_as_it_is(self, session, delivery, line):
        assert write_off_return(
            actor=seller_of(delivery), line_id=line.id, reason=" Mốc  hết ", at=WEDNESDAY
        )

        row = session.scalars(select(DeliveryReturn)).one()
        assert (row.state, row.reason) == (ReturnState.WRITTEN_OFF, "Mốc hết")
        assert in_store(session, line) == KEPT
        assert movements(session) == []

    def test_twice_is_once_and_then_nothing_comes_back(self, session, delivery, line):
        keeper = seller_of(delivery)
        write_off_return(actor=keeper, line_id=line.id, reason="Mốc", at=WEDNESDAY)

        assert not write_off_return(actor=keeper, line_id=line.id, reason="Mốc", at=WEDNESDAY)
        with pytest.raises(ReturnEndedError):
            receive_return(actor=keeper, line_id=line.id, at=WEDNESDAY)
        assert in_store(session, line) == KEPT

    def test_needs_a_reason(self, session, delivery, line):
        with pytest.raises(WriteOffReasonMissingError):
            write_off_return(actor=seller_of(delivery), line_id=line.id, reason=" ", at=WEDNESDAY)

        assert session.scalar(select(func.count(DeliveryReturn.ended_at))) == 0


def test_a_store_takes_back_what_was_its_own(session, delivery, line):
    actor = seller_of(delivery)
    values = {"actor": actor, "organisation_id": actor.organisation_id, "at": WEDNESDAY}

    with pytest.raises(NothingMovedError):
        take_back(lot_id=line.lot_id, grams=0, ref="returned:1", **values)
    with pytest.raises(StockNotFoundError):
        take_back(lot_id=LotFactory().id, grams=1, ref="returned:1", **values)
    take_back(lot_id=line.lot_id, grams=1, ref="returned:1", **values)
    take_back(lot_id=line.lot_id, grams=1, ref="returned:1", **values)

    assert in_store(session, line) == KEPT + 1
