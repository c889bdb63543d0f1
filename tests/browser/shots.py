"""`make shots`: a picture of every page, telephone and desktop, into `var/shots`.

Walks the marketplace that runs (`make run`), or else one of its own with the demonstration data,
as each demonstration account, by following links, and takes one picture of each kind of page:
in light and in Vietnamese, and of what a guest sees in the dark and in English too.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from marketplace.app import create_app
from marketplace.cli.setup import DEMO_PASSWORD
from marketplace.platform.config import ROOT, read_settings
from tests.browser.pages import walk
from tests.browsers import find_chromium

FOLDER = ROOT / "var" / "shots"
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
READY_SECONDS = 300
TALLEST = 6000
"""Pixels of a picture: a longer page is cut."""


@dataclass(frozen=True)
class Round:
    """What somebody looks at.

    Attributes:
        folder: where their pictures go.
        address: with which they sign in; "" for a guest.
        start: where they begin.
        within: how the paths begin to which they follow links.
        scheme: "light" or "dark".
    """

    folder: str
    address: str
    start: tuple[str, ...]
    within: tuple[str, ...]
    scheme: str = "light"


SHOP = ("/", "/san-pham", "/hop-tac-xa", "/truy-xuat", "/gio-hang", "/dang-nhap", "/dang-ky")
ROUNDS = (
    Round("guest", "", (*SHOP, "/ui"), ("/",)),
    Round("guest-dark", "", ("/", "/san-pham", "/ui"), ("/san-pham/", "/hop-tac-xa"), "dark"),
    Round("guest-english", "", ("/en/", "/en/san-pham", "/en/hop-tac-xa"), ("/",)),
    Round("buyer", "khach@demo.example", ("/gio-hang", "/dat-hang", "/tai-khoan"),
          ("/tai-khoan", "/don-hang")),
    Round("director", "htx@demo.example", ("/quay",), ("/quay",)),
    Round("accountant", "ketoan@demo.example", ("/quay",), ("/quay",)),
    Round("enterprise", "doanhnghiep@demo.example", ("/quay", "/tai-khoan"), ("/tai-khoan",)),
    Round("alliance", "lienminh@demo.example", ("/lien-minh",), ("/lien-minh",)),
    Round("operator", "vanhanh@demo.example", ("/van-hanh",), ("/van-hanh",)),
)  # fmt: skip


def main() -> int:
    """Take the pictures; return the exit code."""
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("No Chromium was found: install one, or set CHROMIUM to its path.\n")
        return 2
    app, taken = create_app(), 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    with _marketplace() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-dev-shm-usage", "--disable-gpu"]
        )
        for way in ROUNDS:
            taken += _go(browser, app, base, way)
            sys.stdout.write(f"{way.folder}: {taken} pictures so far\n")
            sys.stdout.flush()
        browser.close()
    sys.stdout.write(f"{taken} pictures are in {FOLDER}.\n")
    return 0


def _go(browser: Browser, app: Flask, base: str, way: Round) -> int:
    """Take both pictures of each kind of page of a round; return how many."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme=way.scheme,
        reduced_motion="reduce",
    )
    page, count = context.new_page(), Counter[str]()
    if way.address:
        _sign_in(page, base, way.address)
    if "/dat-hang" in way.start:
        _fill_basket(page, base)
    for size in SIZES:
        (FOLDER / size / way.folder).mkdir(parents=True, exist_ok=True)
    for kind, _path in walk(page, app, base, way.start, way.within):
        count[kind] += 1
        name = kind if count[kind] == 1 else f"{kind}-{count[kind]}"
        _take(page, way.folder, name)
    context.close()
    return count.total() * len(SIZES)


def _take(page: Page, folder: str, name: str) -> None:
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        # Pictures below the fold are loaded when somebody comes near.
        page.evaluate(
            "() => { for (const e of document.images) e.loading = 'eager';"
            " return Promise.allSettled([...document.images].map(e => e.decode())); }"
        )
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        # As tall as the page, so that bars stay at its end instead of lying across the middle.
        page.set_viewport_size({"width": width, "height": max(height, min(TALLEST, tall))})
        page.screenshot(path=FOLDER / size / folder / f"{name}.png")


def _sign_in(page: Page, base: str, address: str) -> None:
    page.goto(f"{base}/dang-nhap")
    page.fill("input[type=email]", address)
    page.fill("input[type=password]", DEMO_PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def _fill_basket(page: Page, base: str) -> None:
    """Put something of two cooperatives into the basket."""
    for words in ("ca+phe", "gao"):
        page.goto(f"{base}/san-pham?q={words}&con-hang=1")
        page.click(".product a")
        page.click(".buybar .primary")
        page.wait_for_url("**/gio-hang")


@contextmanager
def _marketplace() -> Iterator[str]:
    """The address of the marketplace that runs, or of one that is stopped after the block."""
    settings = read_settings()
    if _is_ready(settings.base_url):
        yield settings.base_url
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PORT": str(port), "BASE_URL": base}
    environment["VAR_DIR"] = str(ROOT / "var" / "shots-data")
    command = [sys.executable, "-m", "marketplace.cli.main", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
    try:
        end = time.monotonic() + READY_SECONDS
        while not _is_ready(base):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("The marketplace did not start; see above.")
            time.sleep(0.2)
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _is_ready(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/readyz", timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
