"""Numbers with check digits, codes, and numbers as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean
from stdnum.vn import mst

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.identifiers import (
    AmountUnreadableError,
    QuantityUnreadableError,
    gs1_check_digit,
    gtin14,
    is_gln,
    is_gtin,
    is_lot_code,
    is_organisation_code,
    is_tax_code,
    lot_code,
    parse_quantity,
    parse_vnd,
)

digits = st.text("0123456789", min_size=1, max_size=17)


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("893850600001", "4"),
        ("893850600002", "1"),
        ("893850600900", "0"),
        ("08938506000000001", "4"),
        ("9638507", "4"),
    ],
)
def test_published_check_digits(body, digit):
    assert gs1_check_digit(body) == digit


@given(st.text("0123456789", min_size=12, max_size=12))
def test_check_digits_agree_with_stdnum(body):
    assert gs1_check_digit(body) == ean.calc_check_digit(body)


@given(digits, st.data())
def test_one_wrong_digit_is_noticed(body, data):
    position = data.draw(st.integers(0, len(body) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    other = body[:position] + digit + body[position + 1 :]

    assert (gs1_check_digit(other) == gs1_check_digit(body)) == (other == body)


def test_a_key_is_made_of_digits():
    with pytest.raises(ValueError, match="made of digits"):
        gs1_check_digit("89385060000A")
    with pytest.raises(ValueError, match="made of digits"):
        gs1_check_digit("")


@pytest.mark.parametrize("gtin", ["96385074", "012345678905", "8938506000014", "18938506000011"])
def test_gtins_of_four_lengths(gtin):
    assert is_gtin(gtin)
    assert len(gtin14(gtin)) == 14
    assert gtin14(gtin).endswith(gtin)
    assert is_gtin(gtin14(gtin))


@pytest.mark.parametrize(
    "text", ["", "8938506000015", "893850600001", "089385060000014", "893850600001\u0664", "abc"]
)
def test_what_is_no_gtin(text):
    assert not is_gtin(text)
    with pytest.raises(ValueError, match="is no GTIN"):
        gtin14(text)


def test_glns():
    assert is_gln("8938506009000")
    assert not is_gln("8938506009001")
    assert not is_gln("96385074")


@pytest.mark.parametrize("code", ["0100109106", "0309532909", "0100233488-001", "0312687878"])
def test_tax_codes(code):
    assert is_tax_code(code) == mst.is_valid(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "0100109107",
        "010010910",
        "0100109106-000",
        "0100109106001",
        "0100109106-1",
        "01A0109106",
    ],
)
def test_what_is_no_tax_code(code):
    assert not is_tax_code(code)


@given(st.text("0123456789", min_size=10, max_size=10))
@settings(max_examples=500)
def test_tax_codes_agree_with_stdnum(code):
    assert is_tax_code(code) == mst.is_valid(code)


def test_a_known_tax_code_holds():
    assert is_tax_code("0100109106")
    assert is_tax_code("0100109106-001")


@pytest.mark.parametrize("code", ["CUMGAR", "HTX2", "AB", "A234567890"])
def test_organisation_codes(code):
    assert is_organisation_code(code)


@pytest.mark.parametrize(
    "code", ["", "A", "cumgar", "2HTX", "CU-MGAR", "A2345678901", "ĐAKLAK", "AB\n"]
)
def test_what_is_no_organisation_code(code):
    assert not is_organisation_code(code)


@pytest.mark.parametrize("code", ["CUMGAR-2611-017", "7", "A" * 20, "A-B"])
def test_lot_codes(code):
    assert is_lot_code(code)


@pytest.mark.parametrize("code", ["", "-A", "A-", "A" * 21, "a", "A/B", "A B", "A\n"])
def test_what_is_no_lot_code(code):
    assert not is_lot_code(code)


def test_lots_are_numbered_within_a_month():
    assert lot_code("CUMGAR", date(2026, 11, 30), 17) == "CUMGAR-2611-017"
    assert lot_code("A234567890", date(2026, 1, 1), 9999) == "A234567890-2601-9999"
    assert is_lot_code(lot_code("A234567890", date(2026, 1, 1), 9999))


@pytest.mark.parametrize(("code", "number"), [("cumgar", 1), ("CUMGAR", 0), ("CUMGAR", 10_000)])
def test_a_lot_needs_a_code_and_a_number(code, number):
    with pytest.raises(ValueError, match=r"no organisation's code|numbered 1 to 9999"):
        lot_code(code, date(2026, 11, 1), number)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("45000", 45_000),
        ("45.000", 45_000),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1250000 đ", 1_250_000),
        ("1.250.000\u00a0₫", 1_250_000),
        (" 185.000 đồng ", 185_000),
        ("185000VND", 185_000),
        ("185.000 vnđ", 185_000),
    ],
)
def test_amounts_as_people_type_them(text, amount):
    assert parse_vnd(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đ",
        "1250.5",
        "1.25",
        "1,5",
        "1.250,000",
        "1,250.000",
        "1.250,5",
        "1.2500",
        ".500",
        "1..000",
        "1 250 000",
        "-5000",
        "+5000",
        "1e6",
        "$5",
        "١٢٣",
        "1.000\n2",
        "9" * 16,
    ],
)
def test_amounts_that_could_mean_something_else_are_refused(text):
    with pytest.raises(AmountUnreadableError) as refusal:
        parse_vnd(text)

    assert isinstance(refusal.value, InvalidError)
    assert isinstance(refusal.value, ValueError)
    assert refusal.value.details == {"text": text}


@given(st.integers(0, 10**15 - 1))
@settings(max_examples=300)
def test_an_amount_survives_being_written_and_read(amount):
    dotted = f"{amount:,}".replace(",", ".")

    for text in (str(amount), dotted, f"{dotted}\u00a0₫", f"{dotted} đ", f"{amount:,}"):
        assert parse_vnd(text) == amount


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("1500", "1500"),
        ("1.500", "1500"),
        ("1500,5", "1500.5"),
        ("1.500,5", "1500.5"),
        ("0,125", "0.125"),
        ("12.345,6", "12345.6"),
        (" 2 ", "2"),
    ],
)
def test_quantities_as_people_type_them(text, quantity):
    assert parse_quantity(text) == Decimal(quantity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1500.5",
        "1,500.5",
        "1.5",
        "1,",
        ",5",
        "-2",
        "1.50,5",
        "1,2,3",
        "2 kg",
        "1e3",
        "1,1234567",
    ],
)
def test_quantities_that_could_mean_something_else_are_refused(text):
    with pytest.raises(QuantityUnreadableError) as refusal:
        parse_quantity(text)

    assert refusal.value.details == {"text": text}


@given(st.decimals(0, 10**9, places=3))
@settings(max_examples=300)
def test_a_quantity_survives_being_written_and_read(quantity):
    grouped = f"{quantity:,}".translate(str.maketrans(",.", ".,"))

    assert parse_quantity(grouped) == quantity
    assert parse_quantity(grouped.replace(".", "")) == quantity
