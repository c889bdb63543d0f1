"""The register as a file: what people bring, and what they take away (INP-10 to INP-14)."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from marketplace.membership import errors
from marketplace.membership.files import reading, values, writing
from marketplace.membership.files.columns import Column, find_head
from marketplace.membership.files.values import CellError, RowReader, read_day, read_phone
from marketplace.membership.queries.members import MemberLine
from tests.factories.membership import tcvn3

TODAY = date(2026, 11, 2)
TEXT = "Họ tên;Số điện thoại;Ngày vào\nY Blơm Niê;0905123456;1/5/2020\nĐỗ Thị Ưng;;\n"


def workbook(*rows, edit=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data):
    head, rows = reading.read_rows(data)
    kept, problems = RowReader(head, province_code="66", today=TODAY).read(rows)
    return [facts for _line, facts in kept], problems


FACTS = [
    {"name": "Y Blơm Niê", "phone": "+84905123456", "joined_on": "2020-05-01"},
    {"name": "Đỗ Thị Ưng"},
]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        ("Danh sách thành viên\n\n" + TEXT).encode(),
        ("\n" + TEXT + "\n;;\n\n").encode(),
        TEXT.replace("Y Blơm Niê", '"Y Blơm\nNiê"').encode(),
        tcvn3(TEXT),
    ],
)
def test_a_text_is_read_in_every_usual_encoding_and_layout(data):
    assert read(data) == (FACTS, [])


def test_windows_1258_is_read():
    # Its letters carry the tones behind them.
    text = "Ho\u0323 tên;Ma\u0303\nĐô\u0303 Thi\u0323 Hoa;A1\n"

    assert read(text.encode("cp1258")) == ([{"name": "Đỗ Thị Hoa", "code": "A1"}], [])


class TestWorkbook:
    def test_days_and_numbers_are_what_a_spreadsheet_makes_of_them(self):
        data = workbook(
            ["Họ tên", "Mã", "Số điện thoại", "Ngày vào", "Ngày ra", "Chính thức"],
            ["A", 7, 905123456, datetime(2020, 5, 1), 45000, True],  # noqa: DTZ001 - a spreadsheet knows no zone
            ["B", "007", "0905 123 457", "2021-02-03", None, "liên kết"],
            ["C", 8.0, "+84 905 123 458", "3.2.2021", "", False],
        )

        facts, problems = read(data)

        assert problems == []
        assert [each["code"] for each in facts] == ["7", "007", "8"]
        assert [each["phone"][-3:] for each in facts] == ["456", "457", "458"]
        assert [each["joined_on"] for each in facts] == ["2020-05-01", "2021-02-03", "2021-02-03"]
        assert facts[0]["left_on"] == "2023-03-15"
        assert [each["is_official"] for each in facts] == [True, False, False]

    def test_hidden_sheets_merged_cells_formulas_and_gaps_do_no_harm(self):
        def edit(book):
            sheet = book.active
            sheet.insert_rows(1)
            sheet["A1"] = "SỔ THÀNH VIÊN"
            sheet.merge_cells("A1:C1")
            sheet["B4"] = "=1+1"
            hidden = book.create_sheet("cũ", 0)
            hidden.append(["Họ tên", "Mã"])
            hidden.append(["Sai", "X"])
            hidden.sheet_state = "hidden"

        data = workbook(["Họ tên", "Mã", ""], ["A", "A1"], ["B", None], [], ["C", "A3"], edit=edit)

        # A formula that no program has worked out has no value.
        assert read(data) == (
            [{"name": "A", "code": "A1"}, {"name": "B"}, {"name": "C", "code": "A3"}],
            [],
        )

    def test_what_is_no_workbook_is_refused(self):
        plain_zip = io.BytesIO()
        with zipfile.ZipFile(plain_zip, "w") as archive:
            archive.writestr("a.txt", "a")
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * (160 * 1024 * 1024))

        for data in (plain_zip.getvalue(), bomb.getvalue(), b"PK\x03\x04xx", b"%PDF-1.7 x"):
            with pytest.raises(errors.NotASpreadsheetError):
                reading.require_plausible(data)
        with pytest.raises(errors.ImportEmptyError):
            reading.require_plausible(b" \n")
        with pytest.raises(errors.ImportTooLongError):
            reading.require_plausible(b"a" * (reading.MAX_BYTES + 1))
        broken = io.BytesIO()
        with zipfile.ZipFile(broken, "w") as archive:
            archive.writestr("xl/workbook.xml", "<nothing")
        with pytest.raises(errors.NotASpreadsheetError):
            reading.read_rows(broken.getvalue())


class TestTable:
    def test_needs_a_head_and_somebody_below(self):
        for data in (b"a;b\n1;2\n", b"x", "Họ tên\nA\n".encode(), bytes(range(1, 256))):
            with pytest.raises(errors.NotARegisterError):
                reading.read_rows(data)
        with pytest.raises(errors.ImportEmptyError):
            reading.read_rows("Họ tên;Mã\n;\n".encode())

    def test_has_twenty_thousand_rows_at_most(self):
        text = "Họ tên;Mã\n" + "".join(f"A;{number}\n" for number in range(20_001))

        with pytest.raises(errors.ImportTooLongError):
            reading.read_rows(text.encode())
        assert len(reading.read_rows(text[: text.rindex("A;")].encode())[1]) == 20_000

    def test_unknown_columns_and_those_that_come_twice_are_named(self):
        head = find_head([["STT", "HỌ VÀ TÊN *", "sđt", "Điện thoại", None, "Cân nặng"]])

        assert head.places == {Column.NAME: 1, Column.PHONE: 2}
        assert head.unknown == ("STT", "Cân nặng")
        assert head.twice == ("Điện thoại",)


def test_every_mistake_is_named_with_its_line_and_what_should_be_there():
    rows = [
        "Mã;Họ tên;Loại;SĐT;Tỉnh;Xã;Ngày vào;Ngày ra;Tư cách",
        "A 1;A;trại;12;Xứ lạ;;2/13/2020;;đôi khi",
        "A2;;;;;;;;",
        "A3;C;;;Đắk Lắk;Xã không có;3/11/2026;;",
        "A4;D;;;;;5/5/2021;4/5/2021;",
        "a4;E;;;;;;;",
        ";F;;0905123456;;;;;",
        ";f;;0905 123 456;;;;;",
    ]

    _facts, problems = read("\n".join(rows).encode())

    assert [(each.line, each.column, each.expected) for each in problems] == [
        (2, "Mã", values.EXPECT_CODE),
        (2, "Loại", values.EXPECT_KIND),
        (2, "SĐT", values.EXPECT_PHONE),
        (2, "Tỉnh", values.EXPECT_PROVINCE),
        (2, "Ngày vào", values.EXPECT_DAY),
        (2, "Tư cách", values.EXPECT_OFFICIAL),
        (3, "Họ tên", values.EXPECT_NAME),
        (4, "Ngày vào", values.EXPECT_DAY),
        (4, "Xã", values.EXPECT_COMMUNE),
        (5, "Ngày ra", values.EXPECT_LATER),
        (8, "Họ tên", values.EXPECT_ONCE),
    ]


def test_a_code_that_was_refused_once_may_stand_again():
    """Only a line that was read stands for its code."""
    facts, problems = read("Mã;Họ tên;SĐT\nA1;A;1\nA1;A;\n".encode())

    assert [each.line for each in problems] == [2]
    assert facts == [{"code": "A1", "name": "A"}]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2020, 5, 1), date(2020, 5, 1)),
        (datetime(2020, 5, 1, 13), date(2020, 5, 1)),  # noqa: DTZ001 - a spreadsheet knows no zone
        ("1/5/2020", date(2020, 5, 1)),
        ("01-05-2020", date(2020, 5, 1)),
        ("2020-05-01 00:00:00", date(2020, 5, 1)),
        (43952, date(2020, 5, 1)),
        (43952.0, date(2020, 5, 1)),
        ("43952", date(2020, 5, 1)),
    ],
)
def test_a_day_is_read(cell, day):
    assert read_day(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "30/2/2020",
        "2020",
        "1/5/20",
        "x",
        "5e3",
        1,
        -5,
        float("nan"),
        float("inf"),
        "٣/٥/٢٠٢٠",  # noqa: RUF001
        True,
    ],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(CellError):
        read_day(cell)


@pytest.mark.parametrize(
    "text", ["0905123456", "905123456", "0905.123.456", "+84905123456", "(0905) 123-456"]
)
def test_a_telephone_number_is_read(text):
    assert read_phone(text) == "+84905123456"


@pytest.mark.parametrize("text", ["1", "abc", "0905", "09051234567890", "=cmd|'/c calc'!A0"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellError):
        read_phone(text)


MEMBER = MemberLine(
    code="007",
    name="=cmd|'/c calc'!A0",
    kind="household",
    phone="+84905123456",
    province_code="66",
    commune_code=None,
    hamlet="-2+3",
    joined_on=date(2020, 5, 1),
    left_on=None,
    is_official=False,
    note="＝SUM(A1)",  # noqa: RUF001 - the wide sign, which some programs read as well
)


class TestAway:
    def test_a_workbook_holds_texts_and_days(self, app):
        with app.test_request_context("/"):
            data = writing.xlsx_file(writing.lines_of([MEMBER]), title="Thành viên")

        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        cells = {cell.coordinate: (cell.value, cell.data_type) for cell in sheet[2] if cell.value}
        assert cells["A2"] == ("007", "s")
        assert cells["B2"] == ("=cmd|'/c calc'!A0", "s")
        assert cells["H2"] == (datetime(2020, 5, 1), "d")  # noqa: DTZ001 - a spreadsheet knows no zone

    def test_a_text_guards_what_a_spreadsheet_would_run(self, app):
        with app.test_request_context("/"):
            data = writing.csv_file(writing.lines_of([MEMBER])).decode("utf-8-sig")

        line = data.splitlines()[1]
        assert line == (
            "007;'=cmd|'/c calc'!A0;Hộ gia đình;0905 123 456;Đắk Lắk;;'-2+3;01/05/2020;;"
            "liên kết;'＝SUM(A1)"  # noqa: RUF001
        )

    @pytest.mark.parametrize("prefix", ["/", "/en/"])
    def test_what_is_taken_away_is_read_again(self, app, prefix):
        member = MemberLine(
            **{
                **{name: getattr(MEMBER, name) for name in MemberLine.__dataclass_fields__},
                "name": "Y Blơm Niê",
                "hamlet": "Buôn Sút",
                "note": "",
                "commune_code": "24133",
            }
        )
        with app.test_request_context(prefix):
            app.preprocess_request()
            lines = writing.lines_of([member])
            files = [writing.csv_file(lines), writing.xlsx_file(lines, title="x")]

        for data in files:
            [facts], problems = read(data)
            assert problems == []
            assert facts == {
                "code": "007",
                "name": "Y Blơm Niê",
                "kind": "household",
                "phone": "+84905123456",
                "province_code": "66",
                "commune_code": "24133",
                "hamlet": "Buôn Sút",
                "joined_on": "2020-05-01",
                "is_official": False,
            }

    def test_the_sample_is_read(self, app):
        with app.test_request_context("/"):
            data = writing.xlsx_file(writing.sample_lines(TODAY), title="x")

        facts, problems = read(data)

        assert problems == []
        assert [each["name"] for each in facts] == ["Nguyễn Thị Hoa", "Y Blơm Niê"]
