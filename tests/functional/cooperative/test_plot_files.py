"""Bringing plots in as GeoJSON, taking them away, and asking where somebody stands."""

import io
import json

import pytest
from sqlalchemy import func, select

from marketplace.jobs import membership as jobs
from marketplace.membership.files import features
from models.accounts import Role
from models.membership import ImportKind, Plot, RegisterImport
from tests.factories.accounts import MembershipFactory
from tests.factories.membership import HouseholdFactory, ImportFactory, PlotFactory

HERE = "/quay/CUMGAR/thua-dat/nhap"
BOOK = "/quay/CUMGAR/thua-dat.geojson"
RING = [[108.0500001, 12.7], [108.0521001, 12.7], [108.0521001, 12.7021], [108.05, 12.7021]]


def feature(ring=RING, **said):
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "properties": said, "geometry": shape}


def file_of(*features_):
    return json.dumps({"type": "FeatureCollection", "features": features_}).encode()


FILE = file_of(feature(ma_thua="TH-7", ma_thanh_vien="TV-0001", cay_trong="Cà phê", mau="đỏ"))


def send(browser, data=FILE, prefix=""):
    return browser.post(prefix + HERE, data={"file": (io.BytesIO(data), "thửa.geojson")})


def test_a_file_is_sent_read_looked_at_and_written(session, desk, member):
    browser = desk(Role.WAREHOUSE)
    assert "ma_thanh_vien" in browser.get(HERE).text

    sent = send(browser)
    [known] = session.scalars(select(RegisterImport))
    assert sent.location == f"{HERE}/{known.id}"
    waiting = browser.get(sent.location).text
    assert 'hx-trigger="every 1s"' in waiting
    jobs.read_plots(import_id=known.id)
    checked = browser.get(sent.location).text
    assert "Không dùng các mục: mau." in checked
    assert "1 hình: Toạ độ có ít hơn 6 số lẻ" in checked
    assert session.scalar(select(Plot)) is None
    assert browser.post(f"{sent.location}/ghi").location == sent.location
    assert "hoặc không thửa nào" in browser.get(sent.location).text
    jobs.write_plots(import_id=known.id)

    assert "Đã ghi xong vào sổ." in browser.get(sent.location).text
    assert "thửa.geojson" in browser.get(HERE).text
    assert "thửa.geojson" not in desk().get("/quay/CUMGAR/thanh-vien/nhap").text
    [plot] = session.scalars(select(Plot))
    assert (plot.code, plot.household_id) == ("TH-7", member.id)


def test_every_mistake_is_shown_with_its_shape_in_both_languages(session, desk, member):
    browser = desk()
    swapped = [[north, east] for east, north in RING]
    sent = send(browser, file_of(feature(plot="A 1"), feature(swapped, crop="<b>" * 40)))
    jobs.read_plots(import_id=session.scalar(select(RegisterImport.id)))

    page = browser.get(sent.location).text
    english = browser.get(f"/en{sent.location}").text

    assert "Số chỗ cần sửa: 3." in page
    assert "Kinh độ và vĩ độ bị đổi chỗ." in page
    assert "&lt;b&gt;" in page
    assert "Longitude and latitude" in english
    assert f"{sent.location}/ghi" not in page


@pytest.mark.parametrize("data", [b"", b"  ", b"%PDF-1.7 x", b"[1]", b"{" + b"x" * 300])
def test_what_is_no_geojson_is_refused_at_the_field(session, desk, monkeypatch, data):
    monkeypatch.setattr(features, "MAX_BYTES", 200)

    answer = send(desk(), data)

    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    assert session.scalar(select(RegisterImport)) is None


def test_is_discarded_and_then_no_longer_written(session, desk, htx):
    known = ImportFactory(organisation=htx, kind=ImportKind.PLOTS)
    browser = desk()

    assert browser.post(f"{HERE}/{known.id}/bo").location == HERE
    assert "Thửa đất trong sổ không thay đổi." in browser.get(HERE).text
    browser.post(f"{HERE}/{known.id}/ghi")

    page = browser.get(f"{HERE}/{known.id}").text
    assert "Lần nhập này không còn ghi được nữa." in page
    assert "Tệp này đã bỏ" in page


def test_is_closed_to_others_and_apart_from_files_of_members(desk, htx, login):
    plots = ImportFactory(organisation=htx, kind=ImportKind.PLOTS)
    members, foreign = ImportFactory(organisation=htx), ImportFactory(kind=ImportKind.PLOTS)
    keeper = desk(Role.WAREHOUSE)
    for known in (members, foreign):
        assert keeper.get(f"{HERE}/{known.id}").status_code == 404
        assert keeper.post(f"{HERE}/{known.id}/ghi").status_code == 404
    assert desk().get(f"/quay/CUMGAR/thanh-vien/nhap/{plots.id}").status_code == 404
    reader = desk(Role.ACCOUNTANT)
    for address in (HERE, f"{HERE}/{plots.id}", f"{HERE}/mau.geojson", BOOK):
        assert reader.get(address).status_code == 403
    assert reader.post(f"{HERE}/{plots.id}/ghi").status_code == 403
    assert "thua-dat.geojson" not in reader.get("/quay/CUMGAR/thua-dat").text
    stranger = login(MembershipFactory().user)
    assert (stranger.get(HERE).status_code, stranger.get(BOOK).status_code) == (404, 404)


def test_all_plots_are_taken_away_and_brought_back_unchanged(session, desk, htx, member):
    PlotFactory(household=member, code="A1", commune_code=None)
    gone = HouseholdFactory(organisation=htx, code="TV-9", gone=True)
    PlotFactory(household=gone, code="A2", geometry=None, area_m2=None, retired_on=gone.left_on)
    PlotFactory(code="B1", crop="Của người khác")
    browser = desk(Role.WAREHOUSE)
    assert "thua-dat.geojson" in browser.get("/quay/CUMGAR/thua-dat").text

    book, english = browser.get(BOOK), browser.get(f"/en{BOOK}")

    assert book.mimetype == "application/geo+json"
    assert "attachment" in book.headers["Content-Disposition"]
    drawn, bare = json.loads(book.data)["features"]
    assert drawn["properties"] == {
        "ma_thua": "A1",
        "ma_thanh_vien": "TV-0001",
        "ten_thanh_vien": "Y Blơm Niê",
        "cay_trong": "Cà phê",
        "dien_tich_giay_to_ha": 1.0,
        "dien_tich_do_ha": 0.9733,
        "tinh": "Đắk Lắk",
        "xa": None,
        "thoi_dung_tu": None,
    }
    assert drawn["geometry"]["type"] == "Polygon"
    assert (bare["geometry"], bare["properties"]["thoi_dung_tu"]) == (None, "2026-01-31")
    assert json.loads(english.data)["features"][0]["properties"]["member_code"] == "TV-0001"
    for data in (book.data, english.data):
        sent = send(browser, data)
        known = session.get(RegisterImport, int(sent.location.rpartition("/")[2]))
        jobs.read_plots(import_id=known.id)
        session.refresh(known)
        assert (known.problems, known.state) == ([], "checked")
        assert (known.new_count, known.changed_count, known.same_count) == (0, 0, 2)
        assert list(known.unknown_columns) == []


def test_the_sample_is_read_as_it_is(session, desk, htx, member):
    HouseholdFactory(organisation=htx, code="TV-0002")
    browser = desk()
    data = browser.get(f"{HERE}/mau.geojson").data

    known = session.get(RegisterImport, int(send(browser, data).location.rpartition("/")[2]))
    jobs.read_plots(import_id=known.id)

    session.refresh(known)
    assert (known.state, known.new_count) == ("checked", 2)
    assert session.scalar(select(func.count()).select_from(Plot)) == 0


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_only_the_drawing_page_may_ask_where_somebody_stands(desk, member, prefix):
    PlotFactory(household=member, code="A1")
    browser, book = desk(Role.WAREHOUSE), f"{prefix}/quay/CUMGAR/thua-dat"
    refused = browser.post(f"{book}/moi", data={})
    drawing = [browser.get(f"{book}/moi"), browser.get(f"{book}/A1/sua"), refused]
    others = [browser.get(each) for each in (book, f"{book}/A1", f"{prefix}{HERE}", prefix or "/")]

    for answer in drawing:
        policy = answer.headers.getlist("Permissions-Policy")
        assert policy == ["camera=(), geolocation=(self), microphone=(), payment=()"]
        assert 'data-act="here"' in answer.text
    for answer in others:
        policy = answer.headers.getlist("Permissions-Policy")
        assert policy == ["camera=(), geolocation=(), microphone=(), payment=()"]
        assert 'data-act="here"' not in answer.text
