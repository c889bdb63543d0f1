"""A report as a workbook: real numbers and months, frozen headings, a check under each total."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from marketplace.platform.translation import gettext as _
from marketplace.reporting.tables import Kind, Report, Table, plain

FORMATS = {
    Kind.MONEY: {"num_format": '#,##0 "₫"'},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.WEIGHT: {"num_format": '#,##0.0 "kg"'},
    Kind.CHANGE: {"num_format": "+0.0%;-0.0%;0%"},
    Kind.SHARE: {"num_format": "0.0%"},
    Kind.MONTH: {"num_format": "mm/yyyy", "align": "left"},
    Kind.DAY: {"num_format": "dd/mm/yyyy", "align": "left"},
    Kind.TEXT: {},
}
WIDTHS = {Kind.TEXT: 34, Kind.MONEY: 18, Kind.WEIGHT: 14}
OTHER_WIDTH = 12
SHEET_NAME_LENGTH = 31


def xlsx_file(report: Report, *, made_at: datetime | None = None) -> bytes:
    """A sheet of figures, then a sheet for each table.

    Totals are values from the facts, not formulas; beside the months a check cell says whether
    the rows add up to them.

    Args:
        report: what to write.
        made_at: the moment that the file names as its making, so that the same report is always
            the same bytes; None: the present one.
    """
    import xlsxwriter  # noqa: PLC0415 - only processes that write a workbook need it

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        if made_at is not None:
            book.set_properties({"created": made_at.replace(tzinfo=None)})
        styles = {kind: book.add_format(style) for kind, style in FORMATS.items()}
        strong = {
            kind: book.add_format({**style, "bold": True, "top": 1})
            for kind, style in FORMATS.items()
        }
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        _write_figures(book.add_worksheet(_("Thông tin")), report, styles, head)
        for table in report.tables:
            sheet = book.add_worksheet(table.caption[:SHEET_NAME_LENGTH])
            _write_table(sheet, table, styles, strong, head)
    return buffer.getvalue()


def _write_figures(sheet: Any, report: Report, styles: dict[Kind, Any], head: Any) -> None:  # noqa: ANN401
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 44)
    sheet.write_string(0, 0, report.title, head)
    whose = [(_("Tổ chức"), report.owner), (_("Kỳ"), report.period)]
    rows = [*(each for each in whose if each[1]), *report.facts]
    for number, (label, text) in enumerate(rows, start=1):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, text)
    for number, (label, cell, kind) in enumerate(report.figures, start=len(rows) + 2):
        sheet.write_string(number, 0, label)
        _write(sheet, number, 1, plain(cell, kind), styles[kind])


def _write_table(
    sheet: Any,  # noqa: ANN401
    table: Table,
    styles: dict[Kind, Any],
    strong: dict[Kind, Any],
    head: Any,  # noqa: ANN401
) -> None:
    kinds = [column.kind for column in table.columns]
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, WIDTHS.get(column.kind, OTHER_WIDTH))
        sheet.write_string(0, index, column.title, head)
    sheet.freeze_panes(1, 1)
    last = len(table.rows)
    if last:
        sheet.autofilter(0, 0, last, len(kinds) - 1)
    for number, row in enumerate(table.rows, start=1):
        for index, (cell, kind) in enumerate(zip(row.cells, kinds, strict=True)):
            _write(sheet, number, index, plain(cell, kind), styles[kind])
    for index, (cell, kind) in enumerate(zip(table.totals, kinds, strict=True)):
        _write(sheet, last + 1, index, plain(cell, kind), strong[kind])
    for index, kind in enumerate(kinds):
        if kind is Kind.MONEY:
            rows = [row.cells[index] for row in table.rows]
            adds_up = sum(cell for cell in rows if isinstance(cell, int)) == table.totals[index]
            sheet.write_string(last + 2, index, "✓" if adds_up else _("Lệch"))


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:  # noqa: ANN401
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_datetime(row, column, value, style)
