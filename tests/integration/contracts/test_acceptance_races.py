"""Two people at one delivery, and a person against the clock, where commits are real (CTR-03).

Each race is run without the lock first: both must come through there, or the race proves nothing.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.contracts import access
from marketplace.contracts.acceptance.operations import accepting, returning
from marketplace.platform.database import session
from marketplace.workflows.accepting import (
    accept_automatically,
    accept_delivery,
    receive_return,
    write_off_return,
)
from models.deliveries import Delivery, DeliveryLine
from models.inventory import LotStock
from models.invoicing import Invoice
from models.platform import StateChange
from tests.integration.contracts.arrivals import (
    ARRIVED,
    DRY,
    TONNE,
    all_taken,
    buyer_of,
    seller_of,
    underway,
)
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY, WEDNESDAY
from tests.racing import both, kinds, meet_after, unlocked

DEADLINE = MONDAY + timedelta(hours=48)
WET = Decimal("14.5")
LAST_MOMENT = DEADLINE - timedelta(microseconds=1)


@pytest.fixture
def market(committed_database):
    """A committed database with a delivery underway."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


@pytest.fixture
def two(market):
    """Two buyers who say different things of one delivery."""
    delivery = underway()
    first, second = buyer_of(delivery), buyer_of(delivery)
    said = [
        all_taken(delivery),
        all_taken(delivery, moisture=WET),
    ]
    delivery_id = delivery.id
    session.commit()

    def act(index, at=TUESDAY):
        return accept_delivery(
            actor=(first, second)[index],
            delivery_id=delivery_id,
            arrival=ARRIVED,
            results=said[index],
            at=at,
        )

    return delivery_id, act


def accepted_how_often():
    session.rollback()
    return session.scalar(
        select(func.count()).select_from(StateChange).where(StateChange.to_state == "accepted")
    )


class TestTwoPeople:
    def test_ctr_03_the_canary_accepts_twice_without_the_lock(self, market, two, monkeypatch):
        _delivery_id, act = two
        unlocked(monkeypatch, access)
        meet_after(monkeypatch, accepting, "_require_photos")

        assert both(market, act) == [True, True]
        assert accepted_how_often() == 2

    def test_ctr_03_one_is_told_what_the_other_said(self, market, two):
        delivery_id, act = two

        results = both(market, act)

        assert kinds(results) == ["AlreadyAcceptedError", "bool"]
        assert accepted_how_often() == 1
        measured = select(func.max(DeliveryLine.moisture)).where(
            DeliveryLine.delivery_id == delivery_id
        )
        assert session.scalar(measured) == (DRY if results[0] is True else WET)
        assert session.scalar(select(func.count()).select_from(Invoice)) == 1
        assert broken(session) == {}


class TestAPersonAgainstTheClock:
    def acts(self, two):
        delivery_id, act = two

        def by_clock(_index):
            return accept_automatically(delivery_id=delivery_id, at=DEADLINE)

        return (lambda _index: act(1, LAST_MOMENT)), by_clock

    def test_ctr_03_the_canary_lets_both_speak_without_the_lock(self, market, two, monkeypatch):
        unlocked(monkeypatch, access)
        meet_after(monkeypatch, accepting, "lines_of")

        assert both(market, *self.acts(two)) == [True, True]
        assert accepted_how_often() == 2

    def test_ctr_03_whoever_comes_first_counts(self, market, two):
        person, clock = both(market, *self.acts(two))

        delivery = session.get_one(Delivery, two[0], populate_existing=True)
        if clock is True:
            assert type(person).__name__ == "AcceptedByClockError"
            assert (delivery.is_automatic, delivery.accepted_by_id) == (True, None)
        else:
            assert (person, clock) == (True, False)
            assert delivery.is_automatic is False
            assert delivery.accepted_by_id is not None
        assert accepted_how_often() == 1
        assert broken(session) == {}

    def test_the_clock_twice_at_once_is_once(self, market, two):
        assert sorted(both(market, self.acts(two)[1])) == [False, True]
        assert accepted_how_often() == 1


class TestRejectedGoods:
    @pytest.fixture
    def ends(self, market):
        """Two keepers: one has the goods, the other writes them off."""
        delivery = underway(1)
        accept_delivery(
            actor=buyer_of(delivery),
            delivery_id=delivery.id,
            arrival=ARRIVED,
            results=all_taken(delivery, accepted_g=0, rejected_g=5 * TONNE, reason="Mốc"),
            at=TUESDAY,
        )
        keepers = [seller_of(delivery), seller_of(delivery)]
        line_id = session.scalar(select(DeliveryLine.id))
        session.commit()

        def received(_index):
            return receive_return(actor=keepers[0], line_id=line_id, at=WEDNESDAY)

        def written_off(_index):
            return write_off_return(actor=keepers[1], line_id=line_id, reason="Mốc", at=WEDNESDAY)

        return received, written_off

    def test_the_canary_ends_one_return_twice_without_the_lock(self, market, ends, monkeypatch):
        unlocked(monkeypatch, access)
        meet_after(monkeypatch, returning, "get_return")

        assert both(market, *ends) == [True, True]

    def test_they_are_back_or_written_off(self, market, ends):
        results = both(market, *ends)

        assert kinds(results) == ["ReturnEndedError", "bool"]
        session.rollback()
        assert session.scalar(select(LotStock.on_hand_g)) == 20_000 + (
            5 * TONNE if results[0] is True else 0
        )
        assert broken(session) == {}
