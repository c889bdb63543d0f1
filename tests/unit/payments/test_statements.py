"""Reading statement files of many banks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments.statements.errors import (
    EmptyStatementError,
    EncodingError,
    NotATableError,
    OpenQuoteError,
    TooLongError,
    UnreadableLinesError,
)
from marketplace.payments.statements.parsing import MAX_LINES, parse_statement
from marketplace.payments.statements.values import read_amount, read_moment

PLAIN = """Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Diễn giải
22/11/2026 10:31:05;FT26326001;;867.000;CM7K2Q9M4XT2 Nguyen Thi Hoa chuyen tien
22/11/2026 11:02:00;FT26326002;55.000;;Phi dich vu thang 11
"""
AT = datetime(2026, 11, 22, 3, 31, 5, tzinfo=UTC)


def lines_of(text, encoding="utf-8"):
    return parse_statement(text.encode(encoding)).lines


def problems_of(text):
    with pytest.raises(UnreadableLinesError) as caught:
        parse_statement(text.encode())
    return [(each.line, each.column, each.found) for each in caught.value.details["problems"]]


class TestParseStatement:
    def test_reads_what_came_in_and_what_went_out(self):
        first, second = lines_of(PLAIN)

        assert (first.booked_at, first.minor, first.bank_reference) == (AT, 867_000, "FT26326001")
        assert first.description == "CM7K2Q9M4XT2 Nguyen Thi Hoa chuyen tien"
        assert (second.minor, second.number) == (-55_000, 3)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_gives_the_same_lines_in_every_encoding(self, encoding):
        data = PLAIN.encode(encoding)

        assert parse_statement(data).lines == lines_of(PLAIN)

    def test_reads_windows_1258(self):
        text = (
            "Ngày giao di\u0323ch;Ghi có;Nô\u0323i dung\n"
            "22/11/2026;1.250.000;TIÊ\u0300N HA\u0300NG\n"
        )

        [line] = parse_statement(text.encode("cp1258")).lines

        assert (line.minor, line.description) == (1_250_000, "TIỀN HÀNG")

    @pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
    def test_finds_the_separator(self, separator):
        rows = [
            ["Transaction Date", "Credit", "Description"],
            ["22/11/2026", '"1,250,000.00"', "CM7K2Q9M4XT2, cam on"],
        ]
        text = "\n".join(separator.join(row) for row in rows)
        text = text.replace("CM7K2Q9M4XT2, cam on", '"CM7K2Q9M4XT2, cam on"')

        [line] = lines_of(text)

        assert (line.minor, line.description) == (1_250_000, "CM7K2Q9M4XT2, cam on")

    @pytest.mark.parametrize(
        "head",
        [
            "Ngày GD,Số tiền,Nội dung giao dịch",
            "Ngày giao dịch/Transaction date,Số tiền (VND),Nội dung/Description",
            "NGÀY HẠCH TOÁN,Amount,Remark",
            "Date,Số tiền giao dịch,Mô tả",
            "Thời gian giao dịch,Phát sinh có,Chi tiết giao dịch",
            "Posting date,Credit amount,Transaction details",
        ],
    )
    def test_knows_the_columns_by_the_names_that_banks_give_them(self, head):
        [line] = lines_of(f"{head}\n22/11/2026,450000,CM7K2Q9M4XT2\n")

        assert (line.minor, line.description) == (450_000, "CM7K2Q9M4XT2")

    def test_skips_the_letter_head_blank_rows_and_sums(self):
        text = (
            "NGÂN HÀNG NÔNG NGHIỆP\nTài khoản: 5204205012345\n\n"
            "Ngày giao dịch,Ghi nợ,Ghi có,Nội dung\n"
            "22/11/2026,,100.000,mot\n,,,\n"
            "22/11/2026,0,0,khong dong\n"
            "Tổng cộng,0,100.000,\nSố dư cuối kỳ,,5.000.000,\n"
        )

        assert [line.description for line in lines_of(text)] == ["mot"]

    def test_reads_a_time_from_a_column_of_its_own(self):
        [line] = lines_of("Ngày,Giờ,Ghi có,Nội dung\n22/11/2026,10:31:05,1.000,x\n")

        assert line.booked_at == AT

    def test_names_every_line_and_column_that_cannot_be_read(self):
        text = (
            "Ngày giao dịch,Ghi nợ,Ghi có,Nội dung\n"
            "22/11/2026,,100.000,tot\n"
            "31/02/2026,,100.000,ngay sai\n"
            "22/11/2026,,12.5,tien sai\n"
            "hôm qua,,nhiều,ca hai\n"
            "22/11/2026,,,khong co tien\n"
            "22/11/2026,5.000,6.000,hai chieu\n"
        )

        assert problems_of(text) == [
            (3, "Ngày giao dịch", "31/02/2026"),
            (4, "Ghi có", "12.5"),
            (5, "Ngày giao dịch", "hôm qua"),
            (5, "Ghi có", "nhiều"),
            (6, "Ghi có", ""),
            (7, "Ghi có", "6000 / 5000"),
        ]

    def test_refuses_a_reference_that_is_too_long(self):
        text = f"Ngày,Ghi có,Nội dung,Mã giao dịch\n22/11/2026,1.000,x,{'F' * 61}\n"

        assert problems_of(text) == [(2, "Mã giao dịch", "F" * 61)]

    def test_refuses_what_is_no_statement(self):
        with pytest.raises(NotATableError):
            parse_statement(b"ten,tuoi\nHoa,31\n")
        with pytest.raises(NotATableError):
            parse_statement(b"")
        with pytest.raises(EmptyStatementError):
            parse_statement("Ngày,Ghi có,Nội dung\n".encode())
        with pytest.raises(EncodingError):
            parse_statement(b"PK\x03\x04\x00\x00\x81\x8d\xff\xfe\x00\x01")

    @pytest.mark.parametrize("cell", ['"x', '"' + "x" * 140_000, '"' + "x\n" * 70_000])
    def test_names_the_row_whose_quotation_mark_would_swallow_what_stands_below(self, cell):
        rows = f'21/11/2026,500,"a\nb"\n22/11/2026,1.000,{cell}\n22/11/2026,2.000,y\n'

        with pytest.raises(OpenQuoteError) as caught:
            parse_statement(f"Ngày,Ghi có,Nội dung\n{rows}".encode())

        assert caught.value.details == {"field": "statement", "line": 4}

    def test_refuses_a_cell_without_an_end(self):
        rows = f"22/11/2026,1.000,{'x' * 140_000}\n"

        with pytest.raises(EncodingError):
            parse_statement(f"Ngày,Ghi có,Nội dung\n{rows}".encode())

    def test_refuses_more_lines_than_are_imported_at_once(self):
        rows = "22/11/2026,1.000,x\n" * (MAX_LINES + 1)

        with pytest.raises(TooLongError):
            parse_statement(f"Ngày,Ghi có,Nội dung\n{rows}".encode())


class TestFingerprint:
    def test_is_the_banks_reference_whatever_else_changes(self):
        one = "Ngày,Ghi có,Nội dung,Mã giao dịch\n22/11/2026 10:31,1.000,MOT,FT1\n"
        two = "Mã GD;Nội dung;Ghi có;Ngày\nft1;mot hai;1,000.00;22/11/2026\n"

        assert lines_of(one)[0].fingerprint == lines_of(two)[0].fingerprint

    def test_tells_two_lines_with_one_reference_apart_by_their_amounts(self):
        text = "Ngày,Số tiền,Nội dung,Mã giao dịch\n22/11/2026,1000,x,FT1\n22/11/2026,-11,phi,FT1\n"

        assert len({line.fingerprint for line in lines_of(text)}) == 2

    def test_without_a_reference_counts_equal_lines_of_a_day(self):
        head = "Ngày,Ghi có,Nội dung\n"
        row = "22/11/2026,50.000,CHUYEN TIEN\n"
        once, twice = lines_of(head + row), lines_of(head + row + row)

        assert len({line.fingerprint for line in twice}) == 2
        assert once[0].fingerprint == twice[0].fingerprint

    def test_without_a_reference_ignores_how_the_file_is_written(self):
        one = "Ngày,Ghi có,Nội dung\n22/11/2026,50.000,Tiền  hàng\n"
        two = "Nội dung;Ghi có;Ngày\nTIỀN HÀNG;50,000.00;22-11-2026\n"

        assert (
            lines_of(one)[0].fingerprint
            == parse_statement(two.encode("utf-16")).lines[0].fingerprint
        )


class TestReadAmount:
    @pytest.mark.parametrize(
        ("text", "minor"),
        [
            ("1.250.000", 1_250_000),
            ("1,250,000.00", 1_250_000),
            ("1.250.000,00", 1_250_000),
            ("+1 250 000 VND", 1_250_000),
            ("1250000", 1_250_000),
            ("450.000 ₫", 450_000),
            ("-45.000", -45_000),
            ("(45,000)", -45_000),
            ("1.000", 1_000),
            ("0", 0),
            ("1250000.00", 1_250_000),
        ],
    )
    def test_reads_how_banks_write_it(self, text, minor):
        assert read_amount(text) == minor

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "12.5",
            "1.25",
            "1,250.50",
            "12,34,567",
            "1.250,000",
            "1.250.00",
            "abc",
            "1e6",
            "--5",
            "1.2500",
            "99999999999999",
            "٣٠٠",
        ],
    )
    def test_refuses_what_is_doubtful(self, text):
        assert read_amount(text) is None

    @given(st.integers(-(10**13), 10**13), st.sampled_from([".", ",", " "]))
    def test_reads_back_every_grouped_amount(self, minor, separator):
        assert read_amount(f"{minor:,}".replace(",", separator)) == minor


class TestReadMoment:
    @pytest.mark.parametrize(
        "text",
        [
            "22/11/2026 10:31:05",
            "22-11-2026 10:31:05",
            "22.11.2026  10:31:05",
            "2026-11-22 10:31:05",
            "2026-11-22T10:31:05",
        ],
    )
    def test_reads_a_moment_in_viet_nam(self, text):
        assert read_moment(text) == AT

    def test_takes_a_day_alone_for_its_midnight(self):
        assert read_moment("22/11/2026") == datetime(2026, 11, 21, 17, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "22/11",
            "22/11/26",
            "32/01/2026",
            "11/22/2026",
            "22/11-2026",
            "22/11/1026",
            "22/11/2026 25:00",
            "22/11/2026 10",
        ],
    )
    def test_refuses_what_is_no_moment(self, text):
        assert read_moment(text) is None
