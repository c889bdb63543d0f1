"""Payment references: no single slip of the pen goes unnoticed."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.references import (
    ALPHABET,
    ORDER_NUMBER_PATTERN,
    REFERENCE_LENGTH,
    REFERENCE_PATTERN,
    find_references,
    is_reference,
    make_reference,
    order_number,
    seller_order_number,
)

forty_bits = st.integers(0, 2**40 - 1)


def test_a_reference_has_a_fixed_form():
    assert make_reference(0) == "CM000000000"
    assert make_reference(123_456_789_012) == "CM3JZ9J6GMQ"
    assert make_reference(b"\x00\x00\x00\x00\x01") == make_reference(1)


@pytest.mark.parametrize("bits", [-1, 2**40, b"1234", b"123456"])
def test_a_reference_is_made_of_forty_bits(bits):
    with pytest.raises(ValueError, match=r"40 bits|five bytes"):
        make_reference(bits)


@given(forty_bits)
def test_a_reference_is_eleven_characters_that_check(bits):
    reference = make_reference(bits)

    assert len(reference) == REFERENCE_LENGTH == 11
    assert REFERENCE_PATTERN.fullmatch(reference)
    assert is_reference(reference)


@given(forty_bits, forty_bits)
def test_two_references_differ_when_their_bits_do(one, other):
    assert (make_reference(one) == make_reference(other)) == (one == other)


@given(forty_bits)
@settings(max_examples=30, deadline=None)
def test_every_wrong_character_is_noticed(bits):
    reference = make_reference(bits)

    for position, symbol in product(range(2, REFERENCE_LENGTH), ALPHABET):
        wrong = reference[:position] + symbol + reference[position + 1 :]
        assert is_reference(wrong) == (symbol == reference[position])


def test_every_swap_of_two_characters_is_noticed_whatever_they_are():
    # The parity is linear: a swap adds (weight i + weight j) x (value + value), whatever the
    # other characters are. So one reference with each pair of values at each pair of places
    # stands for all references.
    for first, second in product(range(8), range(8)):
        if first >= second:
            continue
        for one, other in product(range(32), range(32)):
            bits = (one << (35 - 5 * first)) | (other << (35 - 5 * second))
            symbols = list(make_reference(bits))
            symbols[2 + first], symbols[2 + second] = symbols[2 + second], symbols[2 + first]
            assert is_reference("".join(symbols)) == (one == other)


@given(forty_bits, st.integers(2, REFERENCE_LENGTH - 2))
@settings(max_examples=500)
def test_a_swap_of_neighbours_is_noticed_up_to_the_check_character(bits, position):
    symbols = list(make_reference(bits))
    symbols[position], symbols[position + 1] = symbols[position + 1], symbols[position]
    wrong = "".join(symbols)

    assert is_reference(wrong) == (wrong == make_reference(bits))


@pytest.mark.parametrize(
    "text", ["", "CM", "CM3JZ9J6GM", "CM3JZ9J6GMQ0", "cm3jz9j6gmq", "CM3JZ9J6GMU"]
)
def test_what_is_no_reference(text):
    assert not is_reference(text)


@pytest.mark.parametrize(
    "line",
    [
        "CM3JZ9J6GMQ",
        "MBVCB.5123456789.CM3JZ9J6GMQ.CT tu 0011001234567 NGUYEN VAN A toi 1500201012345",
        "cm3jz9j6gmq chuyen tien",
        "CM3JZ 9J6GMQ",
        "CM3J-Z9J6-GMQ-190326-12:01:02 FT2632",
        "thanh toan CM3JZ9J6GMQCM3JZ9J6GMQ",
        "CMCM3JZ9J6GMQ",
        "đơn CM 3JZ9J6GMQ",
    ],
)
def test_a_reference_is_found_in_what_banks_make_of_it(line):
    assert find_references(line) == ["CM3JZ9J6GMQ"]


def test_look_alikes_are_read_as_what_was_meant():
    reference = make_reference(0b00001_00000_00001_00000_00001_00000_00001_00000)
    typed = reference[:2] + reference[2:].replace("0", "O").replace("1", "l")

    assert find_references(f"ck {typed}") == [reference]


def test_several_references_are_found_in_order():
    one, other = make_reference(1), make_reference(2)

    assert find_references(f"{other} va {one}, {other}") == [other, one]


@pytest.mark.parametrize(
    "line", ["", "CM3JZ9J6GM", "CM3JZ9J6GMR", "tien hang thang 11", "CMC TELECOM"]
)
def test_nothing_is_found_where_nothing_checks(line):
    assert find_references(line) == []


@given(
    forty_bits,
    st.text("ABDEFGHI 0123456789.-/", max_size=30),
    st.text("ABDEFGHI 0123456789.-/", max_size=30),
    st.lists(st.integers(0, REFERENCE_LENGTH), max_size=4),
)
@settings(max_examples=500)
def test_a_reference_survives_prefix_suffix_case_and_spaces(bits, before, after, spaces):
    reference = make_reference(bits)
    written = reference
    for place in sorted(spaces, reverse=True):
        written = f"{written[:place]} {written[place:]}"

    assert reference in find_references(before + written.lower() + after)


def test_order_numbers():
    number = order_number(date(2026, 11, 22), 0)

    assert number == "CM261122-00000"
    assert order_number(date(2026, 11, 22), 2**25 - 1) == "CM261122-ZZZZZ"
    assert ORDER_NUMBER_PATTERN.fullmatch(number)
    assert seller_order_number(number, 1) == "CM261122-00000-1"


def test_order_numbers_need_their_parts():
    with pytest.raises(ValueError, match="25 bits"):
        order_number(date(2026, 11, 22), 2**25)
    with pytest.raises(ValueError, match="part 1"):
        seller_order_number("CM261122-00000", 0)
