"""Looking at a page with axe, and at what axe does not look at."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LEAST_TARGET = 43.5
"""44 pixels, but for rounding."""

_LOOK = (HERE / "look.js").read_text(encoding="utf-8").partition("\n")[2]
_RUN = (HERE / "run_axe.js").read_text(encoding="utf-8").partition("\n")[2]


def complaints_about(page: Page, language: str, *, is_phone: bool) -> list[str]:
    """What is wrong with the page at hand, at the size that its window has now.

    Args:
        page: an open page.
        language: the one that it says it is in.
        is_phone: thumbs are to hit everything.
    """
    found: list[str] = page.evaluate(_LOOK, LEAST_TARGET if is_phone else 0)
    if page.get_attribute("html", "lang") != language:
        found.append("another language")
    return found + axe(page, EVERYTHING)


def axe(page: Page, only: dict[str, Any]) -> list[str]:
    """What axe finds, by the rules named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(_RUN, only)
    return found
