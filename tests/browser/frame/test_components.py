"""Every component in every state: nothing that axe finds, nothing that sticks out, no complaint."""

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import g, render_template_string
from playwright.sync_api import Page
from werkzeug.serving import make_server

from blueprints import navigation
from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import SessionMembership
from marketplace.platform.config import current_settings, use_settings
from models.accounts import OrganisationKind, Role
from tests.functional.frame.conftest import TREE, build

pytestmark = pytest.mark.browser

PHONE, DESKTOP = (360, 740), (1280, 800)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
MEMBER = SessionMembership(
    organisation_id=7,
    code="CUMGAR",
    slug="cu-mgar",
    name="Hợp tác xã Cà phê Cư Mgar",
    short_name="HTX Cà phê Cư Mgar",
    kind=OrganisationKind.COOPERATIVE,
    verification="verified",
    province_code="66",
    role=Role.DIRECTOR,
)
DESK = """{% extends "desk.html" %}
{% block title %}Đơn hàng{% endblock %}
{% block main %}<h1>Đơn hàng</h1><p>Chưa có đơn nào.</p>{% endblock %}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Where the frame answers, with no database behind it."""
    before, tree = current_settings(), navigation.categories_tree
    navigation.categories_tree = lambda: TREE
    app = build(tmp_path_factory.mktemp("frame"))
    app.config["WTF_CSRF_ENABLED"] = False

    @app.get("/quay/CUMGAR/don")
    def show_desk() -> str:
        g.acting_membership = MEMBER
        g.acting = Actor(5, 7, MEMBER.kind, MEMBER.role)
        return render_template_string(DESK, desk_counts={"don": 18})

    app.before_request_funcs[None] = []  # no sign-in: nobody is asked who they are
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    navigation.categories_tree = tree
    use_settings(before)


@pytest.fixture
def complaints() -> list[str]:
    """What the console of the browser said."""
    return []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def tab(request, chromium, complaints) -> Iterator[Page]:
    """A page on a telephone and on a desktop."""
    width, height = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        is_mobile=width < DESKTOP[0],
        has_touch=width < DESKTOP[0],
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def small_targets(page: Page) -> list[str]:
    """Buttons and fields that a thumb misses: lower than 44 pixels on a telephone."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main button, main .btn, main input.input, select")]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5
            && !e.closest(".stepper")).map((e) => e.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("path", ["/ui", "/en/ui", "/ui?theme=dark", "/en/khong-co", "/hong"])
def test_a_page_is_fit_for_everybody(tab, address, path, complaints):
    tab.goto(address + path)

    assert violations(tab) == []
    assert sticks_out(tab) <= 0
    assert [text for text in complaints if "404" not in text and "500" not in text] == []


def test_buttons_and_fields_are_large_enough_for_a_thumb(tab, address):
    tab.goto(address + "/ui")

    assert small_targets(tab) == []


def test_a_form_with_mistakes_shows_them_and_takes_the_focus_there(tab, address, complaints):
    tab.goto(address + "/ui")
    tab.fill("#name", "")
    tab.fill("#weight", "sáu tạ")
    tab.click("text=Gửi thử")
    tab.wait_for_selector(".errsum:focus")

    assert tab.title().startswith("Lỗi: ")
    assert "Mời bạn điền ô này" in tab.inner_text(".errsum")
    assert tab.input_value("#weight") == "sáu tạ"
    assert violations(tab) == []
    assert sticks_out(tab) <= 0
    assert [text for text in complaints if "422" not in text] == []


def test_a_desk_is_fit_for_everybody(tab, address, complaints):
    tab.goto(address + "/quay/CUMGAR/don")

    assert violations(tab) == []
    assert sticks_out(tab) <= 0
    assert complaints == []


def test_one_more_and_one_less(tab, address):
    tab.goto(address + "/ui")
    tab.click("[data-stepper] [data-d='1']")

    assert tab.input_value("#so-luong") == "4"
    tab.click("[data-stepper] [data-d='-1']")
    tab.click("[data-stepper] [data-d='-1']")
    assert tab.input_value("#so-luong") == "2"


def test_thinking_twice_works_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/ui")

    assert not page.is_visible("#huy form")
    page.click("#huy summary")
    assert page.is_visible("#huy form .btn.danger")
    context.close()
