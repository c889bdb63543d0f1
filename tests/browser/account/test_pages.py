"""People's pages in a browser, with and without JavaScript: looked at by axe, on a phone."""

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.serving import make_server

from marketplace.jobs.notifications import send_message
from marketplace.notifications.outbox import latest_mails
from marketplace.platform.database import session
from models.accounts import Role
from models.notifications import Message
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
PAGES = {
    None: ["/dang-nhap", "/dang-ky", "/quen-mat-khau", "/xac-nhan-email", "/dev/outbox"],
    "htx@demo.example": [
        "/tai-khoan",
        "/tai-khoan/thong-tin",
        "/tai-khoan/ho-so",
        "/tai-khoan/mat-khau",
        "/tai-khoan/bao-mat",
        "/tai-khoan/phien",
        "/xac-nhan-lai",
        "/quay",
        "/quay/CUMGAR/nhom",
        "/quay/CUMGAR/cai-dat",
        "/en/quay/CUMGAR/cai-dat",
    ],
    "lienminh@demo.example": [
        "/lien-minh",
        "/lien-minh/to-chuc",
        "/lien-minh/to-chuc/CUMGAR",
        "/lien-minh/to-chuc/CHO",
    ],
}


@pytest.fixture
def address(committed_database) -> Iterator[str]:
    """The marketplace on a port of this machine, with somebody of each kind."""
    app = committed_database.app
    with app.app_context():
        director = UserFactory(email="htx@demo.example")
        for code in ("CUMGAR", "LHTN"):
            MembershipFactory(user=director, organisation=OrganisationFactory(code=code))
        MembershipFactory(
            user=UserFactory(email="lienminh@demo.example"),
            organisation=OrganisationFactory(alliance=True),
            role=Role.OFFICER,
        )
        OrganisationFactory(code="CHO", pending=True)
        session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/dang-nhap")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main form .primary")


def complaints(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{page.url}: {each['id']}" for each in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url}: wider than the screen")
    return found


def test_no_page_has_anything_that_axe_finds(chromium, address):
    found, said = [], []
    for email, paths in PAGES.items():
        context = chromium.new_context(viewport=PHONE)
        page = context.new_page()
        page.on("console", lambda each: said.append(each))  # noqa: PLW0108 - it asks for a name
        if email:
            sign_in(page, address, email)
        for path in paths:
            assert page.goto(address + path).status == 200, path
            found += complaints(page)
        context.close()

    assert found == []
    assert [each.text for each in said if each.type in {"error", "warning"}] == []


def test_errors_are_read_out_and_lead_to_their_fields(chromium, address):
    page = chromium.new_context(viewport=PHONE, locale="vi-VN").new_page()
    page.goto(f"{address}/dang-ky")
    page.fill("#full_name", "Nguyễn Thị Hoa")
    page.fill("#email", "hoa@example.com")
    page.fill("#password", "password1")
    page.click("main form .primary")

    found = complaints(page)
    page.click(".errsum a")

    assert found == []
    assert page.title().startswith("Lỗi:")
    assert page.evaluate("document.activeElement.id") == "password"
    assert page.input_value("#full_name") == "Nguyễn Thị Hoa"


@pytest.mark.parametrize(
    ("prefix", "with_scripts"), [("", True), ("/en", False)], ids=["vi-js", "en-no-js"]
)
def test_a_person_joins(chromium, address, committed_database, with_scripts, prefix):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=with_scripts)
    page = context.new_page()

    page.goto(f"{address}{prefix}/dang-ky")
    page.fill("#full_name", "Nguyễn Thị Hoa")
    page.fill("#email", "hoa@example.com")
    page.fill("#password", PASSWORD)
    page.click("main form .primary")
    page.locator("main", has_text="hoa@example.com").wait_for()

    page.goto(address + link_in_mail(committed_database.app))
    page.fill("#password", PASSWORD)
    page.click("main form .primary")
    page.wait_for_url(f"{address}{prefix}/tai-khoan")

    page.click("main form .btn")
    page.wait_for_url(f"{address}{prefix}/dang-nhap")
    page.fill("#email", "hoa@example.com")
    page.fill("#password", PASSWORD)
    page.click("main form .primary")
    page.locator("h1", has_text="Nguyễn Thị Hoa").wait_for()


def link_in_mail(app) -> str:
    with app.app_context():
        send_message(message_id=session.scalar(select(Message.id)))
        mail = latest_mails(1, "hoa@example.com")[0]
        found = re.search(r"http://localhost((?:/en)?/xac-nhan-email/\S+)", mail.text)
        assert found
        return found[1]
