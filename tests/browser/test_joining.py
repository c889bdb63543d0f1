"""From the public form to the first product on the market; the alliance with the keyboard alone."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.clock import now
from marketplace.media.operations import store_paper
from marketplace.notifications.outbox import latest_mails
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.accounts import Organisation
from tests.browser.joining import Hand, fill_in
from tests.browser.stalls import a_category, alliance_officer
from tests.browser.tabs import DESKTOP, PHONE, open_tab
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF, picture
from tests.factories.onboarding import TAX_CODES, items_of, member_officers, sent
from tests.moments import MONDAY

pytestmark = pytest.mark.browser

EMAIL = "lo.thi.mai@example.com"
NAME = "Hợp tác xã Mường Bú"
PASSWORD = "xoài chín vàng bên sông"  # noqa: S105 - of nobody

MOST_FIELDS, MOST_PRESSES, MOST_PAGES = 24, 14, 16
"""What the way may ask of a thumb, from the door to the first product on sale."""
MOST_KEYS, MOST_SECONDS = 40, 120
"""What the alliance may need for an organisation and three certificates."""


def link_in_mail(subject: str, pattern: str) -> str:
    """The path of a link in the latest mail to the applicant with such a subject."""
    for mail in latest_mails(20, EMAIL):
        found = re.search(rf"https?://[^/\s]+({pattern}[\w-]+)", mail.text)
        if subject in mail.subject and found:
            return found[1]
    raise AssertionError(subject)


def test_a_cooperative_comes_to_its_first_product_on_a_telephone(market, chromium):
    with market.app.app_context(), transaction():
        a_category()
        officers = member_officers()
    begun = time.monotonic()

    with open_tab(chromium, PHONE) as page:
        hand = Hand(page)
        fill_in(hand, market.address, email=EMAIL, name=NAME, tax_code=TAX_CODES[3])
        status = page.url
        market.do_jobs()
        with market.app.app_context():
            resumed = link_in_mail("Làm tiếp hồ sơ", "/tham-gia/")
        assert status.startswith(market.address + resumed)

        approve(market, chromium, officers)
        market.do_jobs()
        with market.app.app_context():
            chosen = link_in_mail("đã lên chợ", "/dat-lai-mat-khau/")

        hand.open(market.address + chosen)
        hand.fill(password=PASSWORD)
        hand.press("main form .primary")
        hand.fill(email=EMAIL, password=PASSWORD)
        hand.press("main form .primary")
        code = "MUONGBU"
        first_product(hand, f"{market.address}/quay/{code}")

    assert hand.fields <= MOST_FIELDS
    assert hand.presses <= MOST_PRESSES
    assert hand.pages <= MOST_PAGES
    assert time.monotonic() - begun < 600


def approve(market, chromium, officers) -> None:
    """The alliance reads the application on its pages: two officers, for one item needs both."""
    for officer in officers:
        with open_tab(chromium, DESKTOP) as page:
            market.let_in(page.context, officer.user_id)
            page.goto(f"{market.address}/lien-minh/ho-so")
            click_and_go(page, page.get_by_role("link", name=NAME))
            accept = page.locator("[data-key=a]")
            while accept.count():
                click_and_go(page, accept.first)
            if officer is officers[-1]:
                click_and_go(page, page.locator("main form[action$='/duyet'] .primary"))
                expect(page.locator("main [role=status] .alert.ok")).to_contain_text(NAME)


def click_and_go(page: Page, target: Locator) -> None:
    with page.expect_navigation():
        target.click()


def first_product(hand: Hand, desk: str) -> None:
    page = hand.page
    hand.open(f"{desk}/san-pham/moi")
    hand.fill(name_vi="Xoài tượng Mường Bú")
    hand.choose("#category_id", first_choice(page, "#category_id"))
    hand.press("main form .primary")
    hand.fill(name_vi="Thùng 5 kg", weight="5", price="325.000")
    hand.press("section[aria-labelledby=them] button.primary")
    hand.press("main a.primary")
    hand.attach(
        "#file",
        {"name": "xoai.jpg", "mimeType": "image/jpeg", "buffer": picture(colour=(220, 170, 40))},
    )
    hand.press("main form[action$='/anh'] button")
    hand.press("main a.primary")
    hand.press("main form[action$='/dang-ban'] .primary")
    page.locator("main [role=status] .alert.ok").wait_for()


def first_choice(page: Page, selector: str) -> str:
    values = page.locator(f"{selector} option").evaluate_all("all => all.map(each => each.value)")
    return next(value for value in values if value)


class Keyboard:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def tab_to(self, target: Locator) -> None:
        """Go from link to link until this one is reached, the way it lies."""
        is_before = "each => each.compareDocumentPosition(document.activeElement) & 4"
        step = "Shift+Tab" if target.evaluate(is_before) else "Tab"
        while not target.evaluate("each => each === document.activeElement"):
            assert self.presses < 2 * MOST_KEYS, self.page.url
            self.press(step)

    def press_and_go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state("load")


def test_the_alliance_verifies_with_the_keyboard_alone(market, chromium):
    with market.app.app_context(), transaction():
        application = sent(
            email="ban-phim@example.com",
            facts={"tax_code": TAX_CODES[4], "name": "Hợp tác xã Bàn Phím"},
            at=now(),
        )
        officer_id = alliance_officer()
        other = member_officers()[1]
        two = [item.id for item, each in items_of(application) if each.needs_two]
        code = application.code
        for item_id in two:
            first_of_two(other, application, item_id)
        count = len(items_of(application))

    with open_tab(chromium, DESKTOP) as page:
        market.let_in(page.context, officer_id)
        page.goto(f"{market.address}/lien-minh/ho-so?loai=cooperative")
        keys = Keyboard(page)
        begun = time.monotonic()

        keys.press("j")
        while code not in page.evaluate("document.activeElement.href"):
            keys.press("j")
        keys.press_and_go("Enter")
        for _ in range(count):
            expect(page.locator("[data-item]:focus")).to_have_count(1)
            keys.press_and_go("a")
        expect(page.locator("#quyet-dinh:focus")).to_have_count(1)
        keys.press("d")
        expect(page.locator("[data-key=d]:focus")).to_have_count(1)
        keys.press_and_go("Enter")
        page.locator(".alert.ok").first.wait_for()

        with market.app.app_context(), transaction():
            claimed = three_claims("Hợp tác xã Bàn Phím")
        keys.tab_to(page.locator("nav a[href='/lien-minh/chung-nhan']").first)
        keys.press_and_go("Enter")
        keys.tab_to(page.locator(f"main a.primary[href='/lien-minh/chung-nhan/{claimed[0]}']"))
        keys.press_and_go("Enter")
        for _ in claimed:
            keys.press_and_go("a")
        seconds = time.monotonic() - begun

        page.goto(f"{market.address}/lien-minh/chung-nhan?trang-thai=da-xac-minh")
        assert page.locator("main tbody tr:has-text('Bàn Phím')").count() == len(claimed)
    assert keys.presses <= MOST_KEYS
    assert seconds < MOST_SECONDS


def first_of_two(officer, application, item_id) -> None:
    from marketplace.onboarding import operations  # noqa: PLC0415 - as another officer
    from marketplace.onboarding.rules import Verdict  # noqa: PLC0415

    operations.judge_item(
        actor=officer,
        application_id=application.id,
        item_id=item_id,
        judgement=operations.Judgement(Verdict.ACCEPT),
        at=now(),
    )


def three_claims(name: str) -> list[int]:
    """Three certificates that wait, of the organisation that was just let in."""
    organisation = session.scalars(select(Organisation).where(Organisation.name == name)).one()
    ids = []
    for number in range(3):
        data = PDF.replace(b"Catalog", b"Catalog /K %d" % number)
        paper = store_paper(
            actor=SYSTEM, organisation_id=organisation.id, data=data, name="giay.pdf", at=now()
        )
        certificate = CertificateFactory(
            organisation=organisation,
            waiting=True,
            file=paper,
            number=f"VietGAP-TT-{number}",
            claimed_at=MONDAY - timedelta(days=90 - number),
        )
        ids.append(certificate.id)
    return ids


def test_keys_of_an_item_open_the_field_that_is_needed(market, chromium):
    with market.app.app_context(), transaction():
        application = sent(email="phim-tat@example.com", facts={"tax_code": TAX_CODES[2]}, at=now())
        officer_id = alliance_officer()
        code = application.code

    with open_tab(chromium, DESKTOP) as page:
        market.let_in(page.context, officer_id)
        page.goto(f"{market.address}/lien-minh/ho-so/{code}")
        keys = Keyboard(page)

        keys.press("?")
        expect(page.locator("#phim-tat")).to_be_visible()
        keys.press("Escape")
        keys.press("r")
        expect(page.locator("textarea[id^=note-r-]:focus")).to_have_count(1)
        page.keyboard.type("ajk")
        expect(page.locator("textarea:focus")).to_have_value("ajk")
        keys.press("Escape")
        keys.press("w")
        expect(page.locator("input[id^=until-]:focus")).to_have_count(1)
        keys.press("Escape", "j", "j", "k")
        place = page.evaluate(
            "[...document.querySelectorAll('[data-item]')].indexOf(document.activeElement)"
        )

    assert place == 1


def test_the_form_works_without_scripts(market, chromium):
    with market.app.app_context(), transaction():
        a_category()

    with open_tab(chromium, PHONE, has_scripts=False) as page:
        fill_in(
            Hand(page),
            market.address,
            email="khong-js@example.com",
            name="Hợp tác xã Không Script",
            tax_code=TAX_CODES[1],
        )

        assert "/tinh-trang" in page.url
