"""Looking at a page with axe, and at what axe does not look at."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LEAST_TARGET = 43.5
"""44 pixels, but for rounding."""

_RUN = """async (only) => {
    // A colour that is on its way from light to dark is none of ours.
    const moving = document.getAnimations().filter(each => each instanceof CSSTransition);
    await Promise.allSettled(moving.map(each => each.finished));
    const seen = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
    return seen.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`));
}"""

_LOOK = """(least) => {
    const found = [], say = (what, e) => found.push(`${what}: ${(e?.outerHTML ?? "").slice(0, 160)}`);
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (all("h1").filter(e => e.checkVisibility()).length !== 1) say("not one h1");
    if (!document.title.trim()) say("no title");
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) {
        const wide = all("main *").find(e => e.getBoundingClientRect().right > innerWidth + 1
            && !e.closest(".tscroll, .visually-hidden, .tabs, .gallery"));
        say(`${over} pixels wider than the window`, wide);
    }
    for (const e of all("img")) if (e.complete && !e.naturalWidth && e.loading !== "lazy") say("no picture", e);
    for (const e of all("a[href^='#']")) {
        const id = decodeURIComponent(e.getAttribute("href").slice(1));
        if (!document.getElementById(id)) say("leads nowhere", e);
    }
    const ids = all("[id]").map(e => e.id);
    for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) say(`two of id ${id}`);
    const main = location.pathname.endsWith("/ui") ? [] : all(".primary").filter(e => e.checkVisibility());
    if (main.length > 1) say("more than one primary", main[1]);
    for (const e of least ? all("main button, main .btn, main input.input, main select, .tabbar a, .acts a") : [])
        if (e.checkVisibility() && !e.closest(".stepper, .visually-hidden")
            && !e.classList.contains("visually-hidden")
            && e.getBoundingClientRect().height < least) say("too small for a thumb", e);
    return found;
}"""


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
