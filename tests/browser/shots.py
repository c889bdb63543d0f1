"""`make shots`: a picture of every page, telephone and desktop, into `var/shots`.

Starts the marketplace with its demonstration data on a port and a folder of its own, walks
it as each demonstration account by following links, and takes one picture of each kind of
page. Nobody lists the pages: what a link leads to is taken.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from marketplace.app import create_app
from marketplace.cli.setup import DEMO_ACCOUNTS, DEMO_PASSWORD
from marketplace.platform.config import ROOT
from tests.browsers import find_chromium

FOLDER = ROOT / "var" / "shots"
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
START = ("/", "/en/", "/ui", "/san-pham", "/hop-tac-xa", "/truy-xuat", "/quay", "/tai-khoan")
READY_SECONDS = 300
MOST_PAGES = 400
NOT_PAGES = (".csv", ".xlsx", ".pdf", ".png", ".svg", ".xml", ".txt", ".webp")


def main() -> int:
    """Take the pictures; return the exit code."""
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("No Chromium was found: install one, or set CHROMIUM to its path.\n")
        return 2
    app = create_app()
    taken = 0
    with _marketplace() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=["--disable-dev-shm-usage", "--disable-gpu"]
        )
        for address, _ in [("", ""), *DEMO_ACCOUNTS]:
            name = address.partition("@")[0] or "visitor"
            for size in SIZES:
                taken += _walk(browser, app, base, address=address, into=FOLDER / size / name)
        browser.close()
    sys.stdout.write(f"{taken} pictures are in {FOLDER}.\n")
    return 0


def _walk(browser: Browser, app: Flask, base: str, *, address: str, into: Path) -> int:
    """Take one picture of each kind of page that somebody reaches; return how many."""
    width, height = SIZES[into.parent.name]
    into.mkdir(parents=True, exist_ok=True)
    is_phone = into.parent.name == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=is_phone,
        has_touch=is_phone,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page = context.new_page()
    if address:
        _sign_in(page, base, address)
    waiting, known, seen = deque(START), set(START), set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        kind = _kind(app, path)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(base + path, wait_until="load")
        if answer is None or not answer.ok or "html" not in answer.headers["content-type"]:
            continue
        page.screenshot(path=into / f"{kind}.png", full_page=True)
        for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
            parts = urlsplit(link)
            found = parts.path + (f"?{parts.query}" if parts.query else "")
            if link.startswith(base) and found not in known and not parts.path.endswith(NOT_PAGES):
                known.add(found)
                waiting.append(found)
    context.close()
    return len(seen)


def _sign_in(page: Page, base: str, address: str) -> None:
    page.goto(f"{base}/dang-nhap")
    page.fill("input[type=email]", address)
    page.fill("input[type=password]", DEMO_PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_load_state()


def _kind(app: Flask, path: str) -> str | None:
    """What sort of page a path is: its view, and the language when it is not Vietnamese."""
    plain = urlsplit(path).path
    is_english = plain == "/en" or plain.startswith("/en/")
    if is_english:
        plain = plain[3:] or "/"
    try:
        endpoint, _ = app.url_map.bind("localhost").match(plain, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return f"{endpoint}.en" if is_english else str(endpoint)


@contextmanager
def _marketplace() -> Iterator[str]:
    """The address of a marketplace with demonstration data, stopped after the block."""
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
