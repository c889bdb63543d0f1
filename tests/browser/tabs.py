"""Tabs of a browser, and what they complain about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

PHONE, DESKTOP = (360, 740), (1280, 800)
PATIENCE_MS = 20_000
"""How long a busy machine may take for one step."""


@dataclass
class Complaints:
    """What went wrong in a tab: errors of scripts, refusals of the CSP, missing files.

    Attributes:
        all: in the order in which they came.
        expected: parts of the texts that are no fault here, such as "status of 422".
    """

    all: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def listen(self, page: Page) -> None:
        """Gather what a tab says from now on."""
        page.on("console", self._hear)
        page.on("pageerror", self._break)

    def _hear(self, message: ConsoleMessage) -> None:
        is_fault = message.type in {"error", "warning"}
        if is_fault and not any(each in message.text for each in self.expected):
            self.all.append(f"{message.location.get('url', '')}: {message.text}")

    def _break(self, error: Any) -> None:
        self.all.append(f"script: {error}")


@contextmanager
def open_tab(
    browser: Browser,
    size: tuple[int, int] = PHONE,
    *,
    has_scripts: bool = True,
    expected: tuple[str, ...] = (),
) -> Iterator[Page]:
    """A tab with nobody signed in; a complaint of its console fails the block at its end."""
    is_phone = size[0] < DESKTOP[0]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=is_phone,
        has_touch=is_phone,
        java_script_enabled=has_scripts,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    complaints = Complaints(expected=expected)
    page = context.new_page()
    complaints.listen(page)
    yield page
    context.close()
    assert not complaints.all, "\n".join(complaints.all)
