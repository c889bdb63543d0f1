"""Files that are odd, cut off or meant to do harm (INP-03, INP-10 to INP-14)."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from marketplace.membership import errors
from marketplace.membership.files import reading, values, writing
from marketplace.membership.files.held import held_file
from marketplace.membership.files.values import CellError, read_day
from tests.unit.membership.test_files import FACTS, MEMBER, TEXT, read, workbook


@pytest.mark.parametrize("name", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("has_mark", [True, False])
def test_both_orders_of_utf_16_are_read_with_and_without_a_mark(name, has_mark):
    text = ("\ufeff" if has_mark else "") + TEXT

    assert read(text.encode(name)) == (FACTS, [])


@pytest.mark.parametrize("row", ['A;"x', 'A;"x\nB;y', '"A;' + "x\n" * 70_000])
def test_a_quotation_mark_without_an_end_swallows_nobody_and_its_row_is_named(row):
    with pytest.raises(errors.OpenQuoteError) as caught:
        reading.read_rows(f"Họ tên;Ghi chú\nC;\n{row}\nD;\n".encode())

    assert caught.value.details == {"field": "file", "line": 3}


def test_a_cell_without_an_end_is_no_spreadsheet():
    with pytest.raises(errors.NotASpreadsheetError):
        reading.read_rows(f"Họ tên;Ghi chú\nA;{'x' * 140_000}\n".encode())


def test_a_row_that_is_too_long_is_named_and_a_short_one_says_nothing():
    rows = "Họ tên;Thôn;Ghi chú;\nA;Buôn Sút; xã Ea Drơng;x\nB;Buôn Sút;;;;\nC\n"

    facts, problems = read(rows.encode())

    assert facts == [{"name": "B", "hamlet": "Buôn Sút"}, {"name": "C"}]
    [problem] = problems
    assert (problem.line, problem.found) == (2, "x")
    assert problem.expected == values.EXPECT_NOTHING


def test_a_text_is_never_cut_in_silence():
    rows = f"Họ tên;Thôn;Ghi chú\nA;{'x' * 121};{'y' * 301}\nB;{'x' * 120};{'y' * 300}\n"

    facts, problems = read(rows.encode())

    assert [len(facts[0][name]) for name in ("hamlet", "note")] == [120, 300]
    assert [(each.line, each.column, each.expected) for each in problems] == [
        (2, "Thôn", values.EXPECT_HAMLET),
        (2, "Ghi chú", values.EXPECT_NOTE),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/02/2026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("13/12/2025", date(2025, 12, 13)),
    ],
)
def test_the_day_stands_before_the_month(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["12/13/2025", "1/2/26", "43.952", "43,952", "2026/02/01"])
def test_an_ambiguous_day_is_not_guessed(text):
    with pytest.raises(CellError):
        read_day(text)


@pytest.mark.parametrize("code", ["1.000,5", "1,5", "-5", "=1", "１２３"])  # noqa: RUF001 - wide digits
def test_a_number_with_commas_is_no_code(code):
    _facts, [problem] = read(f"Họ tên;Mã\nA;{code}\n".encode())

    assert (problem.found, problem.expected) == (code, values.EXPECT_CODE)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_no_start_of_a_formula_leaves_unguarded(app, start):
    member = replace(MEMBER, name=f"{start}1", hamlet="", note="")
    with app.test_request_context("/"):
        data = writing.csv_file(writing.lines_of([member])).decode("utf-8-sig")

    [_head, row] = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    assert row[1] == f"'{start}1"


@pytest.mark.parametrize("data", ["\ufeff".encode(), "\ufeff \n".encode("utf-16"), b"\n\n;;\n"])
def test_a_file_with_nothing_but_marks_and_blanks_is_no_register(data):
    with pytest.raises(errors.NotARegisterError):
        reading.read_rows(data)


def test_a_workbook_has_twenty_thousand_rows_at_most_too():
    rows = [["Họ tên", "Mã"], *(["A", number] for number in range(20_001))]

    with pytest.raises(errors.ImportTooLongError):
        reading.read_rows(workbook(*rows))


def test_a_workbook_is_not_unpacked_beyond_what_it_says_it_holds():
    honest = workbook(["Họ tên", "Mã"], *(["A", number] for number in range(2_000)))
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert len(reading.read_rows(honest)[1]) == 2_000
    assert lying != honest
    with pytest.raises(errors.NotASpreadsheetError):
        reading.read_rows(lying)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(1900, 1, 1)])
def test_a_day_that_no_spreadsheet_counts_does_not_stop_the_register(app, day):
    member = replace(MEMBER, joined_on=day)
    with app.test_request_context("/"):
        lines = writing.lines_of([member])
        data = writing.xlsx_file(lines, title="x")

    assert len(reading.read_rows(data)[1]) == 1
    assert held_file([("x", [["Ngày"], [day]])])


@pytest.mark.parametrize("text", ["01/01/0001", "31/12/1899", "31/12/9999", "1/1/2569"])
def test_a_day_of_another_age_is_refused(text):
    _facts, [problem] = read(f"Họ tên;Ngày vào\nA;{text}\n".encode())

    assert (problem.found, problem.expected) == (text, values.EXPECT_DAY)
