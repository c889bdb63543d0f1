"""Plots and growing areas."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.membership import errors, operations, queries
from marketplace.membership.land.shapes import read_shape
from marketplace.membership.operations import AreaFacts, PlotFacts
from marketplace.platform.pagination import PageRequest
from marketplace.traceability.queries import harvested_by_area
from models.accounts import Role
from models.membership import AreaMarket, GrowingArea, GrowingAreaPlot, Plot
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.membership import GrowingAreaFactory, HouseholdFactory, PlotFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

SHAPE = read_shape(
    '{"type":"Polygon","coordinates":[[[108.0500001,12.7000001],[108.0521001,12.7000001],'
    "[108.0521001,12.7021001],[108.0500001,12.7021001]]]}"
)


@pytest.fixture
def htx():
    return OrganisationFactory()


@pytest.fixture
def keeper(htx):
    return member_of(htx, Role.WAREHOUSE)


@pytest.fixture
def member(htx):
    return HouseholdFactory(organisation=htx, code="TV-0001", commune_code="24133")


def facts(htx, **changes):
    base = PlotFacts(
        organisation_id=htx.id, owner_code="tv-0001", code="th-1", crop=" Cà  phê ", shape=SHAPE
    )
    return replace(base, **changes)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestPlots:
    def test_are_written_down_where_their_member_lives(self, session, htx, keeper, member):
        plots = [
            operations.add_plot(actor=keeper, facts=facts(htx), at=at) for at in (MONDAY, TUESDAY)
        ]

        assert plots[0].id == plots[1].id
        made = plots[0]
        assert (made.code, made.crop, made.area_m2) == ("TH-1", "Cà phê", 52_989)
        assert (made.province_code, made.commune_code) == ("66", "24133")
        [event] = session.scalars(select(AuditEvent))
        assert event.after == {"code": "TH-1", "area_m2": 52_989}

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"crop": " "}, errors.CropMissingError),
            ({"owner_code": "KHONG"}, errors.PlotOwnerMissingError),
            ({"code": "a b"}, errors.MemberCodeInvalidError),
            ({"declared_area_m2": 0}, errors.AreaOfLandInvalidError),
            ({"declared_area_m2": 100_000_001}, errors.AreaOfLandInvalidError),
        ],
    )
    def test_what_is_wrong_is_refused(self, htx, keeper, member, changes, error):
        with pytest.raises(error):
            operations.add_plot(actor=keeper, facts=facts(htx, **changes), at=MONDAY)

        assert queries.plots_of_member(member.id, organisation_id=htx.id, viewer=keeper) == []

    def test_who_has_left_or_is_elsewhere_farms_nothing_here(self, htx, keeper):
        HouseholdFactory(organisation=htx, code="X1", gone=True)
        HouseholdFactory(code="X2")

        for code in ("X1", "X2"):
            with pytest.raises(errors.PlotOwnerMissingError):
                operations.add_plot(actor=keeper, facts=facts(htx, owner_code=code), at=MONDAY)

    def test_a_code_stands_for_one_plot(self, session, htx, keeper, member):
        operations.add_plot(actor=keeper, facts=facts(htx), at=MONDAY)
        other = operations.add_plot(actor=keeper, facts=facts(htx, code="TH-2"), at=MONDAY)

        with pytest.raises(errors.PlotCodeTakenError):
            operations.add_plot(actor=keeper, facts=facts(htx, crop="Tiêu"), at=MONDAY)
        with pytest.raises(errors.PlotCodeTakenError):
            operations.edit_plot(actor=keeper, plot_id=other.id, facts=facts(htx), at=MONDAY)
        assert count(session, Plot) == 2

    def test_are_corrected_retired_and_used_again(self, session, htx, keeper, member):
        made = operations.add_plot(actor=keeper, facts=facts(htx), at=MONDAY)

        for _ in range(2):
            operations.edit_plot(
                actor=keeper, plot_id=made.id, facts=facts(htx, shape=None), at=MONDAY
            )
        assert (made.geometry, made.area_m2) == (None, None)
        for _ in range(2):
            operations.retire_plot(actor=keeper, plot_id=made.id, at=MONDAY)
        assert made.retired_on == MONDAY_DAY
        operations.return_plot(actor=keeper, plot_id=made.id, at=MONDAY)
        assert made.retired_on is None
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
        assert [each.rpartition(".")[2] for each in actions] == [
            "add_plot",
            "edit_plot",
            "retire_plot",
            "return_plot",
        ]

    def test_are_refused_to_others(self, htx, member):
        plot = PlotFactory(household=member)
        for actor in (member_of(htx, Role.ACCOUNTANT), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                operations.add_plot(actor=actor, facts=facts(htx), at=MONDAY)
            with pytest.raises(NotAllowedError):
                operations.edit_plot(actor=actor, plot_id=plot.id, facts=facts(htx), at=MONDAY)
            with pytest.raises(NotAllowedError):
                operations.retire_plot(actor=actor, plot_id=plot.id, at=MONDAY)
        with pytest.raises(NotAllowedError):
            queries.plot_book(htx.id, viewer=member_of(htx, Role.SALES), page=PageRequest())
        with pytest.raises(errors.PlotNotFoundError):
            queries.get_plot("KHONG", organisation_id=htx.id, viewer=member_of(htx))

        assert plot.retired_on is None

    def test_the_book_counts_what_is_in_use(self, htx, keeper, member):
        drawn = PlotFactory(household=member, code="A")
        bare = PlotFactory(
            household=member, code="B", geometry=None, area_m2=None, declared_area_m2=5_000
        )
        PlotFactory(household=member, code="C", retired_on=MONDAY_DAY)
        PlotFactory()

        book = queries.plot_book(htx.id, viewer=keeper, page=PageRequest())
        found = queries.plot_book(htx.id, viewer=keeper, page=PageRequest(), text="b")

        assert [row.code for row in book.page.rows] == ["A", "B", "C"]
        assert (book.total_m2, book.drawn, book.in_use) == (14_733, 1, 2)
        assert {row.code for row in found.page.rows} >= {"B"}
        assert queries.shapes_around(htx.id) == [drawn.geometry]
        assert queries.shapes_around(htx.id, but=drawn.id) == []
        assert bare.geometry is None


def area(htx, **changes):
    base = AreaFacts(
        organisation_id=htx.id,
        code="vn-dlor-0123",
        market=AreaMarket.EXPORT,
        country="cn",
        crop="Sầu riêng",
        valid_from=date(2025, 1, 1),
        capacity_kg=12_000,
    )
    return replace(base, **changes)


class TestGrowingAreas:
    def test_bind_a_code_to_plots_once(self, session, htx, keeper, member):
        PlotFactory(household=member, code="A")
        PlotFactory(household=member, code="B", area_m2=None, declared_area_m2=2_000)

        for _ in range(2):
            operations.add_area(
                actor=keeper, facts=area(htx, plot_codes=["a", " B ", ""]), at=MONDAY
            )

        [row] = queries.areas_of(htx.id, viewer=keeper)
        assert (row.code, row.country, row.plot_count, row.plots_m2) == (
            "VN-DLOR-0123",
            "CN",
            2,
            11_733,
        )
        assert count(session, GrowingAreaPlot) == 2

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code": " "}, errors.GrowingAreaCodeMissingError),
            ({"code": "A" * 41}, errors.GrowingAreaCodeMissingError),
            ({"crop": ""}, errors.CropMissingError),
            ({"country": ""}, errors.CountryUnknownError),
            ({"country": "VN"}, errors.CountryUnknownError),
            ({"country": "C1"}, errors.CountryUnknownError),
            ({"valid_to": date(2024, 12, 31)}, errors.AreaEndsBeforeItBeginsError),
            ({"area_m2": 0}, errors.AreaOfLandInvalidError),
            ({"capacity_kg": 0}, errors.CapacityInvalidError),
            ({"capacity_kg": 10**9 + 1}, errors.CapacityInvalidError),
            ({"plot_codes": ["KHONG"]}, errors.UnknownPlotsError),
        ],
    )
    def test_what_is_wrong_is_refused(self, session, htx, keeper, changes, error):
        with pytest.raises(error):
            operations.add_area(actor=keeper, facts=area(htx, **changes), at=MONDAY)

        assert count(session, GrowingArea) == 0

    def test_a_code_is_one_for_each_market(self, htx, keeper):
        operations.add_area(actor=keeper, facts=area(htx), at=MONDAY)
        home = operations.add_area(
            actor=keeper, facts=area(htx, market=AreaMarket.DOMESTIC), at=MONDAY
        )

        assert home.country == "VN"
        with pytest.raises(errors.GrowingAreaCodeTakenError):
            operations.add_area(actor=keeper, facts=area(htx, crop="Chuối"), at=MONDAY)
        with pytest.raises(errors.GrowingAreaCodeTakenError):
            operations.edit_area(actor=keeper, area_id=home.id, facts=area(htx), at=MONDAY)

    def test_is_corrected_and_the_same_again_changes_nothing(self, session, htx, keeper, member):
        made = operations.add_area(actor=keeper, facts=area(htx), at=MONDAY)
        PlotFactory(household=member, code="A")

        for _ in range(2):
            operations.edit_area(
                actor=keeper,
                area_id=made.id,
                facts=area(htx, crop="Chuối", plot_codes=["A"]),
                at=TUESDAY,
            )

        found, codes = queries.get_area(made.id, organisation_id=htx.id, viewer=keeper)
        assert (found.crop, codes) == ("Chuối", ["A"])
        assert count(session, AuditEvent) == 2

    def test_plots_of_others_are_unknown(self, htx, keeper):
        PlotFactory(code="A")

        with pytest.raises(errors.UnknownPlotsError):
            operations.add_area(actor=keeper, facts=area(htx, plot_codes=["A"]), at=MONDAY)

    def test_is_refused_to_others(self, htx):
        made = GrowingAreaFactory(organisation=htx)
        for actor in (member_of(htx, Role.ACCOUNTANT), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                operations.add_area(actor=actor, facts=area(htx), at=MONDAY)
            with pytest.raises(NotAllowedError):
                operations.edit_area(actor=actor, area_id=made.id, facts=area(htx), at=MONDAY)
        stranger = OrganisationFactory()
        with pytest.raises(errors.GrowingAreaNotFoundError):
            queries.get_area(made.id, organisation_id=stranger.id, viewer=member_of(stranger))

        assert made.crop == "Cà phê"

    def test_what_was_harvested_under_a_code_is_summed(self, htx):
        product = ProductFactory(organisation=htx)
        for code, day in (("vn-1", MONDAY_DAY), ("VN-1", MONDAY_DAY), ("VN-1", date(2024, 1, 1))):
            LotFactory(
                product=product,
                growing_area_code=code,
                harvested_on=day,
                packed_on=None,
                best_before_on=None,
                quantity_g=1_000,
            )
        LotFactory(growing_area_code="VN-1")
        LotFactory(product=product, growing_area_code="")

        assert harvested_by_area(htx.id, since=date(2026, 1, 1)) == {"VN-1": 2_000}
