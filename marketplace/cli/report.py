"""`marketplace report …`: figures for people, in the terminal or for a program."""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import click
from flask.cli import with_appcontext

from marketplace.accounts.permissions import SYSTEM
from marketplace.accounts.queries import get_organisation
from marketplace.kernel.errors import DomainError
from marketplace.reporting.periods import Months, parse_month
from marketplace.reporting.revenue import RevenueBook, get_revenue_book
from marketplace.reporting.revenue_query import RevenueQuery
from marketplace.reporting.revenue_report import revenue_report
from marketplace.reporting.tables import Cell, Kind, Table, plain, written


@click.group()
def report() -> None:
    """Figures for people."""


@report.command()
@click.option("--organisation", "code", required=True, help="Its code, as in the desk's address.")
@click.option("--from", "first", required=True, metavar="YYYY-MM", help="The first month.")
@click.option("--to", "last", required=True, metavar="YYYY-MM", help="The last month.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="For the eye, for a spreadsheet, for a program.",
)
@with_appcontext
def revenue(code: str, first: str, last: str, form: str) -> None:
    """The revenue book of a seller, month by month, in whole đồng."""
    try:
        organisation = get_organisation(code=code)
        months = Months(parse_month(first), parse_month(last))
        query = RevenueQuery(organisation_id=organisation.id, months=months)
        book = get_revenue_book(query, actor=SYSTEM)
    except DomainError as error:
        raise click.ClickException(error.message % error.details) from error
    months_table = revenue_report(book, owner=organisation.name).tables[0]
    if form == "json":
        click.echo(json.dumps(_as_json(book, code), ensure_ascii=False, indent=2))
    elif form == "csv":
        _write_csv(months_table)
    else:
        click.echo(organisation.name)
        click.echo(_as_text(months_table))


def _write_csv(table: Table) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(column.title for column in table.columns)
    kinds = [column.kind for column in table.columns]
    for cells in _all_cells(table):
        writer.writerow(_as_data(cell, kind) for cell, kind in zip(cells, kinds, strict=True))


def _all_cells(table: Table) -> list[Sequence[Cell]]:
    """The rows, then the totals."""
    return [*(row.cells for row in table.rows), table.totals]


def _as_data(cell: Cell, kind: Kind) -> object:
    """Months as YYYY-MM, weights in kilograms, amounts in đồng."""
    value = plain(cell, kind)
    return f"{value:%Y-%m}" if isinstance(value, date) else value


def _as_text(table: Table) -> str:
    """Columns under their headings; numbers at the right."""
    kinds = [column.kind for column in table.columns]
    lines = [
        [column.title for column in table.columns],
        *(
            [written(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]
            for cells in _all_cells(table)
        ),
    ]
    widths = [max(len(line[index]) for line in lines) for index in range(len(kinds))]
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first = line[0].ljust(widths[0])
    return "  ".join(
        [first, *(text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True))]
    )


def _as_json(book: RevenueBook, code: str) -> dict[str, object]:
    """Everything of the book; amounts are whole đồng, weights grams."""
    return {
        "organisation": code,
        "from": f"{book.query.months.first:%Y-%m}",
        "to": f"{book.query.months.last:%Y-%m}",
        "currency": "VND",
        "orders": book.order_count,
        "totals": asdict(book.totals),
        "previous": asdict(book.previous),
        "paid_minor": book.paid.minor,
        "outstanding_minor": book.outstanding.minor,
        "months": [{"month": f"{row.month:%Y-%m}", **asdict(row.figures)} for row in book.months],
        "products": [{"product": row.name_vi, **asdict(row.figures)} for row in book.products],
    }
