"""Looking at every page in every state, and at every form that is sent as it comes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from playwright.sync_api import Browser, Page

from tests.browser.inspection import COLOURS, axe, complaints_about
from tests.browser.market import Market
from tests.browser.pages import kinds_of_pages, links_of, walk
from tests.browser.tabs import DESKTOP, PHONE, open_tab
from tests.browser.visitors import rounds
from tests.browser.world import World

SAMPLES = "system.show_components"
"""Its links and buttons are examples."""
REFUSALS = ("status of 4",)
"""The browser notes them; whether a link may lead to one is checked apart."""


@contextmanager
def tab_of(
    market: Market, chromium: Browser, world: World, who: str, expected: tuple[str, ...] = ()
) -> Iterator[Page]:
    """The telephone of somebody: a field of `World`, or "" for a guest."""
    with open_tab(chromium, PHONE, expected=expected) as page:
        if who:
            market.let_in(page.context, getattr(world, who))
        yield page


def complaints_of(page: Page, prefix: str) -> list[str]:
    """What is wrong with the page at hand: on a telephone, in the dark, on a desktop.

    Colours and widths are those of the Vietnamese page, whose words are longer.
    """
    found = complaints_about(page, prefix[1:] or "vi", is_phone=True)
    if prefix:
        return found
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in axe(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    found += [f"desktop: {each}" for each in complaints_about(page, "vi", is_phone=False)]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return found


def dead_ends(page: Page, base: str, links: Iterable[str]) -> list[str]:
    """The links that lead to a refusal."""
    return [
        f"{link} leads nowhere"
        for link in links
        if page.request.get(base + link).status >= HTTPStatus.BAD_REQUEST
    ]


def look_at_every_page(market: Market, chromium: Browser, world: World, prefix: str) -> None:
    """Fail with what is wrong with any page, or with the kinds of pages that nobody came to."""
    found: list[str] = []
    seen: set[str] = set()
    for who, way in rounds(world).items():
        links: set[str] = set()
        with tab_of(market, chromium, world, who, REFUSALS) as page:
            put_into_basket(page, market, world, who)
            start = [prefix + each for each in way.start]
            for kind, path in walk(page, market.app, market.address, start, way.within):
                seen.add(kind)
                if kind != SAMPLES:
                    links.update(links_of(page, market.address))
                found += [f"{who} {path}: {each}" for each in complaints_of(page, prefix)]
            if not prefix:
                refused = {each + path for each in ("", "/en") for path in way.start}
                found += dead_ends(page, market.address, links - refused)

    assert not found, "\n".join(found)
    assert seen == kinds_of_pages(market.app)


def put_into_basket(page: Page, market: Market, world: World, who: str) -> None:
    """Buyers have something in their basket."""
    if who == "buyer":
        page.goto(f"{market.address}/san-pham/{world.busy.slug}")
        page.click(".buybar .primary")
        page.wait_for_url("**/gio-hang")


MISTAKES = (
    ("", "/dang-nhap", "main form .primary"),
    ("", "/dang-ky", "main form .primary"),
    ("", "/quen-mat-khau", "main form .primary"),
    ("", "/tham-gia", "main form .primary"),
    ("officer", "/lien-minh/yeu-cau/moi", "main form .primary"),
    ("buyer", "/dat-hang", "#tong .primary"),
    ("buyer", "/tai-khoan/mat-khau", "main form .primary"),
    ("director", "/quay/{busy}/san-pham/moi", "main form .primary"),
    ("director", "/quay/{busy}/san-pham/{product}/quy-cach", "section[aria-labelledby=them] .btn"),
    ("director", "/quay/{busy}/san-pham/{product}/anh", "main form[action$='/anh'] .btn"),
    ("director", "/quay/{busy}/chung-nhan/moi", "main form .primary"),
    ("director", "/quay/{busy}/lo/nhap", "main form .primary"),
    ("operator", "/van-hanh/sao-ke", "main form[enctype] .primary"),
)
"""Forms that are sent as they come, though something in them is to be filled in."""


def send_every_form(market: Market, chromium: Browser, world: World, prefix: str) -> None:
    """Fail with the forms that do not say what is missing, or say it badly."""
    found: list[str] = []
    for who, path, button in MISTAKES:
        with tab_of(market, chromium, world, who, REFUSALS) as page:
            put_into_basket(page, market, world, who)
            here = path.format(busy=world.busy.code, product=world.busy.product_id)
            page.goto(market.address + prefix + here)
            page.locator(button).first.click()
            page.wait_for_selector(".errsum:focus")
            if not page.title().startswith("Error:" if prefix else "Lỗi:"):
                found.append(f"{path}: the title does not say it")
            found += [f"{path}: {each}" for each in complaints_of(page, prefix)]

    assert not found, "\n".join(found)
