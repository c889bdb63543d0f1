"""The register as people take it away: with the columns that are read again."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from marketplace.geography import queries as geography
from marketplace.membership.files.columns import HEADINGS, Column
from marketplace.membership.queries.members import MemberLine
from marketplace.membership.rules import FIRST_DAY, KIND_WORDS
from marketplace.platform.formatting import phone
from marketplace.platform.tables import guarded
from marketplace.platform.translation import gettext as _
from models.membership import MemberKind

Cell = str | date | None
BOM: Final = "\ufeff"
DAY_FORMAT: Final = "dd/mm/yyyy"
_WIDTHS: Final = {Column.NAME: 30, Column.HAMLET: 30, Column.NOTE: 30}
_OTHER_WIDTH: Final = 17


def lines_of(members: Iterable[MemberLine]) -> list[list[Cell]]:
    """Each member as cells, in the order of the columns."""
    kinds = {kind: _(word) for kind, word in KIND_WORDS.items()}
    official, associate = _("chính thức"), _("liên kết")
    return [
        [
            each.code,
            each.name,
            kinds[MemberKind(each.kind)],
            phone(each.phone) if each.phone else "",
            geography.province(each.province_code).name,
            _commune(each.commune_code),
            each.hamlet,
            each.joined_on,
            each.left_on,
            official if each.is_official else associate,
            each.note,
        ]
        for each in members
    ]


def csv_file(lines: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM and semicolons, as Vietnamese spreadsheets open it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_(heading) for heading in HEADINGS.values()])
    for line in lines:
        writer.writerow([_written(cell) for cell in line])
    return (BOM + buffer.getvalue()).encode()


def xlsx_file(lines: Sequence[Sequence[Cell]], *, title: str) -> bytes:
    """A workbook with one sheet: texts as texts, days as days, the head frozen."""
    import xlsxwriter  # noqa: PLC0415 - only who writes a workbook needs it

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": DAY_FORMAT, "align": "left"})
        text = book.add_format({"num_format": "@"})  # a code such as 007 keeps its zeros
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 2)
        for place, (column, heading) in enumerate(HEADINGS.items()):
            sheet.set_column(place, place, _WIDTHS.get(column, _OTHER_WIDTH))
            sheet.write_string(0, place, _(heading), head)
        for number, line in enumerate(lines, start=1):
            _write_line(sheet, number, line, text=text, day=day)
    return buffer.getvalue()


def sample_lines(today: date) -> list[list[Cell]]:
    """Two members as an example of what a file holds."""
    return [
        [
            "TV-0001", "Nguyễn Thị Hoa", _("Hộ gia đình"), "0912 345 678", "Đắk Lắk", "",
            "Buôn Sút", date(2019, 5, 20), None, _("chính thức"), "",
        ],
        [
            "TV-0002", "Y Blơm Niê", _("Cá nhân"), "", "Đắk Lắk", "", "", today, None,
            _("liên kết"), "",
        ],
    ]  # fmt: skip


def _commune(code: str | None) -> str:
    commune = geography.find_commune(code) if code else None
    return commune.full_name if commune else ""


def _written(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return guarded(cell or "")


def _write_line(sheet: Any, number: int, line: Sequence[Cell], *, text: Any, day: Any) -> None:  # noqa: ANN401
    for place, cell in enumerate(line):
        # A workbook with an earlier day opens nowhere; registers of old may hold one.
        if isinstance(cell, date) and cell >= FIRST_DAY:
            sheet.write_datetime(number, place, cell, day)
        elif isinstance(cell, date):
            sheet.write_string(number, place, _written(cell), text)
        elif cell:
            sheet.write_string(number, place, cell, text)
