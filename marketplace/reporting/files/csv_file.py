"""A report as CSV: UTF-8 with BOM and semicolons, as Vietnamese spreadsheets open it."""

import csv
import io
from decimal import Decimal

from marketplace.platform.tables import guarded
from marketplace.reporting.tables import Cell, Kind, Report, plain

BOM = "\ufeff"


def csv_file(report: Report) -> bytes:
    """The figures and every table, one under the other; numbers are plain, weights in kg."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for text in (report.title, report.owner, report.period):
        writer.writerow([guarded(text)])
    writer.writerow([])
    for label, cell, kind in report.figures:
        writer.writerow([label, _plain(cell, kind)])
    for table in report.tables:
        writer.writerow([])
        writer.writerow([table.caption])
        writer.writerow([_heading(column.title, column.kind) for column in table.columns])
        kinds = [column.kind for column in table.columns]
        for cells in (*(row.cells for row in table.rows), table.totals):
            writer.writerow([_plain(cell, kind) for cell, kind in zip(cells, kinds, strict=True)])
    return (BOM + buffer.getvalue()).encode()


def _heading(title: str, kind: Kind) -> str:
    return f"{title} (kg)" if kind is Kind.WEIGHT else title


def _plain(cell: Cell, kind: Kind) -> str:
    value = plain(cell, kind)
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if kind is Kind.MONTH and not isinstance(value, int | Decimal):
        return f"{value:%Y-%m}"
    # A semicolon separates, so the Vietnamese decimal comma is safe.
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)
