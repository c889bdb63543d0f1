"""What a buyer does in a browser, from the search to the order, with and without scripts."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, Request, expect

from tests.browser.stalls import Stall
from tests.factories.orders import CAU_GIAY, HANOI


@dataclass
class Buyer:
    """Somebody with a tab who counts what the market asks of them.

    Attributes:
        page: their tab.
        address: of the market, with the language: "http://127.0.0.1:8000/en".
        has_scripts: whether their browser runs scripts.
        clicks: buttons pressed since the last product page.
        fields: asked for by the checkout.
        steps: of the way to the order, as the page names them.
        sent: the form of the order as the browser sent it.
    """

    page: Page
    address: str
    has_scripts: bool
    clicks: int = 0
    fields: int = field(default=0, init=False)
    steps: int = field(default=0, init=False)
    sent: str = field(default="", init=False)

    def search(self, words: str) -> list[str]:
        """Type words into the search of the head; return the names that are found."""
        self.page.goto(f"{self.address}/")
        self.page.fill("#q", words)
        self.page.press("#q", "Enter")
        self.page.wait_for_url("**/san-pham?**")
        return [each.strip() for each in self.page.locator(".product a").all_inner_texts()]

    def take(self, stall: Stall, packs: int) -> None:
        """Open a product that was found and put packs of it into the basket."""
        self.page.click(f".product a[href$='/san-pham/{stall.slug}']")
        self.page.wait_for_url(f"**/san-pham/{stall.slug}")
        self.clicks = 0
        self.page.fill("[name=quantity]", str(packs))
        self._press(".buybar .primary")
        self.page.wait_for_url("**/gio-hang")

    def go_to_checkout(self) -> None:
        """Leave the basket for the form, and count what the form asks."""
        self._press("#gio .primary")
        self.page.wait_for_url("**/dat-hang")
        self.steps = self.page.locator(".path li").count()
        self.fields = int(self.page.evaluate(COUNT_FIELDS))

    def fill_in(self, name: str, email: str, method: str = "bank_transfer") -> None:
        """Say who gets the goods, where, and how they are paid for."""
        page = self.page
        page.fill("#name", name)
        page.fill("#phone", "0912 345 678")
        page.fill("#email", email)
        page.select_option("#province", HANOI)
        if not self.has_scripts:
            self._press("[name=act][value=recount]")
            page.wait_for_load_state()
        page.locator(f"#commune option[value='{CAU_GIAY}']").wait_for(state="attached")
        page.select_option("#commune", CAU_GIAY)
        page.fill("#address", "Số 18, ngõ 102 Trần Thái Tông")
        page.check(f"[name=payment_method][value={method}]")

    def place(self, *, twice: bool = False) -> str:
        """Press the button, once or with an impatient thumb; return the number of the order."""
        button = self.page.locator("#tong .primary")
        self.page.on("request", self._keep)
        if twice:
            button.dblclick(no_wait_after=True)
        else:
            button.click()
        self.clicks += 1
        # The second press aborts the navigation that the first began, which a wait for one
        # navigation would take for a failure: what counts is where the tab ends.
        expect(self.page).to_have_url(ORDER_PAGE)
        self.page.wait_for_load_state()
        found = ORDER_PAGE.search(self.page.url)
        assert found
        return found[1]

    def _keep(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/dat-hang"):
            self.sent = request.post_data or ""

    def _press(self, selector: str) -> None:
        self.page.click(selector)
        self.clicks += 1


ORDER_PAGE = re.compile(r"/don-hang/([^/?]+)")
"""The page of an order, with its number."""

COUNT_FIELDS = """() => new Set([...document.querySelectorAll(
    "#dat-hang input:not([type=hidden]), #dat-hang select, #dat-hang textarea")]
    .map((field) => field.name)).size"""
"""Everything that a buyer may type or choose; the buttons of one choice are one field."""
