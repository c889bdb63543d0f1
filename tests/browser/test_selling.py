"""How goods come to the market: described, priced, pictured, certified, on sale, in the store."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from marketplace.kernel.clock import business_day, now
from marketplace.platform.transaction import transaction
from tests.browser.stalls import a_category, alliance_officer
from tests.browser.tabs import DESKTOP, PHONE, open_tab
from tests.factories.accounts import PASSWORD, MembershipFactory, OrganisationFactory
from tests.factories.media import picture

pytestmark = pytest.mark.browser

EMAIL, CODE = "giam-doc@example.com", "MUONGLA"
PAPER = "VietGAP-TT-13-09-66-0777"


def test_a_cooperative_puts_its_first_product_on_the_market(market, chromium):
    with market.app.app_context(), transaction():
        seller = OrganisationFactory(
            code=CODE, name="Hợp tác xã Mường La", short_name="HTX Mường La"
        )
        MembershipFactory(organisation=seller, user__email=EMAIL)
        category = a_category().id
        officer_id = alliance_officer()
    desk = f"{market.address}/quay/{CODE}"

    with open_tab(chromium, DESKTOP) as page:
        sign_in(page, market.address)
        describe(page, desk, category)
        add_pack(page)
        add_photo(page)
        page.click("main form[action$='/dang-ban'] .primary")
        page.locator("main [role=status] .alert.ok").wait_for()
        claim_certificate(page, desk)
        receive(page, desk)

        with open_tab(chromium, DESKTOP) as other:
            market.let_in(other.context, officer_id)
            other.goto(f"{market.address}/lien-minh/chung-nhan")
            other.click(f"main tbody tr:has-text('{PAPER}') a")
            other.click("main button[name=verdict][value=verify]")
            other.locator("main [role=status], .flash, .alert.ok").first.wait_for()

    with open_tab(chromium, PHONE) as page:
        page.goto(f"{market.address}/san-pham?q=xoai+tuong+muong+la")
        page.click(".product a")
        assert page.inner_text("h1") == "Xoài tượng Mường La"
        assert "VietGAP" in page.inner_text("main .certs")
        assert "65.000 ₫/kg" in page.inner_text("main").replace("\u00a0", " ")
        assert page.locator(".buybar .primary").is_enabled()
        assert page.evaluate("document.querySelector('.gallery img').naturalWidth") > 0
        page.click("main a.lot")
        assert "Xoài tượng Mường La" in page.inner_text("h1")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/dang-nhap")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("main form .primary")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def describe(page: Page, desk: str, category: int) -> None:
    page.goto(f"{desk}/san-pham/moi")
    page.fill("#name_vi", "Xoài tượng Mường La")
    page.select_option("#category_id", str(category))
    page.fill("#summary_vi", "Quả to, thịt giòn, chấm muối ớt.")
    page.fill("#story_vi", "Trồng trên sườn đồi bên sông Đà.\n\nHái khi vỏ ửng vàng.")
    page.select_option("#month_7", "3")
    page.click("main form .primary")
    page.wait_for_url("**/quy-cach**")


def add_pack(page: Page) -> None:
    page.fill("#name_vi", "Thùng 5 kg")
    page.fill("#weight", "5")
    page.fill("#price", "325.000")
    page.click("section[aria-labelledby=them] button.primary")
    page.click("main a.primary")
    page.wait_for_url("**/anh")


def add_photo(page: Page) -> None:
    photo = {"name": "xoai.jpg", "mimeType": "image/jpeg", "buffer": picture(colour=(220, 170, 40))}
    page.set_input_files("#file", photo)
    page.click("main form[action$='/anh'] button")
    page.locator(".shots img").wait_for()
    page.click("main a.primary")


def claim_certificate(page: Page, desk: str) -> None:
    day = business_day(now())
    paper = {
        "name": "giay.jpg",
        "mimeType": "image/jpeg",
        "buffer": picture(colour=(240, 235, 220)),
    }
    page.goto(f"{desk}/chung-nhan/moi")
    page.set_input_files("#file", paper)
    page.select_option("#scheme_code", "VIETGAP_CROP")
    page.fill("#number", PAPER)
    page.fill("#issuer", "Trung tâm Chứng nhận VinaCert")
    page.fill("#valid_from", (day - timedelta(days=30)).isoformat())
    page.fill("#valid_to", (day + timedelta(days=700)).isoformat())
    page.check("[name=product_ids]")
    page.click("main form .primary")
    page.wait_for_url("**/chung-nhan/*")
    assert PAPER in page.inner_text("main")


def receive(page: Page, desk: str) -> None:
    day = business_day(now())
    page.goto(desk)
    page.click("main .pagehead a.primary")
    page.fill("#quantity", "400")
    page.fill("#harvested_on", (day - timedelta(days=2)).isoformat())
    page.fill("#best_before_on", (day + timedelta(days=20)).isoformat())
    page.click("main form .primary")
    page.wait_for_url("**/lo/*")
    assert "400" in page.inner_text("main .cols")
