"""Filtering the stalls on a telephone, from wherever one has scrolled to."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.platform.transaction import transaction
from tests.browser.inspection import complaints_about
from tests.browser.stalls import Stall, put_up
from tests.browser.tabs import DESKTOP, open_tab

pytestmark = pytest.mark.browser

FROM_HERE = "[data-sheet]"
FORM = "#filters"


@pytest.fixture(scope="module")
def stall(market) -> Stall:
    with market.app.app_context(), transaction():
        return put_up("Lọc thử", "Cà phê lọc thử", "Test filter coffee")


def test_opens_a_sheet_that_filters_and_closes(market, chromium, stall):
    with open_tab(chromium) as page:
        page.goto(f"{market.address}/san-pham?q=lọc thử")
        page.tap(FROM_HERE)
        sheet = page.get_by_role("dialog", name="Lọc hàng")
        expect(sheet).to_be_visible()

        assert complaints_about(page, "vi", is_phone=True) == []

        sheet.get_by_role("button", name="Đóng").tap()
        expect(sheet).to_have_count(0)
        assert page.locator(f"details {FORM}").count() == 1

        page.tap(FROM_HERE)
        sheet.get_by_label(re.compile("Chỉ hàng còn bán")).check()
        sheet.get_by_role("button", name="Xem hàng").tap()
        page.wait_for_url("**con-hang=1**")
        expect(page.get_by_text(stall.product_name).first).to_be_visible()
        expect(page.locator(FROM_HERE)).to_contain_text("2")  # and the text


def test_leads_to_the_form_without_scripts(market, chromium, stall):
    with open_tab(chromium, has_scripts=False) as page:
        page.goto(f"{market.address}/san-pham")
        page.tap(FROM_HERE)

        expect(page.locator(FORM)).to_be_visible()
        expect(page.locator(FORM)).to_be_in_viewport()


def test_is_not_needed_where_the_filters_stand_beside(market, chromium, stall):
    with open_tab(chromium, DESKTOP) as page:
        page.goto(f"{market.address}/san-pham")

        expect(page.locator(FROM_HERE)).to_be_hidden()
        expect(page.get_by_role("complementary", name="Bộ lọc")).to_be_visible()
