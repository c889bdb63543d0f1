"""Months that are held for quotes, promised to contracts, and given back."""

import pytest
from sqlalchemy import select

from marketplace.platform.database import session as database
from marketplace.sourcing.supply.errors import SupplyShortError
from marketplace.sourcing.supply.holding import contract_supply, hold_supply, release_supply
from marketplace.sourcing.supply.rules import Wanted
from models.supply import HoldPurpose, Supply, SupplyHold
from tests.factories.catalogue import ProductFactory
from tests.factories.supply import APRIL, MARCH, SupplyFactory
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

TONNE = 1_000_000
QUOTE, CONTRACT = HoldPurpose.QUOTE, HoldPurpose.CONTRACT


@pytest.fixture
def product(session):
    return ProductFactory(name_vi="Gạo ST25")


@pytest.fixture
def march(product):
    return SupplyFactory(product=product, month=MARCH)


@pytest.fixture
def april(product):
    return SupplyFactory(product=product, month=APRIL)


def of(row, tonnes):
    return Wanted(row.product_id, row.grade, row.month, tonnes * TONNE)


def hold(*wanted, reference="BG-1", at=MONDAY):
    hold_supply(purpose=QUOTE, reference=reference, wanted=wanted, at=at)


def tonnes(*rows):
    """(held, contracted) of each, in tonnes, as the database has them."""
    database.expire_all()
    assert broken(database) == {}
    return [(row.held_g // TONNE, row.contracted_g // TONNE) for row in rows]


def holds():
    """Every hold: purpose, reference, tonnes, whether it is open."""
    rows = database.scalars(select(SupplyHold).order_by(SupplyHold.id))
    return [(row.purpose, row.reference, row.grams // TONNE, row.ended_at is None) for row in rows]


class TestHolding:
    def test_it_keeps_what_is_named(self, march, april):
        hold(of(march, 3), of(april, 10))

        assert tonnes(march, april) == [(3, 0), (10, 0)]
        assert holds() == [("quote", "BG-1", 3, True), ("quote", "BG-1", 10, True)]

    def test_the_same_month_twice_adds_up(self, march):
        hold(of(march, 3), of(march, 4))

        assert tonnes(march) == [(7, 0)]

    def test_the_same_again_changes_nothing(self, march):
        hold(of(march, 3))
        hold(of(march, 3), at=TUESDAY)

        assert tonnes(march) == [(3, 0)]
        assert holds() == [("quote", "BG-1", 3, True)]

    def test_nothing_of_a_month_holds_nothing(self, march):
        hold(of(march, 0))

        assert holds() == []

    def test_less_than_nothing_is_a_bug(self, march):
        with pytest.raises(ValueError, match="Nobody can hold"):
            hold(of(march, -1))

    def test_more_than_is_free_is_refused_whole_and_names_the_month(self, product, march, april):
        hold(of(march, 8), reference="BG-9")

        with pytest.raises(SupplyShortError) as refused:
            hold(of(april, 1), of(march, 3))

        assert refused.value.details == {
            "product": "Gạo ST25",
            "month": "3/2027",
            "free": "2\u00a0tấn",
        }
        assert [(each.wanted.month, each.free_g) for each in refused.value.short] == [
            (MARCH, 2 * TONNE)
        ]
        assert tonnes(march, april) == [(8, 0), (0, 0)]
        assert holds() == [("quote", "BG-9", 8, True)]

    def test_exactly_what_is_free_can_be_held(self, march):
        hold(of(march, 10))

        assert tonnes(march) == [(10, 0)]

    def test_a_month_that_nobody_forecast_has_nothing(self, march):
        with pytest.raises(SupplyShortError) as refused:
            hold(Wanted(march.product_id, "", APRIL, 1))

        assert refused.value.short[0].free_g == 0
        assert holds() == []

    def test_a_grade_is_a_month_of_its_own(self, march):
        with pytest.raises(SupplyShortError):
            hold(Wanted(march.product_id, "A", MARCH, 1))

    def test_months_of_two_sellers_go_together(self, march):
        other = SupplyFactory()

        hold(of(march, 1), of(other, 2))

        assert tonnes(march, other) == [(1, 0), (2, 0)]


class TestRevising:
    def test_a_revision_counts_what_it_held_before_as_free(self, march, april):
        hold(of(march, 8))
        hold(of(march, 9), of(april, 1), at=TUESDAY)

        assert tonnes(march, april) == [(9, 0), (1, 0)]
        assert holds() == [
            ("quote", "BG-1", 8, False),
            ("quote", "BG-1", 9, True),
            ("quote", "BG-1", 1, True),
        ]

    def test_what_a_revision_no_longer_names_is_given_back(self, march, april):
        hold(of(march, 8), of(april, 2))
        hold(of(april, 2), at=TUESDAY)

        assert tonnes(march, april) == [(0, 0), (2, 0)]

    def test_a_revision_that_is_too_much_leaves_the_one_before(self, march):
        hold(of(march, 8))

        with pytest.raises(SupplyShortError):
            hold(of(march, 11), at=TUESDAY)

        assert tonnes(march) == [(8, 0)]


class TestReleasing:
    def test_it_gives_everything_of_that_quote_back(self, march, april):
        hold(of(march, 3), of(april, 4))
        hold(of(march, 2), reference="BG-2")

        release_supply(purpose=QUOTE, reference="BG-1", at=TUESDAY)

        assert tonnes(march, april) == [(2, 0), (0, 0)]

    def test_twice_is_once(self, march):
        hold(of(march, 3))
        for _ in range(2):
            release_supply(purpose=QUOTE, reference="BG-1", at=TUESDAY)

        assert tonnes(march) == [(0, 0)]
        assert holds() == [("quote", "BG-1", 3, False)]

    def test_a_contract_of_the_same_number_stays(self, march):
        hold(of(march, 3))
        contract_supply(
            reference_of_quote="BG-1", reference="BG-1", wanted=[of(march, 2)], at=TUESDAY
        )

        release_supply(purpose=QUOTE, reference="BG-1", at=TUESDAY)

        assert tonnes(march) == [(0, 2)]


class TestContracting:
    def contract(self, *wanted):
        contract_supply(reference_of_quote="BG-1", reference="HD-1", wanted=wanted, at=TUESDAY)

    def test_exactly_the_award_is_promised_and_the_rest_of_the_quote_is_free(self, march, april):
        hold(of(march, 8), of(april, 5))

        self.contract(of(march, 6))

        assert tonnes(march, april) == [(0, 6), (0, 0)]
        assert holds() == [
            ("quote", "BG-1", 8, False),
            ("quote", "BG-1", 5, False),
            ("contract", "HD-1", 6, True),
        ]

    def test_twice_is_once(self, march):
        hold(of(march, 8))
        self.contract(of(march, 6))
        self.contract(of(march, 6))

        assert tonnes(march) == [(0, 6)]
        assert len(holds()) == 2

    def test_more_than_was_quoted_needs_so_much_free(self, march):
        hold(of(march, 4))
        hold(of(march, 5), reference="BG-2")

        with pytest.raises(SupplyShortError):
            self.contract(of(march, 6))
        assert tonnes(march) == [(9, 0)]

        self.contract(of(march, 5))
        assert tonnes(march) == [(5, 5)]

    def test_the_whole_month_can_be_promised(self, march):
        hold(of(march, 10))
        self.contract(of(march, 10))

        assert tonnes(march) == [(0, 10)]
        assert database.get_one(Supply, march.id).free_g == 0
