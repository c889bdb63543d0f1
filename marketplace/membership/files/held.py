"""Everything that is held about one member, as a workbook to hand over (Law 91/2025/QH15)."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from marketplace.kernel.clock import VIETNAM
from marketplace.membership.files.writing import DAY_FORMAT
from marketplace.membership.rules import FIRST_DAY

Cell = str | int | date | datetime | None
Sheet = tuple[str, Sequence[Sequence[Cell]]]
"""A title, and the rows with the headings first."""

MOMENT_FORMAT: Final = "dd/mm/yyyy hh:mm"
_WIDTH: Final = 28


def held_file(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of these sheets: texts as texts, days as days, numbers as numbers."""
    import xlsxwriter  # noqa: PLC0415 - only who writes a workbook needs it

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": DAY_FORMAT, "align": "left"}),
            "moment": book.add_format({"num_format": MOMENT_FORMAT, "align": "left"}),
        }
        for title, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.set_column(0, 5, _WIDTH)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    _write(sheet, number, place, cell, styles)
    return buffer.getvalue()


def _write(sheet: Any, row: int, place: int, cell: Cell, styles: dict[str, Any]) -> None:  # noqa: ANN401
    if row == 0:
        sheet.write_string(row, place, str(cell or ""), styles["head"])
    elif isinstance(cell, datetime):
        local = cell.astimezone(VIETNAM).replace(tzinfo=None)
        sheet.write_datetime(row, place, local, styles["moment"])
    elif isinstance(cell, date) and cell >= FIRST_DAY:
        sheet.write_datetime(row, place, cell, styles["day"])
    elif isinstance(cell, date):
        sheet.write_string(row, place, f"{cell:%d/%m/%Y}")
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell)
    elif cell:
        sheet.write_string(row, place, cell)
