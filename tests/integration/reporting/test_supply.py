"""The supply book as it is read, and what a proposal is made of."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.permissions import NotAllowedError
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.supply import Cover, Holding, supply_book
from marketplace.reporting.supply_proposals import (
    Land,
    Source,
    propose,
    propose_forecast,
    rounded,
)
from marketplace.reporting.supply_report import supply_report
from models.accounts import Role
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.factories.supply import MARCH, SupplyFactory
from tests.factories.traceability import LotFactory
from tests.guards import recorded_statements
from tests.moments import MONDAY_DAY

TONNE = 1_000_000
NOVEMBER = date(2026, 11, 1)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def seller(session):
    return OrganisationFactory(short_name="HTX Hưng Lợi")


@pytest.fixture
def actor(seller):
    return member_of(seller, Role.WAREHOUSE)


def read(seller, actor, number=1, size=60):
    page = PageRequest(number, size)
    return supply_book(seller.id, viewer=actor, page=page, today=MONDAY_DAY)


class TestTheBook:
    def test_a_year_ahead_and_a_year_back(self, seller, actor):
        book = read(seller, actor)

        assert (book.coming[0], book.coming[-1]) == (NOVEMBER, date(2027, 10, 1))
        assert (book.past[0], book.past[-1]) == (date(2025, 11, 1), OCTOBER)
        assert book.page.rows == []

    def test_a_month_says_what_is_forecast_promised_held_and_free(self, seller, actor):
        product = ProductFactory(organisation=seller)
        SupplyFactory(product=product, held_g=2 * TONNE, contracted_g=3 * TONNE)

        [row] = read(seller, actor).page.rows

        march = row.coming[4]
        assert (march.month, march.forecast_g, march.held_g, march.contracted_g, march.free_g) == (
            MARCH, 10 * TONNE, 2 * TONNE, 3 * TONNE, 5 * TONNE,
        )  # fmt: skip
        assert [each.forecast_g for each in row.coming].count(0) == 11
        assert row.grades == {}

    def test_grades_add_up_and_are_kept_apart(self, seller, actor):
        product = ProductFactory(organisation=seller)
        SupplyFactory(product=product)
        SupplyFactory(product=product, grade="Loại 1", forecast_g=TONNE)

        [row] = read(seller, actor).page.rows

        assert row.coming[4].forecast_g == 11 * TONNE
        assert {grade: months[4].forecast_g for grade, months in row.grades.items()} == {
            "": 10 * TONNE,
            "Loại 1": TONNE,
        }

    def test_what_was_harvested_stands_in_its_month_beside_its_forecast(self, seller, actor):
        product = ProductFactory(organisation=seller)
        SupplyFactory(product=product, month=OCTOBER, forecast_g=TONNE)
        for day, grams in ((12, 300_000), (31, 400_000)):
            LotFactory(product=product, harvested_on=OCTOBER.replace(day=day), quantity_g=grams,
                       packed_on=None)  # fmt: skip
        LotFactory(product=product, harvested_on=NOVEMBER, packed_on=None, quantity_g=50_000)
        LotFactory(harvested_on=OCTOBER)

        [row] = read(seller, actor).page.rows

        assert (row.past[-1].forecast_g, row.past[-1].actual_g) == (TONNE, 700_000)
        assert (row.coming[0].forecast_g, row.coming[0].actual_g) == (0, 50_000)

    def test_archived_products_stand_there_while_they_are_forecast(self, seller, actor):
        kept = ProductFactory(organisation=seller, archived=True)
        SupplyFactory(product=kept)
        ProductFactory(organisation=seller, archived=True)
        draft = ProductFactory(organisation=seller, draft=True)

        found = {row.product_id for row in read(seller, actor).page.rows}

        assert found == {kept.id, draft.id}

    def test_pages_go_on(self, seller, actor):
        for _ in range(3):
            ProductFactory(organisation=seller)

        second = read(seller, actor, number=2, size=2)

        assert (len(second.page.rows), second.page.total) == (1, 3)

    def test_others_do_not_read_it(self, seller):
        with pytest.raises(NotAllowedError):
            read(seller, member_of(OrganisationFactory(), Role.DIRECTOR))

    def test_it_asks_four_times_however_long_it_is(self, seller, actor, session):
        def asked():
            with recorded_statements(session.connection()) as sent:
                read(seller, actor)
            return len(sent)

        for _ in range(2):
            SupplyFactory(product=ProductFactory(organisation=seller))
        few = asked()
        for _ in range(10):
            SupplyFactory(product=ProductFactory(organisation=seller))

        assert (few, asked()) == (4, 4)


class TestCertificates:
    @pytest.mark.parametrize(
        ("first", "last", "cover"),
        [
            (date(2026, 1, 1), None, Cover.WHOLE),
            (MARCH, date(2027, 3, 31), Cover.WHOLE),
            (date(2027, 3, 2), None, Cover.PART),
            (date(2026, 1, 1), date(2027, 3, 30), Cover.PART),
            (date(2026, 1, 1), date(2027, 2, 28), Cover.NONE),
            (date(2027, 4, 1), None, Cover.NONE),
        ],
    )
    def test_a_month_is_covered_whole_in_part_or_not(self, first, last, cover):
        assert Holding("VIETGAP_CROP", None, first, last).cover(MARCH) is cover

    def test_only_verified_ones_that_name_the_product_count(self, seller, actor):
        product = ProductFactory(organisation=seller)
        ends = {"valid_from": date(2025, 3, 16), "valid_to": date(2027, 3, 15)}
        CertificateFactory(organisation=seller, products=[product], **ends)
        CertificateFactory(organisation=seller, products=[product], waiting=True)
        CertificateFactory(organisation=seller)

        [row] = read(seller, actor).page.rows

        assert [holding.label("vi") for holding in row.holdings] == ["VietGAP"]
        covers = [row.covers[index] for index in (0, 4, 5)]
        assert covers == [Cover.WHOLE, Cover.PART, Cover.NONE]


class TestProposing:
    def test_the_same_month_of_earlier_years_is_the_first_to_ask(self):
        history = {date(2026, 3, 1): 12 * TONNE, date(2025, 3, 1): 9 * TONNE}

        each = propose(MARCH, "000000000000", history, None)

        assert (each.grams, each.source) == (10_500_000, Source.HISTORY)
        assert each.years == [(date(2026, 3, 1), 12 * TONNE), (date(2025, 3, 1), 9 * TONNE)]

    def test_a_year_without_that_month_counts_as_nothing_once_there_were_lots(self):
        history = {date(2025, 1, 1): TONNE, date(2026, 3, 1): 2 * TONNE}

        assert propose(MARCH, "003000000000", history, None).grams == TONNE

    def test_years_before_the_first_lot_do_not_count(self):
        history = {date(2025, 12, 1): TONNE, date(2026, 3, 1): 2 * TONNE}

        assert propose(MARCH, "003000000000", history, None).grams == 2 * TONNE

    def test_out_of_season_is_nothing(self):
        each = propose(MARCH, "300000000000", {}, None)
        assert (each.grams, each.source) == (0, Source.OUT_OF_SEASON)

    def test_the_land_speaks_where_there_is_no_history(self):
        land = Land(area_m2=30_000, crops=["Lúa"], harvest_g=6 * TONNE, harvest_m2=10_000, levels=4)

        each = propose(MARCH, "002000000000", {}, land)

        assert (each.grams, each.source) == (9 * TONNE, Source.LAND)

    def test_otherwise_nobody_can_say(self):
        each = propose(MARCH, "003000000000", {}, None)
        assert (each.grams, each.source) == (None, Source.UNKNOWN)

    @pytest.mark.parametrize(
        ("grams", "written"),
        [(499, 0), (12_345, 12_000), (1_234_567, 1_230_000), (12_345_678, 12_300_000)],
    )
    def test_a_proposal_is_as_precise_as_a_forecast_can_be(self, grams, written):
        assert rounded(grams) == written

    def test_from_lots_plots_and_promises_of_a_real_product(self, seller):
        product = ProductFactory(organisation=seller, season="000300000030")
        household = HouseholdFactory(organisation_id=seller.id)
        plots = [
            PlotFactory(
                organisation_id=seller.id,
                household_id=household.id,
                crop="Lúa",
                area_m2=None,
                declared_area_m2=10_000,
            )
            for _ in range(2)
        ]
        day = NOVEMBER - timedelta(days=1)
        LotFactory(product=product, plot_id=plots[0].id, harvested_on=day, quantity_g=3 * TONNE,
                   packed_on=None)  # fmt: skip

        found = propose_forecast(
            product,
            promised={MARCH: 2 * TONNE, date(2027, 1, 1): TONNE},
            viewer=member_of(seller, Role.SALES),
            today=MONDAY_DAY,
        )

        # October is out of season, so its level is none: the land cannot be reckoned with.
        assert found.land is None
        assert found.months[date(2027, 10, 1)].grams == 3 * TONNE
        assert (found.months[MARCH].grams, found.months[MARCH].is_raised) == (2 * TONNE, True)
        assert found.months[date(2027, 4, 1)].source is Source.UNKNOWN

        product.season = "000300000230"
        again = propose_forecast(
            product, promised={}, viewer=member_of(seller, Role.SALES), today=MONDAY_DAY
        )
        assert again.land == Land(20_000, ["Lúa"], 3 * TONNE, 10_000, 2)
        assert again.months[date(2027, 4, 1)].grams == 9 * TONNE

    def test_who_only_looks_gets_none(self, seller, actor):
        product = ProductFactory(organisation=seller)

        with pytest.raises(NotAllowedError):
            propose_forecast(product, promised={}, viewer=actor, today=MONDAY_DAY)


class TestTheFile:
    def test_it_has_every_month_of_every_product(self, seller, actor):
        first, second = (ProductFactory(organisation=seller) for _ in range(2))
        SupplyFactory(product=first, held_g=TONNE)
        SupplyFactory(product=second, grade="Loại 1")

        report = supply_report(seller.id, owner="HTX", viewer=actor, today=MONDAY_DAY)

        coming, grades, past = report.tables
        assert [len(table.rows) for table in report.tables] == [24, 12, 24]
        assert list(coming.rows[4].cells)[1:6] == [MARCH, 10 * TONNE, 0, TONNE, 9 * TONNE]
        assert list(grades.rows[4].cells)[:3] == [second.name_vi, "Loại 1", MARCH]
        assert past.rows[0].cells[1] == date(2025, 11, 1)
