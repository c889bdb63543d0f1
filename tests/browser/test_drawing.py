"""Drawing a plot with a thumb, and pasting it where there is no JavaScript."""

import json
import math
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.membership import Plot
from tests.browser.market import Market
from tests.browser.tabs import PHONE, open_tab
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory

pytestmark = pytest.mark.browser

SQUARE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
"""Corners as parts of the plan, from its left upper corner."""
BOW_TIE = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
THUMB_PX = 2.5
"""How far a tap may land from where it was meant."""
DEGREE_M = 111_320
PASTED = (
    '{"type":"Polygon","coordinates":[[[108.0500001,12.7000001],[108.0521001,12.7000001],'
    "[108.0521001,12.7021001],[108.0500001,12.7021001]]]}"
)
WITH_HOLE = (
    '{"type":"Polygon","coordinates":[[[108.0500001,12.7000001],[108.0521001,12.7000001],'
    "[108.0521001,12.7021001],[108.0500001,12.7021001],[108.0500001,12.7000001]],"
    "[[108.0505001,12.7005001],[108.0508001,12.7005001],[108.0508001,12.7008001],"
    "[108.0505001,12.7008001]]]}"
)
WALKED = ((108.0500001, 12.7000001), (108.0511001, 12.7000001), (108.0508001, 12.7009001))
CROSSING = '{"type":"Polygon","coordinates":[[[108,12],[108.01,12.01],[108.01,12],[108,12.01]]]}'


@dataclass(frozen=True)
class Desk:
    """A cooperative with one member, and who keeps its plots."""

    code: str
    director_id: int
    organisation_id: int


@pytest.fixture
def desk(market) -> Desk:
    with market.app.app_context(), transaction():
        htx = OrganisationFactory()
        HouseholdFactory(organisation=htx, code="TV-0001", name="Y Blơm Niê")
        director_id = member_of(htx).user_id
        assert director_id is not None
        return Desk(htx.code, director_id, htx.id)


class Plan:
    """The plan on the page of a plot, and a thumb over it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.plan = page.locator("[data-plan]")
        values = [self.plan.get_attribute(f"data-{name}") for name in ("east", "north", "metres")]
        self.east, self.north, self.metres = (float(each or "") for each in values)

    def tap(self, *places: tuple[float, float]) -> None:
        for across, down in places:
            self.plan.scroll_into_view_if_needed()
            box = self.box()
            self.plan.tap(position={"x": across * box["width"], "y": down * box["height"]})

    def press(self, act: str) -> None:
        self.page.tap(f"[data-act={act}]")

    def corners(self, count: int) -> None:
        expect(self.page.locator("[data-said]")).to_have_text(f"Số góc đã chấm: {count}")
        expect(self.plan.locator("[data-own] circle")).to_have_count(count)

    def box(self):
        box = self.plan.bounding_box()
        assert box is not None
        return box

    def meant(self, places) -> list[tuple[float, float]]:
        """Where in the world these places are."""
        degree = DEGREE_M * math.cos(math.radians(self.north))
        return [
            (
                self.east + (across - 0.5) * self.metres / degree,
                self.north - (down - 0.5) * self.metres / DEGREE_M,
            )
            for across, down in places
        ]

    def off_by_m(self, places, corners) -> float:
        """The most that the corners of a shape lie beside these places, in metres."""
        return max(
            min(
                math.hypot((x - east) * math.cos(math.radians(north)), y - north) * DEGREE_M
                for x, y in corners
            )
            for east, north in self.meant(places)
        )


def open_form(market: Market, page: Page, desk: Desk) -> None:
    market.let_in(page.context, desk.director_id)
    page.goto(f"{market.address}/quay/{desk.code}/thua-dat/moi")
    page.fill("#owner_code", "TV-0001")
    page.fill("#crop", "Cà phê")


def save(page: Page) -> int:
    """Send the form; the status of the page that comes back."""
    with page.expect_navigation() as went:
        page.click("main form .primary")
    answer = went.value
    assert answer is not None
    return answer.status


def stored(market: Market, desk: Desk) -> Plot:
    with market.app.app_context():
        found = session.scalars(
            select(Plot).where(Plot.organisation_id == desk.organisation_id)
        ).one()
        session.expunge(found)
        return found


def stored_count(market: Market, desk: Desk) -> int:
    with market.app.app_context():
        wanted = select(Plot.id).where(Plot.organisation_id == desk.organisation_id)
        return len(session.scalars(wanted).all())


def ring_of(plot: Plot):
    assert plot.geometry is not None
    [ring] = plot.geometry["coordinates"]
    assert ring[0] == ring[-1]
    return ring[:-1]


def test_what_is_tapped_is_what_is_kept(market, chromium, desk):
    with open_tab(chromium, PHONE) as page:
        open_form(market, page, desk)
        plan = Plan(page)
        shape = page.locator("#shape")

        plan.corners(0)
        plan.tap(SQUARE[0])
        plan.corners(1)
        assert json.loads(shape.input_value())["type"] == "Point"
        plan.tap(*SQUARE[1:])
        plan.corners(4)
        plan.press("undo")
        plan.corners(3)
        assert len(json.loads(shape.input_value())["coordinates"][0]) == 4
        plan.press("clear")
        plan.corners(0)
        expect(shape).to_have_value("")
        plan.press("in")
        plan.metres /= 2
        plan.tap(*SQUARE)
        plan.corners(4)
        metres_per_px = plan.metres / plan.box()["width"]
        assert save(page) == 200
        expect(page.locator("main [role=status] .alert.ok").first).to_be_visible()
        expect(page.locator("main svg .own")).to_have_count(1)

    plot = stored(market, desk)
    ring = ring_of(plot)
    assert len(ring) == 4
    assert plan.off_by_m(SQUARE, ring) < THUMB_PX * metres_per_px
    assert plot.area_m2 == pytest.approx((0.4 * plan.metres) ** 2, rel=0.03)


def test_two_corners_are_no_plot(market, chromium, desk):
    with open_tab(chromium, PHONE, expected=("status of 422",)) as page:
        open_form(market, page, desk)
        plan, hint = Plan(page), page.locator("[data-hint]")

        expect(hint).to_be_empty()
        plan.tap(SQUARE[0])
        expect(hint).to_have_text("Một góc được ghi là một điểm.")
        plan.tap(SQUARE[1])
        expect(hint).to_contain_text("Hai góc chưa thành vùng")
        assert save(page) == 422
        expect(page.locator("#shape-e")).to_contain_text("Chưa đủ ba góc")
        plan = Plan(page)
        plan.corners(2)
        expect(hint).to_contain_text("Hai góc chưa thành vùng")
        assert stored_count(market, desk) == 0
        plan.press("undo")
        plan.corners(1)
        assert save(page) == 200

    assert stored(market, desk).geometry["type"] == "Point"


def test_who_walks_round_the_plot_adds_corners_where_they_stand(market, chromium, desk):
    with open_tab(chromium, PHONE) as page:
        page.context.grant_permissions(["geolocation"], origin=market.address)
        open_form(market, page, desk)
        plan, hint = Plan(page), page.locator("[data-hint]")

        for count, (east, north) in enumerate(WALKED, start=1):
            accuracy = 4.2 if count > 1 else 65
            page.context.set_geolocation(
                {"longitude": east, "latitude": north, "accuracy": accuracy}
            )
            plan.press("here")
            plan.corners(count)
            expect(hint).to_contain_text(f"sai số khoảng {5 if count > 1 else 65} m.")
            expect(hint).to_contain_text(re.compile("Sai số lớn" if count == 1 else "sai số"))
        assert save(page) == 200

    assert {tuple(each) for each in ring_of(stored(market, desk))} == set(WALKED)


def test_where_somebody_stands_is_not_needed(market, chromium, desk):
    with open_tab(chromium, PHONE) as page:
        open_form(market, page, desk)
        plan, hint = Plan(page), page.locator("[data-hint]")

        plan.press("here")
        expect(hint).to_contain_text("Bạn chưa cho trang này biết vị trí.")
        plan.corners(0)
        page.evaluate(
            """() => { navigator.geolocation.getCurrentPosition =
                (found, failed) => failed({ code: 2, PERMISSION_DENIED: 1 }); }"""
        )
        plan.press("here")
        expect(hint).to_contain_text("Máy chưa tìm được vị trí.")
        plan.tap(*SQUARE)
        plan.corners(4)
        assert save(page) == 200

    assert len(ring_of(stored(market, desk))) == 4


def test_a_shape_with_a_hole_is_shown_and_not_drawn_over(market, chromium, desk):
    with open_tab(chromium, PHONE) as page:
        open_form(market, page, desk)
        plan, hint = Plan(page), page.locator("[data-hint]")
        page.fill("#shape", WITH_HOLE)
        page.locator("#shape").blur()
        expect(hint).to_contain_text("Hình này có lỗ hoặc nhiều phần")
        path = plan.plan.locator("[data-own] path").get_attribute("d") or ""
        assert path.count("Z") == 2

        plan.tap(SQUARE[0])
        plan.press("undo")
        expect(page.locator("#shape")).to_have_value(WITH_HOLE)
        assert save(page) == 200
        expect(page.locator("main svg path.own")).to_have_attribute("fill-rule", "evenodd")

    assert [len(ring) for ring in stored(market, desk).geometry["coordinates"]] == [5, 5]


def test_a_plot_that_is_there_is_drawn_on(market, chromium, desk):
    with open_tab(chromium, PHONE) as page:
        open_form(market, page, desk)
        Plan(page).tap(*SQUARE)
        save(page)
        before = ring_of(stored(market, desk))
        page.goto(f"{page.url}/sua")
        plan = Plan(page)

        plan.corners(4)
        plan.press("undo")
        plan.corners(3)
        save(page)

    kept = {tuple(each) for each in ring_of(stored(market, desk))}
    assert len(kept) == 3
    assert kept < {tuple(each) for each in before}


def test_a_shape_that_crosses_itself_is_refused_and_kept_to_be_mended(market, chromium, desk):
    with open_tab(chromium, PHONE, expected=("status of 422",)) as page:
        open_form(market, page, desk)
        Plan(page).tap(*BOW_TIE)
        typed = page.input_value("#shape")

        assert save(page) == 422

        expect(page.locator("#shape-e")).to_contain_text(re.compile("cắt"))
        expect(page.locator("#shape")).to_have_value(typed)
        expect(page.locator("#crop")).to_have_value("Cà phê")
        plan = Plan(page)
        plan.corners(4)
        assert stored_count(market, desk) == 0
        plan.press("clear")
        plan.tap(*SQUARE)
        assert save(page) == 200

    assert len(ring_of(stored(market, desk))) == 4


def test_without_scripts_a_pasted_shape_is_kept(market, chromium, desk):
    with open_tab(chromium, PHONE, has_scripts=False, expected=("status of 422",)) as page:
        open_form(market, page, desk)
        expect(page.locator("[data-tools]")).to_be_hidden()
        page.fill("#shape", CROSSING)

        assert save(page) == 422
        expect(page.locator("#shape-e")).to_contain_text(re.compile("cắt"))
        expect(page.locator("#shape")).to_have_value(CROSSING)
        page.fill("#shape", PASTED)
        assert save(page) == 200
        expect(page.locator("main svg .own")).to_have_count(1)

    plot = stored(market, desk)
    assert sorted(map(tuple, ring_of(plot))) == [
        (108.0500001, 12.7000001),
        (108.0500001, 12.7021001),
        (108.0521001, 12.7000001),
        (108.0521001, 12.7021001),
    ]
    assert plot.area_m2 == 52_989
