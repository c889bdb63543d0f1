"""The whole sale, in both languages, with JavaScript and without."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from marketplace.cli.ledger import ledger
from marketplace.notifications.outbox import latest_mails
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.orders import Order
from tests.browser.buying import Buyer
from tests.browser.market import Market, open_market
from tests.browser.selling import earned, fulfil, import_statement, transfer_asked
from tests.browser.stalls import Stall, cashier, put_up
from tests.browser.tabs import DESKTOP, PHONE, open_tab
from tests.factories.orders import collecting_account
from tests.invariants import broken
from tests.postgres import TestServer

pytestmark = pytest.mark.browser

MOST_FIELDS, MOST_STEPS, MOST_CLICKS = 12, 3, 6


@dataclass(frozen=True)
class Story:
    """One buyer, two cooperatives: what they sell, and what is typed to find both."""

    email: str
    searched: str
    first: tuple[str, str, str]
    second: tuple[str, str, str]


@dataclass(frozen=True)
class Visit:
    """How somebody comes: in which language, with scripts or without."""

    prefix: str
    has_scripts: bool


STORIES = {
    ("", True): Story(
        "ca-phe@example.com",
        "ca phe rang",
        ("Cư Mgar", "Cà phê Robusta rang mộc", "Plain roast Robusta coffee"),
        ("Krông Năng", "Cà phê Arabica rang vừa", "Medium roast Arabica coffee"),
    ),
    ("", False): Story(
        "mat-ong@example.com",
        "mat ong",
        ("Ea Kar", "Mật ong hoa nhãn", "Longan honey"),
        ("Krông Bông", "Mật ong rừng tràm", "Melaleuca honey"),
    ),
    ("/en", True): Story(
        "gao@example.com",
        "gao",
        ("Lắk", "Gạo séng cù", "Séng cù rice"),
        ("Buôn Đôn", "Gạo nếp cái hoa vàng", "Sticky rice"),
    ),
    ("/en", False): Story(
        "tieu@example.com",
        "hat tieu",
        ("Cư Kuin", "Hạt tiêu đen", "Black pepper"),
        ("Ea Hleo", "Hạt tiêu sọ", "White pepper"),
    ),
}


@pytest.fixture(params=STORIES, ids=["vi-js", "vi-no-js", "en-js", "en-no-js"])
def visit(request) -> Visit:
    return Visit(*request.param)


@pytest.fixture
def story(visit) -> Story:
    return STORIES[visit.prefix, visit.has_scripts]


@pytest.fixture
def stalls(market, story) -> tuple[Stall, Stall]:
    with market.app.app_context(), transaction():
        collecting_account()
        return put_up(*story.first), put_up(*story.second)


@pytest.fixture(scope="module")
def market(
    app: Flask,  # made first, as for the market of the folder
    server: TestServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Market]:
    """A marketplace of its own: its books are looked at as a whole."""
    with open_market(server, tmp_path_factory.mktemp("sale")) as market:
        yield market


@contextmanager
def tab_of(
    market: Market, chromium: Browser, visit: Visit, user_id: int | None = None
) -> Iterator[Page]:
    """Somebody's tab: a guest's on a telephone, a colleague's on a desktop."""
    size = PHONE if user_id is None else DESKTOP
    with open_tab(chromium, size, has_scripts=visit.has_scripts) as page:
        if user_id is not None:
            market.let_in(page.context, user_id)
        yield page


def test_the_sale(market, chromium, visit, story, stalls):
    address = market.address + visit.prefix
    first, second = stalls
    total = first.total(2) + second.total(1)
    with tab_of(market, chromium, visit) as page:
        buyer = Buyer(page, address, visit.has_scripts)
        found = " ".join(buyer.search(story.searched))
        for stall, english in ((first, story.first[2]), (second, story.second[2])):
            assert (english if visit.prefix else stall.product_name) in found
        buyer.take(first, 2)
        buyer.search(story.searched)
        buyer.take(second, 1)
        buyer.go_to_checkout()
        buyer.fill_in("Nguyễn Thị Hoa", story.email)
        number = buyer.place(twice=True)
        sys.stdout.write(f"\n{buyer.fields} fields, {buyer.steps} steps, {buyer.clicks} clicks\n")
        assert buyer.fields <= MOST_FIELDS
        assert buyer.steps <= MOST_STEPS
        assert buyer.clicks <= MOST_CLICKS

        orders_nothing_again(page, buyer)
        assert orders_of(market, story.email) == [number]

        page.goto(address + link_in_mail(market, story.email))
        assert page.url.split("?")[0].endswith(f"/don-hang/{number}/tra-tien")
        assert page.locator(".qr svg").is_visible()
        amount, reference = transfer_asked(page)
        assert amount == total

        with tab_of(market, chromium, visit, cashier_of(market)) as desk:
            import_statement(desk, address, amount, reference)
        if not visit.has_scripts:
            page.reload()
        page.locator("main .alert.ok").wait_for()
        page.click("main .primary")
        page.wait_for_url(f"**/don-hang/{number}**")
        followed = page.url

    for stall, packs in ((first, 2), (second, 1)):
        with tab_of(market, chromium, visit, stall.director_id) as desk:
            fulfil(desk, address, stall, number)
        with tab_of(market, chromium, visit, stall.accountant_id) as desk:
            assert earned(desk, address, stall, number) == stall.net(packs)

    with tab_of(market, chromium, visit) as page:
        page.goto(followed)
        assert page.locator(".timeline .now").count() == 2
        assert page.locator("main .pagehead .badge.ok, main .alert.ok").first.is_visible()
    is_sound(market)


def test_cash_at_the_door(market, chromium):
    visit = Visit("", has_scripts=True)
    with market.app.app_context(), transaction():
        stall = put_up("Ea Súp", "Hạt điều rang muối", "Roasted cashews")
        cashier()
    with tab_of(market, chromium, visit) as page:
        buyer = Buyer(page, market.address, has_scripts=True)
        buyer.search("hat dieu rang")
        buyer.take(stall, 3)
        buyer.go_to_checkout()
        buyer.fill_in("Trần Văn Nam", "hat-dieu@example.com", method="cash")
        number = buyer.place()
        assert "475.000" in page.inner_text("main .alert")

    with tab_of(market, chromium, visit, stall.director_id) as desk:
        fulfil(desk, market.address, stall, number)
    with tab_of(market, chromium, visit, stall.accountant_id) as desk:
        assert earned(desk, market.address, stall, number) == stall.net(3)
    is_sound(market)


def orders_nothing_again(page: Page, buyer: Buyer) -> None:
    """Load the page of payment anew, go back and press again, and send the very form again."""
    page.reload()
    if buyer.has_scripts:
        # Without them Back leads to the answer of a form, which browsers ask about first.
        page.go_back()
        if page.locator("#tong .primary").count():
            page.click("#tong .primary")
            page.wait_for_load_state()
    answer = page.request.post(
        f"{buyer.address}/dat-hang",
        data=buyer.sent,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{urlsplit(buyer.address).netloc}",
        },
    )
    assert answer.ok
    page.goto(f"{buyer.address}/gio-hang")
    assert page.locator("#gio").count() == 0


def cashier_of(market: Market) -> int:
    """Somebody of the operator."""
    with market.app.app_context(), transaction():
        return cashier()


def orders_of(market: Market, email: str) -> list[str]:
    with market.app.app_context():
        return list(session.scalars(select(Order.number).where(Order.email == email)))


def link_in_mail(market: Market, email: str) -> str:
    """The address of the order in the mail that came, without the language."""
    market.do_jobs()
    with market.app.app_context():
        [mail] = latest_mails(1, email)
    found = re.search(r"https?://[^/\s]+(?:/en)?(/don-hang/\S+)", mail.text)
    assert found
    return found[1]


def is_sound(market: Market) -> None:
    """The books balance, and everything that always holds still does."""
    result = market.app.test_cli_runner().invoke(ledger, ["verify"])
    assert result.exit_code == 0, result.output
    with market.app.app_context():
        assert broken(session) == {}
