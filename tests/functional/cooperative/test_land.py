"""The pages of plots and growing areas."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from models.membership import GrowingArea, Plot
from tests.factories.accounts import MembershipFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.membership import GrowingAreaFactory, PlotFactory
from tests.factories.traceability import LotFactory

HERE = "/quay/CUMGAR/thua-dat"
AREAS = "/quay/CUMGAR/vung-trong"
SHAPE = (
    '{"type":"Polygon","coordinates":[[[108.05,12.7],[108.0521,12.7],[108.0521,12.7021],'
    "[108.05,12.7021],[108.05,12.7]]]}"
)
TWO_CORNERS = '{"type":"Polygon","coordinates":[[[108.05,12.7],[108.0521,12.7],[108.05,12.7]]]}'


def typed(**changes):
    return {
        "owner_code": "TV-0001",
        "crop": "Cà phê",
        "declared_area": "5,3",
        "province_code": "66",
        "commune_code": "",
        "shape": SHAPE,
        "code": "TH-0001",
        **changes,
    }


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.WAREHOUSE, Role.ACCOUNTANT])
def test_are_read_by_those_who_need_them(desk, member, role, prefix):
    PlotFactory(household=member, code="A1")
    browser = desk(role)

    book, page = browser.get(prefix + HERE), browser.get(f"{prefix}{HERE}/A1")

    assert (book.status_code, page.status_code) == (200, 200)
    assert "Y Blơm Niê" in book.text
    assert '<path class="own" fill-rule="evenodd" d="M' in page.text
    may_edit = role != Role.ACCOUNTANT
    assert (f"{HERE}/moi" in book.text) is may_edit
    assert browser.get(f"{HERE}/moi").status_code == (200 if may_edit else 403)
    assert browser.get(f"{AREAS}/moi").status_code == (200 if may_edit else 403)
    assert browser.get(prefix + AREAS).status_code == 200
    assert f"{HERE}/A1" in browser.get("/quay/CUMGAR/thanh-vien/TV-0001").text


def test_are_closed_to_others(desk, member, login):
    plot, area = PlotFactory(), GrowingAreaFactory()
    assert desk(Role.SALES).get(HERE).status_code == 403
    assert desk(Role.SALES).get(AREAS).status_code == 403
    keeper = desk(Role.WAREHOUSE)
    assert keeper.get(f"{HERE}/{plot.code}").status_code == 404
    assert keeper.post(f"{HERE}/{plot.code}/bo").status_code == 404
    assert keeper.get(f"{AREAS}/{area.id}").status_code == 404
    stranger = login(MembershipFactory().user)
    assert stranger.get(HERE).status_code == 404
    assert stranger.post(f"{AREAS}/moi").status_code == 404


class TestPlots:
    def test_are_written_down_once_and_measured(self, session, desk, member):
        browser = desk(Role.WAREHOUSE)
        form = browser.get(f"{HERE}/moi?thanh-vien=TV-0001").text
        assert 'value="TV-0001"' in form
        assert 'value="TH-0001"' in form
        assert "data-plan" in form

        answers = [browser.post(f"{HERE}/moi", data=typed()) for _ in range(2)]

        assert [answer.location for answer in answers] == [f"{HERE}/TH-0001"] * 2
        [plot] = session.scalars(select(Plot))
        assert (plot.area_m2, plot.declared_area_m2) == (52_989, 53_000)
        page = browser.get(f"{HERE}/TH-0001").text
        assert "5,3\u00a0ha" in page
        assert "Toạ độ có ít hơn 6 số lẻ" in page

    def test_may_be_without_a_shape(self, session, desk, member):
        browser = desk(Role.WAREHOUSE)

        browser.post(f"{HERE}/moi", data=typed(shape="", declared_area=""))

        assert "Thửa này chưa có hình." in browser.get(f"{HERE}/TH-0001").text
        assert "Chưa vẽ" in browser.get(HERE).text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"shape": "x"}, "shape"),
            ({"shape": TWO_CORNERS}, "shape"),
            ({"owner_code": "KHONG"}, "owner_code"),
            ({"crop": ""}, "crop"),
            ({"declared_area": "0"}, "declared_area"),
            ({"code": "a b"}, "code"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, session, desk, member, changes, field
    ):
        answer = desk(Role.WAREHOUSE).post(f"{HERE}/moi", data=typed(**changes))

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert "108.0521" in answer.text or field == "shape"
        assert session.scalar(select(Plot)) is None

    def test_are_corrected_retired_and_used_again(self, session, desk, member):
        plot = PlotFactory(household=member, code="A1")
        browser = desk(Role.WAREHOUSE)
        assert "108.0509" in browser.get(f"{HERE}/A1/sua").text

        browser.post(f"{HERE}/A1/sua", data=typed(code="A2", crop="Tiêu", shape=""))
        browser.post(f"{HERE}/A2/bo")
        assert "Thôi dùng từ" in browser.get(f"{HERE}/A2").text
        browser.post(f"{HERE}/A2/dung-lai")

        session.refresh(plot)
        assert (plot.crop, plot.geometry, plot.retired_on) == ("Tiêu", None, None)
        assert browser.post(f"{HERE}/A2/sua", data=typed(crop="")).status_code == 422

    def test_communes_of_another_province_are_asked_for(self, session, desk, member):
        answer = desk(Role.WAREHOUSE).post(
            f"{HERE}/moi", data=typed(province_code="01", **{"doi-tinh": "1"})
        )

        assert answer.status_code == 200
        assert "Cầu Giấy" in answer.text
        assert session.scalar(select(Plot)) is None

    def test_are_searched(self, desk, member):
        PlotFactory(household=member, code="A1")
        browser = desk(Role.WAREHOUSE)

        assert "A1" in browser.get(f"{HERE}?q=blom").text
        assert "Không có thửa nào khớp" in browser.get(f"{HERE}?q=khong").text


def area(**changes):
    return {
        "code": "VN-DLOR-0123",
        "market": "export",
        "country": "CN",
        "crop": "Sầu riêng",
        "area": "12,5",
        "capacity": "80",
        "valid_from": "2025-01-01",
        "valid_to": "2028-12-31",
        "plot_codes": "A1",
        **changes,
    }


class TestGrowingAreas:
    def test_are_written_down_and_corrected(self, session, desk, member):
        PlotFactory(household=member, code="A1")
        browser = desk(Role.WAREHOUSE)

        assert browser.post(f"{AREAS}/moi", data=area()).location == AREAS
        [made] = session.scalars(select(GrowingArea))
        assert (made.area_m2, made.capacity_kg, made.country) == (125_000, 80_000, "CN")
        assert "Trung Quốc" in browser.get(AREAS).text
        assert "A1" in browser.get(f"{AREAS}/{made.id}").text
        browser.post(f"{AREAS}/{made.id}", data=area(market="domestic", plot_codes=""))

        session.refresh(made)
        assert (made.market, made.country) == ("domestic", "VN")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"country": ""}, "country"),
            ({"plot_codes": "A1 KHONG"}, "plot_codes"),
            ({"valid_to": "2020-01-01"}, "valid_to"),
            ({"capacity": "-1"}, "capacity"),
            ({"code": ""}, "code"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, session, desk, member, changes, field):
        PlotFactory(household=member, code="A1")

        answer = desk(Role.WAREHOUSE).post(f"{AREAS}/moi", data=area(**changes))

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert session.scalar(select(GrowingArea)) is None

    def test_say_what_ends_soon_and_what_is_above_capacity(self, htx, desk):
        today = business_day(now())
        values = {"organisation": htx, "valid_from": today - timedelta(days=500)}
        GrowingAreaFactory(code="VN-1", valid_to=today + timedelta(days=89), **values)
        GrowingAreaFactory(code="VN-2", valid_to=today - timedelta(days=1), **values)
        full = GrowingAreaFactory(code="VN-3", capacity_kg=1, **values)
        LotFactory(
            product=ProductFactory(organisation=htx),
            growing_area_code=full.code.lower(),
            quantity_g=1_001,
        )

        page = desk(Role.WAREHOUSE).get(AREAS).text

        assert "Sắp hết:" in page
        assert "Hết hạn " in page
        assert page.count("Quá sản lượng") == 1
