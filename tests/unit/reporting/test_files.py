"""The files say what the tables say."""

import io
from datetime import date

import openpyxl
import pypdf
import pytest

from marketplace.platform.translation import using_locale
from marketplace.reporting.charts import column_chart
from marketplace.reporting.files.csv_file import csv_file, guarded
from marketplace.reporting.files.pdf_file import pdf_file
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.tables import (
    Column,
    Kind,
    Report,
    Table,
    TableRow,
    change_bps,
    share_bps,
    written,
)


@pytest.fixture
def report() -> Report:
    return Report(
        title="Sổ doanh thu",
        owner="=HTX Cà phê Cư M’gar",
        period="tháng 10/2026 – tháng 11/2026",
        facts=[("Cách tính", "Theo ngày giao xong")],
        figures=[("Thực nhận", 3_750_001, Kind.MONEY)],
        tables=[
            Table(
                key="month",
                caption="Theo tháng",
                columns=[
                    Column("Tháng", Kind.MONTH),
                    Column("Khối lượng", Kind.WEIGHT),
                    Column("Thực nhận", Kind.MONEY),
                    Column("So kỳ trước", Kind.CHANGE),
                ],
                rows=[
                    TableRow([date(2026, 10, 1), 12_500, 1_250_001, None]),
                    TableRow([date(2026, 11, 1), 25_000, 2_500_000, -1_250]),
                ],
                totals=["Cộng", 37_500, 3_750_001, 840],
            )
        ],
    )


def test_csv_has_plain_numbers_and_no_formula(report):
    text = csv_file(report).decode("utf-8-sig")

    assert text.splitlines() == [
        "Sổ doanh thu",
        "'=HTX Cà phê Cư M’gar",
        "tháng 10/2026 – tháng 11/2026",
        "",
        "Thực nhận;3750001",
        "",
        "Theo tháng",
        "Tháng;Khối lượng (kg);Thực nhận;So kỳ trước",
        "2026-10;12,5;1250001;",
        "2026-11;25;2500000;-0,125",
        "Cộng;37,5;3750001;0,084",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "|"])
def test_texts_that_look_like_formulas_are_guarded(start):
    assert guarded(start + "SUM(A1)") == "'" + start + "SUM(A1)"


def test_xlsx_has_real_numbers_and_its_check_holds(report):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(report)))
    sheet = book["Theo tháng"]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert rows[1][1:] == [12.5, 1_250_001, None]
    assert rows[3] == ["Cộng", 37.5, 3_750_001, 0.084]
    assert rows[4][2] == "✓"
    assert book["Thông tin"]["B2"].value == "=HTX Cà phê Cư M’gar"
    assert book["Thông tin"]["B2"].data_type == "s"


def test_xlsx_says_when_the_rows_do_not_add_up(report):
    table = report.tables[0]
    short = Report(
        report.title,
        report.owner,
        report.period,
        report.facts,
        report.figures,
        [Table(table.key, table.caption, table.columns, table.rows[:1], table.totals)],
    )

    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(short)))["Theo tháng"]

    assert sheet["C4"].value == "Lệch"


def test_pdf_shows_every_figure_as_people_read_it(report):
    chart = column_chart(["10/26", "11/26"], [1_250_001, 2_500_000])

    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(pdf_file(report, chart=chart))).pages
    ).replace("\u00a0", " ")

    for expected in ("HTX Cà phê Cư M’gar", "1.250.001 ₫", "12,5 kg", "-12,5 %", "tháng 10/2026"):
        assert expected in text


def test_the_same_report_gives_the_same_pdf(report):
    assert pdf_file(report) == pdf_file(report)


def test_cells_are_written_in_the_reader_s_language():
    with using_locale("en"):
        assert written(date(2026, 11, 1), Kind.MONTH) == "November 2026"
        assert written(1_250_000, Kind.MONEY) == "₫1,250,000"
        assert written(1_250, Kind.CHANGE) == "+12.5%"
    assert written(None, Kind.MONEY) == ""
    assert written("x", Kind.TEXT) == "x"


@pytest.mark.parametrize(
    ("now", "before", "bps"),
    [(118, 100, 1_800), (50, 100, -5_000), (5, 0, None), (0, 100, -10_000)],
)
def test_changes(now, before, bps):
    assert change_bps(now, before) == bps


def test_shares():
    assert share_bps(1, 3) == 3_333
    assert share_bps(1, 0) is None
