"""Bringing a file of plots in."""

import json
import time

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.jobs import membership as jobs
from marketplace.membership import errors, operations, queries
from marketplace.membership.files import features
from marketplace.membership.land import shapes
from marketplace.membership.operations import importing, plot_files
from models.accounts import Role
from models.membership import (
    Household,
    ImportKind,
    ImportState,
    Plot,
    RegisterImport,
    RegisterImportRow,
)
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


def square(east=108.0500001, north=12.7000001, side=0.001):
    ring = [[east, north], [east + side, north], [east + side, north + side], [east, north + side]]
    ring = [[round(x, 7), round(y, 7)] for x, y in ring]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def feature(geometry=None, **said):
    return {"type": "Feature", "properties": said, "geometry": geometry}


def point(east=108.0512345, north=12.7012345):
    return {"type": "Point", "coordinates": [east, north]}


def of_member(geometry=None, owner="TV-0001", crop="Cà phê", **said):
    shape = geometry or square()
    return feature(shape, ma_thanh_vien=owner, cay_trong=crop, **said)


def file_of(*all_features):
    return json.dumps({"type": "FeatureCollection", "features": all_features}).encode()


@pytest.fixture
def htx():
    htx = OrganisationFactory()
    HouseholdFactory(organisation=htx, code="TV-0001", name="Y Blơm Niê", commune_code="24211")
    HouseholdFactory(organisation=htx, code="TV-0002", name="Lê An")
    HouseholdFactory(organisation=htx, code="TV-0003", name="Lê Ân", gone=True)
    HouseholdFactory(organisation=htx, code="TV-0004", name="Đỗ Ưng")
    HouseholdFactory(organisation=htx, code="TV-0005", name="Đỗ Ưng")
    return htx


@pytest.fixture
def keeper(htx):
    return member_of(htx, Role.WAREHOUSE)


def bring(htx, actor, data, name="thua.geojson"):
    """Bring a file in and have it read."""
    begun = importing.begin_import(
        actor=actor,
        organisation_id=htx.id,
        data=data,
        name=name,
        kind=ImportKind.PLOTS,
        at=MONDAY,
    )
    jobs.read_plots(import_id=begun.id)
    return begun


def write(known, actor):
    importing.confirm_import(actor=actor, import_id=known.id, at=MONDAY)
    jobs.write_plots(import_id=known.id)
    return known


def seen(known, htx, actor):
    return queries.get_import(known.id, organisation_id=htx.id, viewer=actor, kind=ImportKind.PLOTS)


def problems(htx, actor, *all_features):
    """(number, place, what stands there, what is wrong) of a file that is refused."""
    known = seen(bring(htx, actor, file_of(*all_features)), htx, actor)
    assert known.state == ImportState.FAULTY
    assert known.problem_count == len(known.problems)
    names = ("line", "column", "found", "expected")
    return [tuple(each[name] for name in names) for each in known.problems]


def plots(session, htx):
    found = session.scalars(select(Plot).where(Plot.organisation_id == htx.id).order_by(Plot.code))
    return {plot.code: plot for plot in found}


class TestWriting:
    def test_new_plots_get_codes_of_their_own_and_lie_where_their_member_lives(
        self, session, htx, keeper
    ):
        PlotFactory(household=session.scalar(select(Household)), code="TH-0003")
        data = file_of(
            of_member(ma_thua="a.1", dien_tich_giay_to_ha="1,25"),
            of_member(square(108.1), owner="tv-0002", crop=" Hồ   tiêu "),
            feature(point(), member_name="y blom nie", crop="Lúa", plot_code="TH-0004"),
            feature({"type": "MultiPolygon", "coordinates": [
                square(108.2)["coordinates"], square(108.3)["coordinates"]]},
                owner_code="TV-0004", Crop="Cá tra", declared_area_ha=2),
        )  # fmt: skip

        known = bring(htx, keeper, data)

        told = seen(known, htx, keeper)
        assert (told.state, told.new_count, told.row_count, told.read_count) == ("checked", 4, 4, 4)
        assert queries.warnings_of(known.id) == [(shapes.COARSE, 2)]
        assert list(plots(session, htx)) == ["TH-0003"]
        write(known, keeper)
        made = plots(session, htx)
        assert list(made) == ["A.1", "TH-0003", "TH-0004", "TH-0005", "TH-0006"]
        first, pepper, rice, fish = (made[x] for x in ("A.1", "TH-0005", "TH-0004", "TH-0006"))
        assert (first.geometry, first.declared_area_m2) == (square(), 12_500)
        assert first.area_m2 == shapes.read_shape(json.dumps(square())).area_m2
        assert (first.province_code, first.commune_code) == ("66", "24211")
        assert (pepper.crop, rice.area_m2, rice.geometry) == ("Hồ tiêu", None, point())
        assert (fish.geometry["type"], fish.declared_area_m2) == ("MultiPolygon", 20_000)
        assert first.created_by_id == keeper.user_id
        assert session.scalar(select(func.count()).select_from(RegisterImportRow)) == 0
        [event] = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "membership.write_plots")
        )
        assert event.after == {"new": 4, "changed": 0, "same": 0}

    def test_sent_again_with_or_without_codes_it_adds_nothing(self, session, htx, keeper):
        data = file_of(of_member(), of_member(square(108.1), ma_thua="B"), of_member(point()))
        write(bring(htx, keeper, data), keeper)
        before = list(plots(session, htx))

        again = bring(htx, keeper, data)

        told = seen(again, htx, keeper)
        assert (told.new_count, told.changed_count, told.same_count) == (0, 0, 3)
        write(again, keeper)
        assert list(plots(session, htx)) == before == ["B", "TH-0001", "TH-0002"]

    def test_a_known_plot_is_changed_in_what_the_file_says_and_nothing_else(
        self, session, htx, keeper
    ):
        write(bring(htx, keeper, file_of(of_member(ma_thua="A", declared_ha=3))), keeper)

        write(bring(htx, keeper, file_of(feature(square(108.4), ma_thua="A"))), keeper)
        write(bring(htx, keeper, file_of(feature(None, ma_thua="A", member="TV-0002"))), keeper)

        [plot] = plots(session, htx).values()
        session.refresh(plot)
        assert (plot.crop, plot.declared_area_m2, plot.geometry) == (
            "Cà phê", 30_000, square(108.4),
        )  # fmt: skip
        owner = session.get(Household, plot.household_id)
        assert owner.code == "TV-0002"

    def test_a_plot_that_moves_is_not_taken_for_the_one_that_comes_in_its_place(
        self, session, htx, keeper
    ):
        write(bring(htx, keeper, file_of(of_member(point(), ma_thua="A"))), keeper)

        moved = of_member(square(), ma_thua="A"), of_member(point(), crop="Lúa")
        write(bring(htx, keeper, file_of(*moved)), keeper)

        session.expire_all()
        kept = {code: (plot.crop, plot.geometry) for code, plot in plots(session, htx).items()}
        assert kept == {"A": ("Cà phê", square()), "TH-0001": ("Lúa", point())}

    def test_a_member_who_leaves_meanwhile_stops_the_whole_file(self, session, htx, keeper):
        known = bring(htx, keeper, file_of(of_member(), of_member(square(108.1), owner="TV-0002")))
        leaver = session.scalar(select(Household).where(Household.code == "TV-0002"))
        operations.leave(
            actor=member_of(htx), member_id=leaver.id, left_on=leaver.joined_on, at=MONDAY
        )

        write(known, keeper)

        told = seen(known, htx, keeper)
        assert (told.state, told.problem_count) == ("faulty", 1)
        assert told.problems[0]["expected"] == plot_files.NO_SUCH_MEMBER
        assert plots(session, htx) == {}
        jobs.write_plots(import_id=known.id)
        assert seen(known, htx, keeper).state == "faulty"

    def test_two_thousand_plots_take_seconds(self, session, htx, keeper):
        ring = [[0, 0], [4, 0], [8, 1], [9, 4], [8, 8], [4, 9], [1, 8], [0, 4]]
        every = []
        for number in range(2_000):
            east, north = 108 + number % 50 / 400, 12 + number // 50 / 400
            corners = [[round(east + x / 1e4, 7), round(north + y / 1e4, 7)] for x, y in ring]
            shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
            every.append(of_member(shape, ma_thua=f"TH-{number + 1:04d}"))
        data = file_of(*every)
        began = time.perf_counter()

        write(bring(htx, keeper, data), keeper)

        assert time.perf_counter() - began < 15
        assert len(plots(session, htx)) == 2_000


class TestRefusing:
    def test_every_feature_that_is_wrong_is_named_with_its_reason(self, session, htx, keeper):
        bow_tie = square()
        bow_tie["coordinates"][0][1:3] = bow_tie["coordinates"][0][2:0:-1]
        swapped = point(12.7012345, 108.0512345)

        found = problems(
            htx,
            keeper,
            of_member(square(108.5)),
            of_member(bow_tie, ma_thua="A"),
            of_member(swapped),
            of_member(point(100.5, 13.7)),
            of_member(point(812345.6, 1405432.1)),
            of_member({"type": "LineString", "coordinates": [[108, 12], [108.1, 12]]}),
            of_member({"type": "Polygon", "coordinates": [[[108, 12], [108.1, 12], [108, 12]]]}),
            feature(point(), ma_thua="có dấu", cay_trong="x" * 81, dien_tich_giay_to_ha="0"),
            {"type": "Fature"},
            "x",
            feature([1], ma_thua="B"),
        )

        assert found == [
            (2, "Hình", "A", shapes.CROSSES),
            (3, "Hình", "", shapes.SWAPPED),
            (4, "Hình", "", shapes.OUTSIDE),
            (5, "Hình", "", shapes.METRES),
            (6, "Hình", "", shapes.NOT_THIS_KIND),
            (7, "Hình", "", shapes.TOO_FEW),
            (8, "ma_thua", "có dấu", features.BAD_CODE),
            (8, "cay_trong", "x" * 80, features.LONG_CROP),
            (8, "dien_tich_giay_to_ha", "0", features.BAD_AREA),
            (9, "Hình", "", features.NO_FEATURE),
            (10, "Hình", "", features.NO_FEATURE),
            (11, "Hình", "B", features.NOT_ONE_SHAPE),
        ]
        assert plots(session, htx) == {}

    def test_the_same_plot_twice_in_a_file_is_refused(self, htx, keeper):
        found = problems(
            htx,
            keeper,
            of_member(ma_thua="A"),
            of_member(square(108.1), ma_thua="a"),
            of_member(ma_thua="B"),
            of_member(point()),
            of_member(point()),
            of_member(point(), ma_thua="C"),
        )

        assert found == [
            (2, "ma_thua", "A", features.CODE_TWICE),
            (3, "Hình", "B", features.SHAPE_TWICE),
            (5, "Hình", "", features.SHAPE_TWICE),
        ]

    def test_what_the_register_does_not_know_is_said(self, session, htx, keeper):
        write(bring(htx, keeper, file_of(of_member(ma_thua="A"))), keeper)
        foreign = PlotFactory(code="B").household_id

        found = problems(
            htx,
            keeper,
            of_member(square(108.1), owner="TV-9"),
            of_member(square(108.2), owner="TV-0003"),
            feature(square(108.3), crop="Lúa", name="Đỗ Ưng"),
            feature(square(108.4), crop="Lúa", name="Nguyễn Văn Không"),
            feature(square(108.5), crop="Lúa"),
            feature(square(108.6), member="TV-0001", plot="B"),
            feature(None, member="TV-0001", crop="Lúa", plot="C"),
            of_member(ma_thua="D"),
        )

        assert foreign
        assert found == [
            (1, "ma_thanh_vien", "TV-9", plot_files.NO_SUCH_MEMBER),
            (2, "ma_thanh_vien", "TV-0003", plot_files.NO_SUCH_MEMBER),
            (3, "ten_thanh_vien", "Đỗ Ưng", plot_files.NAME_OF_SEVERAL),
            (4, "ten_thanh_vien", "Nguyễn Văn Không", plot_files.NO_SUCH_NAME),
            (5, "ma_thanh_vien", "", plot_files.WHOSE),
            (6, "cay_trong", "B", plot_files.WHAT),
            (7, "Hình", "C", plot_files.WHERE),
            (8, "Hình", "A", plot_files.KNOWN_SHAPE),
        ]

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"{", errors.NotAFileOfPlotsError),
            (b'{"type":"FeatureCollection"}', errors.NotAFileOfPlotsError),
            ('{"a":"ư"}'.encode("utf-16-le"), errors.NotAFileOfPlotsError),
            (b'{"a":' * 50_000, errors.NotAFileOfPlotsError),
            (b'{"features":[]}', errors.PlotFileEmptyError),
            (b'{"features":[' + b"1," * 5_000 + b"1]}", errors.PlotFileTooLargeError),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, htx, keeper, data, error):
        known = seen(bring(htx, keeper, data), htx, keeper)

        assert known.state == "faulty"
        assert [each["expected"] for each in known.problems] == [error.message]

    def test_a_single_feature_and_a_byte_order_mark_are_read(self, htx, keeper):
        data = b"\xef\xbb\xbf" + json.dumps(of_member()).encode()

        assert seen(bring(htx, keeper, data), htx, keeper).state == "checked"

    def test_a_file_of_plots_is_for_those_who_keep_plots(self, session, htx, keeper):
        known = bring(htx, keeper, file_of(of_member()))
        counting = member_of(htx, Role.ACCOUNTANT)
        for act in (importing.confirm_import, importing.discard_import):
            with pytest.raises(NotAllowedError):
                act(actor=counting, import_id=known.id, at=TUESDAY)
        with pytest.raises(NotAllowedError):
            bring(htx, counting, file_of(of_member()))
        with pytest.raises(NotAllowedError):
            queries.all_plots(htx.id, viewer=counting)
        with pytest.raises(errors.ImportNotFoundError):
            queries.get_import(known.id, organisation_id=htx.id, viewer=member_of(htx))
        assert session.get(RegisterImport, known.id).state == "checked"

    def test_the_same_bytes_under_way_are_taken_once(self, htx, keeper):
        data = file_of(of_member())

        assert bring(htx, keeper, data).id == bring(htx, keeper, data).id


def test_a_worker_that_died_while_reading_begins_again(session, htx, keeper):
    known = importing.begin_import(
        actor=keeper,
        organisation_id=htx.id,
        data=file_of(of_member()),
        name="x",
        kind=ImportKind.PLOTS,
        at=MONDAY,
    )
    importing.begin_reading(import_id=known.id, row_count=1, unknown_columns=())
    importing.keep_rows(import_id=known.id, rows=[(1, {"code": "CU"})], problems=())

    jobs.read_plots(import_id=known.id)
    jobs.read_plots(import_id=known.id)

    assert seen(known, htx, keeper).new_count == 1
    rows = session.scalars(select(RegisterImportRow.facts)).all()
    assert [facts["crop"] for facts in rows] == ["Cà phê"]
