"""The revenue book of a seller: on the screen, as files, and the lines behind each figure."""

from collections.abc import Callable
from datetime import date
from functools import cache
from urllib.parse import urlencode

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import InvalidError
from marketplace.reporting import charts
from marketplace.reporting.files.csv_file import csv_file
from marketplace.reporting.files.pdf_file import pdf_file
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.lines import revenue_lines
from marketplace.reporting.periods import Months, parse_month
from marketplace.reporting.revenue import RevenueBook, get_revenue_book
from marketplace.reporting.revenue_query import RevenueQuery
from marketplace.reporting.revenue_report import (
    PARAMETERS,
    channel_name,
    period_in_words,
    revenue_report,
)
from marketplace.reporting.tables import Report, change_bps, written
from models.orders import Channel

SHOWN_MONTHS = 12
MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@cooperative.get("/<code>/doanh-thu")
def revenue(code: str) -> ResponseReturnValue:
    """The book of a period, compared with the one before."""
    actor = acting_for(code)
    query, refusal = _query(actor)
    book = get_revenue_book(query, actor=actor)
    report = revenue_report(book, owner=acting_membership().name)
    page = render_template(
        "cooperative/revenue.html",
        code=code,
        book=book,
        report=report,
        chart=_chart(book),
        written=written,
        change=change_bps(book.totals.net_minor, book.previous.net_minor),
        refusal=refusal,
        kept=_kept(query),
        channels=list(Channel),
        channel_name=channel_name,
        open_lines=_opener(code, query),
        file_url=lambda kind: path(f"/quay/{code}/doanh-thu.{kind}") + _question(_kept(query)),
    )
    return page, 422 if refusal else 200


@cooperative.get("/<code>/doanh-thu.<any(csv, xlsx, pdf):kind>")
def revenue_file(code: str, kind: str) -> ResponseReturnValue:
    """The same book as a file."""
    actor = acting_for(code)
    query, refusal = _query(actor)
    if refusal is not None:
        raise refusal
    book = get_revenue_book(query, actor=actor)
    report = revenue_report(book, owner=acting_membership().name)
    months = query.months
    name = f"so-doanh-thu-{code}-{months.first:%Y%m}-{months.last:%Y%m}.{kind}"
    response = Response(_file(kind, report, book), content_type=MIME[kind])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@cooperative.get("/<code>/doanh-thu/don")
def revenue_orders(code: str) -> ResponseReturnValue:
    """The order lines behind one figure of the book."""
    actor = acting_for(code)
    query, refusal = _query(actor)
    page = page_request(50)
    lines = revenue_lines(query, actor=actor, page=page)
    kept = _kept(query)
    body = render_template(
        "cooperative/revenue_lines.html",
        code=code,
        lines=lines,
        kept=kept,
        refusal=refusal,
        period=period_in_words(query.months.first, query.months.last),
        book_url=path(f"/quay/{code}/doanh-thu") + _question(kept),
    )
    return body, 422 if refusal else 200


def _query(actor: Actor) -> tuple[RevenueQuery, InvalidError | None]:
    """What the address asks for; with the refusal, the last twelve months, if it cannot be."""
    refusal: InvalidError | None = None
    today = business_day(now())
    months = Months.until(today, count=SHOWN_MONTHS)
    try:
        months = _months(months)
    except InvalidError as error:
        refusal = error
    return (
        RevenueQuery(
            organisation_id=actor.organisation_id or 0,
            months=months,
            channel=_known_channel(request.args.get(PARAMETERS["channel"])),
            product_id=request.args.get(PARAMETERS["product"], type=int),
            category_id=request.args.get(PARAMETERS["category"], type=int),
            province_code=request.args.get(PARAMETERS["province"]) or None,
        ),
        refusal,
    )


def _months(usual: Months) -> Months:
    """The period of the address; a side that is left out is the usual one."""
    first, last = request.args.get("tu", ""), request.args.get("den", "")
    if not first and not last:
        return usual
    until = parse_month(last) if last else usual.last
    return Months(parse_month(first) if first else min(usual.first, until), until)


def _known_channel(text: str | None) -> str | None:
    return text if text in set(Channel) else None


def _kept(query: RevenueQuery) -> dict[str, str]:
    """The query as the parameters of an address, without what is everything."""
    cuts = {
        "channel": query.channel,
        "product": query.product_id,
        "category": query.category_id,
        "province": query.province_code,
    }
    return {
        "tu": f"{query.months.first:%Y-%m}",
        "den": f"{query.months.last:%Y-%m}",
        **{PARAMETERS[cut]: str(value) for cut, value in cuts.items() if value is not None},
    }


def _question(parameters: dict[str, str]) -> str:
    return "?" + urlencode(parameters)


def _opener(code: str, query: RevenueQuery) -> Callable[..., str]:
    """For the template: the address of the lines behind a figure.

    A book has hundreds of figures, which differ in one or two parameters.
    """
    kept = _kept(query)

    @cache
    def beginning(replaced: frozenset[str]) -> str:
        rest = {name: value for name, value in kept.items() if name not in replaced}
        return path(f"/quay/{code}/doanh-thu/don") + _question(rest) + ("&" if rest else "")

    def address(opens: dict[str, str] | None = None) -> str:
        more = opens or {}
        return (beginning(frozenset(more)) + urlencode(more)).rstrip("&?")

    return address


def _chart(book: RevenueBook) -> charts.ColumnChart:
    return charts.column_chart(
        [_label(row.month) for row in book.months],
        [max(0, row.figures.net_minor) for row in book.months],
    )


def _label(month: date) -> str:
    """`12/25`: short enough to stand under a column."""
    return f"{month.month}/{month:%y}"


def _file(kind: str, report: Report, book: RevenueBook) -> bytes:
    if kind == "csv":
        return csv_file(report)
    if kind == "xlsx":
        return xlsx_file(report)
    return pdf_file(report, chart=_chart(book))
