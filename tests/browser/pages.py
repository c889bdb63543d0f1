"""The pages of the marketplace: which there are, and how somebody comes to them.

Nobody lists them: whoever walks follows every link and stops once at each kind of page.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

FILES = frozenset(
    {
        "static",
        "alliance.figures_file",
        "alliance.show_appeal_paper",
        "alliance.show_application_paper",
        "alliance.show_paper",
        "contracts.follow_calendar",
        "contracts.print_note",
        "contracts.show_calendar",
        "checkout.pay_code",
        "checkout.pay_status",
        "contracts.contract_file",
        "contracts.due_code",
        "contracts.invoice_file",
        "contracts.show_photo",
        "contracts.signatures_file",
        "cooperative.member_data",
        "cooperative.print_labels",
        "cooperative.plots_file",
        "cooperative.print_slip",
        "cooperative.register_file",
        "cooperative.revenue_file",
        "cooperative.show_appeal_paper",
        "cooperative.sample_plots",
        "cooperative.sample_register",
        "cooperative.show_paper",
        "contracts.statement_workbook",
        "cooperative.show_request_file",
        "enterprise.comparison_file",
        "enterprise.requests_file",
        "enterprise.show_file",
        "enterprise.supply_file",
        "joining.show_paper",
        "cooperative.years_file",
        "cooperative.supply_file",
        "operator.sample",
        "storefront.certificate_paper",
        "storefront.photo",
        "storefront.robots",
        "storefront.sitemap",
        "storefront.sitemap_index",
        "system.alive",
        "system.ready",
        "system.show_page_of_mail",
        "trace.qr_file",
        "trace.qr_picture",
    }
)
"""What answers a GET with something else than a page of ours: files, fragments, mails, JSON."""

MOST_KINDS = 200


def kinds_of_pages(app: Flask) -> set[str]:
    """Every view that answers a GET with a page."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - FILES


def kind_of(app: Flask, path: str) -> str | None:
    """The view behind a path, with or without a language; None if there is no page."""
    plain = urlsplit(path).path
    if plain == "/en" or plain.startswith("/en/"):
        plain = plain[3:] or "/"
    try:
        endpoint, _ = app.url_map.bind("localhost").match(plain, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint in FILES else str(endpoint)


def walk(
    page: Page, app: Flask, base: str, start: Iterable[str], within: tuple[str, ...] = ("/",)
) -> Iterator[tuple[str, str]]:
    """Come to one page of each kind, beginning with `start`; the page stands open meanwhile.

    Every address of `start` is gone to, whatever its kind and its answer; links are followed in
    the language of the first, to paths that begin as one of `within`.

    Yields:
        The kind of the page at hand, and its path.
    """
    given = list(start)
    prefix = "/en" if given and given[0].startswith("/en") else ""
    waiting, known, seen = deque(given), set(given), set[str]()
    while waiting and len(seen) < MOST_KINDS:
        path = waiting.popleft()
        kind = kind_of(app, path)
        if kind is None or (kind in seen and path not in given):
            continue
        answer = page.goto(base + path, wait_until="load")
        shown = kind_of(app, page.url.removeprefix(base))
        if answer is None or shown is None or not (answer.ok or path in given):
            continue
        if shown != kind and shown in seen:
            continue  # led away to a page that was looked at already
        seen.update({kind, shown})
        found = links_of(page, base)
        yield shown, path
        for link in found:
            if link not in known and link.startswith(tuple(prefix + each for each in within)):
                known.add(link)
                waiting.append(link)


ADDRESSES: Final = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"


def links_of(page: Page, base: str) -> list[str]:
    """The paths, with their queries, to which the links of a page lead, those of drawings too."""
    parts = map(urlsplit, page.eval_on_selector_all("a[href]", ADDRESSES))
    return [
        each.path + (f"?{each.query}" if each.query else "")
        for each in parts
        if f"{each.scheme}://{each.netloc}" == base
    ]
