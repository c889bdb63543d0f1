"""What sellers and the operator do in a browser, from the statement to the revenue book."""

import re

from playwright.sync_api import Page

from marketplace.kernel.clock import now
from tests.browser.stalls import Stall
from tests.factories.payments import csv_of, row

NEXT = "section[aria-labelledby=tiep]"
"""The card of an order's page that says what comes next."""


def import_statement(page: Page, address: str, minor: int, reference: str) -> None:
    """Bring in a bank statement with one transfer of so many đồng, for `reference`."""
    text = csv_of(row(minor, f"MBVCB.123.{reference} NGUYEN THI HOA chuyen tien", at=now()))
    page.goto(f"{address}/van-hanh/sao-ke")
    page.set_input_files(
        "#statement", {"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.click("main form[enctype] .primary")
    page.wait_for_url("**/sao-ke?tep=*")
    assert page.locator("main .table tbody tr").count() == 1


def fulfil(page: Page, address: str, stall: Stall, number: str) -> None:
    """Confirm, pack, hand over and deliver the part that a cooperative has of an order."""
    page.goto(f"{address}/quay/{stall.code}/don?nhom=cho-xac-nhan")
    page.click(f"main tbody a[href*='{number}']")
    page.click(f"{NEXT} form[action$='/xac-nhan'] .primary")
    page.click(f"{NEXT} form[action$='/dong-goi'] .primary")
    page.fill("#carrier", "Viettel Post")
    page.fill("#tracking_code", "VTP123456789")
    page.click(f"{NEXT} form[action$='/giao-van-chuyen'] .primary")
    page.click(f"{NEXT} form[action$='/da-giao'] .primary")
    page.locator(f"{NEXT} .alert.ok").wait_for()


def earned(page: Page, address: str, stall: Stall, number: str) -> int:
    """What the revenue book says a cooperative has earned, in đồng, with this order behind it."""
    page.goto(f"{address}/quay/{stall.code}/doanh-thu")
    in_book = page.locator("main table").first.locator("tfoot td").all_inner_texts()
    page.locator("main table").first.locator("tfoot a").click()
    page.wait_for_url("**/doanh-thu/don?**")
    assert number in page.inner_text("main table")
    behind = page.locator("main table tbody tr td:last-child").all_inner_texts()
    total = sum(map(amount_in, behind))
    assert total in map(amount_in, in_book)
    return total


def amount_in(text: str) -> int:
    """The whole đồng in a text, however its language groups them."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else 0


def transfer_asked(page: Page) -> tuple[int, str]:
    """What the page of payment asks to transfer: đồng and reference."""
    values = page.locator("[data-copy]").evaluate_all("all => all.map(e => e.dataset.copy)")
    amount, reference = values[-2:]
    return int(amount), reference
