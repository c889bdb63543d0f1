"""What is late or short, on top of both desks."""

from datetime import date, timedelta

import pytest

from marketplace.platform.database import db
from marketplace.reporting.late import MOST, Slipped, slipped_deliveries
from models.accounts import Organisation, Role
from models.catalogue import Product
from models.contracts import ContractSide
from models.deliveries import DeliveryState
from tests.factories.accounts import member_of
from tests.factories.contracts import ContractFactory, DeliveryFactory, DeliveryLineFactory
from tests.factories.traceability import LotFactory
from tests.guards import recorded_statements
from tests.moments import MONDAY

TONNE = 1_000_000
DUE = date(2026, 11, 20)
NOW = MONDAY.replace(day=21)
"""The day after, in Việt Nam too."""
BUYER, SELLER = ContractSide.BUYER, ContractSide.SELLER


@pytest.fixture
def contract(session):
    return ContractFactory()


def deliver(contract, *, accepted_g=None, **values):
    delivery = DeliveryFactory(contract=contract, due_on=DUE, **values)
    if accepted_g is not None:
        product = product_of(contract)
        DeliveryLineFactory(
            delivery=delivery,
            lot=LotFactory(product=product, organisation=product.organisation),
            accepted_g=accepted_g,
            short_g=5 * TONNE - accepted_g,
        )
    return delivery


def product_of(contract):
    product = db.session.get_one(Product, contract.product_id)
    db.session.refresh(product, ["organisation"])
    return product


def of(session, contract, side, role=Role.DIRECTOR):
    owner = contract.buyer_id if side == BUYER else contract.seller_id
    return member_of(session.get_one(Organisation, owner), role)


def seen(session, contract, side, at=NOW):
    return slipped_deliveries(side, viewer=of(session, contract, side), at=at)


class TestLate:
    @pytest.mark.parametrize("state", ["planned", "confirmed", "packed"])
    def test_what_was_not_sent_by_its_day_is_late_on_both_sides(self, session, contract, state):
        delivery = deliver(contract, state=state)

        for side in ContractSide:
            assert seen(session, contract, side, at=NOW - timedelta(days=1)) == []
            [row] = seen(session, contract, side)
            assert (row.number, row.days_late, row.missing_g) == (delivery.number, 1, 0)
            assert (row.has_slipped, row.is_to_accept) == (True, False)
        assert seen(session, contract, SELLER, at=NOW + timedelta(days=9))[0].days_late == 10

    def test_everything_stands_in_the_row(self, session, contract):
        delivery = deliver(contract)

        [row] = seen(session, contract, SELLER)

        assert row == Slipped(
            number=delivery.number,
            contract=contract.number,
            title=contract.title,
            other=session.get_one(Organisation, contract.buyer_id).short_name,
            state="planned",
            due_on=DUE,
            planned_g=5 * TONNE,
            days_late=1,
            missing_g=0,
            accept_by_at=None,
            dispute_open=False,
        )

    def test_what_is_underway_waits_for_the_buyer_and_is_late_if_sent_late(self, session, contract):
        deliver(contract, shipped=True, shipped_at=MONDAY.replace(day=20, hour=16, minute=59))
        assert seen(session, contract, SELLER) == []
        [row] = seen(session, contract, BUYER)
        assert (row.has_slipped, row.is_to_accept) == (False, True)

        deliver(contract, shipped=True, shipped_at=MONDAY.replace(day=20, hour=17))
        [row] = seen(session, contract, SELLER)
        assert (row.days_late, row.state) == (1, DeliveryState.SHIPPED)

    def test_what_came_late_is_shown_for_two_weeks(self, session, contract):
        values = {"accepted": True, "accepted_at": NOW, "accepted_g": 5 * TONNE}
        deliver(contract, arrived_on=DUE, **values)
        assert seen(session, contract, SELLER) == []

        deliver(contract, arrived_on=DUE + timedelta(days=1), **values)
        [row] = seen(session, contract, SELLER)
        assert row.days_late == 1
        assert seen(session, contract, SELLER, at=NOW + timedelta(days=14)) == [row]
        late = NOW + timedelta(days=14, microseconds=1)
        assert seen(session, contract, SELLER, at=late) == []

    def test_cancelled_ones_are_not(self, session, contract):
        deliver(contract, state="cancelled", cancelled_at=MONDAY)

        assert seen(session, contract, SELLER) == []


class TestShort:
    @pytest.mark.parametrize(
        ("accepted_g", "missing_g"),
        [(4_750_000, 0), (4_749_999, 1), (4_000_000, 750_000), (0, 4_750_000)],
    )
    def test_is_what_is_missing_beyond_the_tolerance(
        self, session, contract, accepted_g, missing_g
    ):
        deliver(contract, accepted=True, accepted_at=NOW, arrived_on=DUE, accepted_g=accepted_g)

        rows = seen(session, contract, BUYER)

        assert [row.missing_g for row in rows] == ([missing_g] if missing_g else [])


class TestWho:
    def test_others_see_nothing(self, session, contract):
        deliver(contract)
        stranger = ContractFactory()

        assert seen(session, stranger, SELLER) == []
        assert slipped_deliveries(BUYER, viewer=of(session, contract, SELLER), at=NOW) == []
        assert slipped_deliveries(SELLER, viewer=of(session, contract, BUYER), at=NOW) == []

    def test_one_statement_however_many(self, session, contract):
        for _ in range(MOST + 1):
            deliver(contract)
        viewer = of(session, contract, SELLER)

        with recorded_statements(db.engine) as statements:
            rows = slipped_deliveries(SELLER, viewer=viewer, at=NOW)

        assert len(rows) == MOST
        assert len(statements) == 1
