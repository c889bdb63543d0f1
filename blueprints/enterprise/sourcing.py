"""`/mua-hang/<code>/nguon-hang`: who will have how much, where and when."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.sourcing_page import (
    ARCHIPELAGOS,
    NAMED_ON_MAP,
    calendar_of,
    chips_of,
    choices_of,
    heats,
    legend_of,
    link_to,
    mapping_of,
    parts_of,
    suggestions_of,
)
from blueprints.fields import parse_number
from blueprints.locale import path
from blueprints.paging import page_request, page_url
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Permission, authorize
from marketplace.certification.schemes import badge_label
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.quantity import GRAMS_PER_KG
from marketplace.platform.formatting import GRAMS_PER_TONNE, number
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.sourcing.answers import Answer, search_supply
from marketplace.reporting.sourcing.report import sourcing_report
from marketplace.reporting.sourcing.search import (
    MOST_KG,
    Search,
    address_of,
    months_from,
    read_search,
)
from marketplace.sourcing.searches.queries import find_kept
from models.accounts import VerificationState

PAGE_SIZE: Final = 20
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKING: Final = "/mua-hang/<code>/yeu-cau/moi"
"""Where a request for quotation begins."""

Problems = dict[str, str]


@enterprise.get("/<code>/nguon-hang")
def find_supply(code: str) -> ResponseReturnValue:
    """The search, its answer as a map, a calendar and a list."""
    actor = acting_for(code)
    buyer = acting_membership()
    authorize(actor, Permission.SEARCH_KEEP, buyer)
    if buyer.verification != VerificationState.VERIFIED:
        return render_template("enterprise/sourcing_closed.html", code=code, desk=buyer)
    search, problems = _wanted()
    if problems:
        return _form(code, search, problems), 422
    page = page_request(PAGE_SIZE)
    answer = search_supply(search, buyer=buyer, actor=actor, page=page, at=now())
    if page.number > answer.offers.page.last:
        return redirect(page_url(answer.offers.page.last), 303)
    return _page(code, search, answer)


@enterprise.get("/<code>/nguon-hang.xlsx")
def supply_file(code: str) -> ResponseReturnValue:
    """The same answer, all of it, as a workbook."""
    actor, buyer = acting_for(code), acting_membership()
    authorize(actor, Permission.SEARCH_KEEP, buyer)
    search, problems = _wanted()
    if problems:
        return redirect(path(f"/mua-hang/{code}/nguon-hang") + _own_query(), 303)
    at = now()
    answer = search_supply(search, buyer=buyer, actor=actor, page=None, at=at)
    report = sourcing_report(answer, search, owner=buyer.name)
    response = Response(xlsx_file(report), content_type=XLSX)
    name = f"nguon-hang-{business_day(at):%Y%m%d}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(code: str, search: Search, answer: Answer) -> str:
    base = path(f"/mua-hang/{code}/nguon-hang")
    query = urlencode(address_of(search))
    parts, classes = parts_of(answer, search, base)
    offers = answer.offers
    return render_template(
        "enterprise/sourcing.html",
        code=code,
        base=base,
        search=search,
        answer=answer,
        page=offers.page,
        page_args=_by_name(search),
        months=offers.months,
        rule=offers.rule,
        parts=parts,
        named=[part for part in parts if part.is_on or part in parts[:NAMED_ON_MAP]],
        legend=legend_of(classes),
        calendar=calendar_of(answer, search, base),
        all_months=link_to(base, replace(search, first=None, last=None)),
        chips=chips_of(search, base),
        mappings=[words for words in map(mapping_of, (search.named, search.delivered)) if words],
        suggestions=suggestions_of(answer, search, base) if not offers.page.total else [],
        kept=find_kept(acting_membership(), query),
        query=query,
        file_url=path(f"/mua-hang/{code}/nguon-hang.xlsx") + (f"?{query}" if query else ""),
        asking=_asking(code),
        archipelagos=ARCHIPELAGOS,
        heats=heats,
        tonnes=tonnes,
        badge_label=badge_label,
        **_fields(search, answer, {}),
    )


def _form(code: str, search: Search, problems: Problems) -> str:
    base = path(f"/mua-hang/{code}/nguon-hang")
    return render_template(
        "enterprise/sourcing.html",
        code=code,
        base=base,
        search=search,
        answer=None,
        mappings=[],
        chips=[],
        **_fields(search, None, problems),
    )


def _fields(search: Search, answer: Answer | None, problems: Problems) -> dict[str, Any]:
    """What the form shows: what was typed as it was typed, else what the address says."""
    tonnes_typed = request.args.get("tan", "")
    if not tonnes_typed and search.at_least_g:
        tonnes_typed = number(Decimal(search.at_least_g) / GRAMS_PER_TONNE, 3)
    return {
        "problems": problems,
        "tonnes_typed": tonnes_typed,
        "month_choices": months_from(business_day(now())),
        **choices_of(answer),
    }


def _wanted() -> tuple[Search, Problems]:
    """What the address asks for, and what of it nobody can understand."""
    search = read_search(request.args.to_dict(flat=False))
    problems: Problems = {}
    typed = request.args.get("tan", "").strip()
    if typed:
        try:
            grams = int(parse_number(typed, current_locale()) * GRAMS_PER_TONNE)
        except ValueError:
            grams = -1
        if not 0 <= grams <= MOST_KG * GRAMS_PER_KG:
            problems["tan"] = _("Nhập số tấn, ví dụ %(example)s", example=number(Decimal("1.5")))
        else:
            search = replace(search, at_least_g=grams // GRAMS_PER_KG * GRAMS_PER_KG)
    unknown = _(
        "Không có tỉnh, thành nào tên như vậy. Viết tên tỉnh, tên cũ cũng được, ví dụ Bình Dương."
    )
    if search.place and search.named is None:
        problems["vung"] = unknown
    if search.deliver_to and search.delivered is None:
        problems["toi"] = unknown
    if search.within_km and not search.deliver_to:
        problems["toi"] = _("Muốn lọc theo khoảng cách, mời nhập tỉnh nơi giao.")
    return search, problems


def tonnes(grams: int) -> str:
    """Tonnes for a narrow cell: the larger, the rounder; never nothing for something."""
    value = Decimal(grams) / GRAMS_PER_TONNE
    for least, digits in ((100, 0), (1, 1), (Decimal("0.01"), 2)):
        if value >= least:
            return number(round(value, digits), digits)
    return number(value, 3) if grams else "0"


def _asking(code: str) -> str:
    """The address at which a request begins; empty as long as there is none."""
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    return path(ASKING.replace("<code>", code)) if ASKING in rules else ""


def _by_name(search: Search) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in address_of(search):
        found.setdefault(name, []).append(value)
    return found


def _own_query() -> str:
    query = request.query_string.decode("ascii", "ignore")
    return f"?{query}" if query else ""
