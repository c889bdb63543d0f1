"""What somebody does on a telephone who brings a cooperative to the market, counted."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.factories.media import picture

PAPER = {
    "name": "giay.jpg",
    "mimeType": "image/jpeg",
    "buffer": picture(colour=(240, 235, 220)),
}


@dataclass
class Hand:
    """A thumb that counts: pages seen, fields filled in, presses of buttons and links."""

    page: Page
    pages: int = 0
    fields: int = 0
    presses: int = 0
    seen: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Go to an address, as from a mail."""
        self.page.goto(address)
        self._note()

    def fill(self, **values: str) -> None:
        """Type into fields by their ids."""
        for name, value in values.items():
            self.page.fill(f"#{name}", value)
            self.fields += 1

    def choose(self, selector: str, value: str) -> None:
        """Choose one of a list."""
        self.page.select_option(selector, value)
        self.fields += 1

    def tick(self, selector: str) -> None:
        """Tick a box or choose a circle."""
        self.page.check(selector)
        self.fields += 1

    def attach(self, selector: str, file: Any = None) -> None:
        """Take a picture."""
        self.page.set_input_files(selector, file or PAPER)
        self.fields += 1

    def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.presses += 1
        self._note()

    def _note(self) -> None:
        if self.page.url not in self.seen:
            self.seen.append(self.page.url)
            self.pages += 1


def fill_in(hand: Hand, address: str, *, email: str, name: str, tax_code: str) -> None:
    """Fill in the public form from the door to the end and send it."""
    hand.open(f"{address}/tham-gia")
    hand.fill(phone="0912 345 678", contact_name="Lò Thị Mai", email=email)
    hand.tick("input[name=kind][value=cooperative]")
    hand.press("main form .primary")
    hand.fill(name=name, tax_code=tax_code, legal_representative="Lò Văn Pún")
    hand.press("main form .primary")
    hand.choose("#province_code", "14")
    hand.tick("input[name=category_ids] >> nth=0")
    hand.press("main form .primary")
    answer_items(hand)
    hand.press("main form[action$='/gui'] .primary")
    hand.page.wait_for_url("**/tinh-trang")


def answer_items(hand: Hand) -> None:
    """Give every item of the checklist what it asks for."""
    page = hand.page
    for box in page.locator("input[name^=confirmed_]").all():
        hand.tick(f"#{box.get_attribute('id')}")
    for place in page.locator("input[name^=file_]").all():
        hand.attach(f"#{place.get_attribute('id')}")
    for place in page.locator("textarea[name^=answer_]").all():
        hand.fill(**{str(place.get_attribute("id")): "Xoài tượng, tháng 6 đến tháng 8, 20 tấn"})
    hand.press("main form .primary.big")
