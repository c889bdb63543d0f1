"""The short codes that people copy: payment references and order numbers.

Crockford's base32 (no I, L, O, U) keeps look-alikes out. A payment reference ends in a check
character: a parity over the field of 32 elements, in which position i weighs alpha to the power
i. All weights differ, so every wrong character and every swap of two characters is noticed.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX: Final = "CM"
REFERENCE_BITS: Final = 40
REFERENCE_LENGTH: Final = 11
"""`CM`, eight characters, one check character: fits every bank's memo."""
ORDER_BITS: Final = 25

REFERENCE_PATTERN: Final = re.compile(rf"{PREFIX}[{ALPHABET}]{{9}}")
ORDER_NUMBER_PATTERN: Final = re.compile(rf"{PREFIX}[0-9]{{6}}-[{ALPHABET}]{{5}}")

_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOK_ALIKES: Final = str.maketrans("ILO", "110")
_NOT_CODE: Final = re.compile(r"[^A-Z0-9]+")
_CANDIDATE: Final = re.compile(rf"(?={PREFIX}([A-Z0-9]{{9}}))")
_FIELD: Final = 0b100101  # x^5 + x^2 + 1, primitive over two elements


def make_reference(random_bits: int | bytes) -> str:
    """The payment reference for 40 random bits, given as a number or as five bytes.

    The caller draws them (`secrets.randbits(REFERENCE_BITS)`) and draws again should the
    reference exist already.

    Raises:
        ValueError: they are not 40 bits.
    """
    if isinstance(random_bits, bytes):
        if len(random_bits) * 8 != REFERENCE_BITS:
            raise ValueError("A reference is made of five bytes")
        random_bits = int.from_bytes(random_bits, "big")
    body = _encode(random_bits, REFERENCE_BITS)
    return PREFIX + body + _check_character(body)


def is_reference(text: str) -> bool:
    """Whether `text` is a payment reference exactly as `make_reference` writes it."""
    return (
        REFERENCE_PATTERN.fullmatch(text) is not None and _check_character(text[2:-1]) == text[-1]
    )


def find_references(text: str) -> list[str]:
    """The payment references in the text of a bank line, in order, each once.

    Banks put words before and after, drop or insert spaces and punctuation, and change the case;
    people type O for 0. What comes back is written as `make_reference` writes it and its check
    character holds; one in 32 chance finds remain, so the caller looks the reference up. A
    reference that was cut off is not found.
    """
    return list(dict.fromkeys(_references_in(_NOT_CODE.sub("", text.upper()))))


def order_number(day: date, random_bits: int) -> str:
    """The number of an order of `day` (Việt Nam) with 25 random bits: `CM261122-K7Q2M`.

    Raises:
        ValueError: they are not 25 bits.
    """
    return dated_number(PREFIX, day, random_bits)


def dated_number(prefix: str, day: date, random_bits: int) -> str:
    """A number that begins as its kind does, for 25 random bits of `day`: `YC261122-K7Q2M`.

    Raises:
        ValueError: they are not 25 bits.
    """
    return f"{prefix}{day:%y%m%d}-{_encode(random_bits, ORDER_BITS)}"


def seller_order_number(number: str, position: int) -> str:
    """The number of the `position`-th seller's part of an order, from 1: `CM261122-K7Q2M-1`."""
    if position < 1:
        raise ValueError("The first part of an order is part 1")
    return f"{number}-{position}"


def _references_in(letters: str) -> Iterator[str]:
    for found in _CANDIDATE.finditer(letters):
        reference = PREFIX + found[1].translate(_LOOK_ALIKES)
        if is_reference(reference):
            yield reference


def _encode(number: int, bits: int) -> str:
    if not 0 <= number < 1 << bits:
        raise ValueError(f"Not a number of {bits} bits")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(bits - 5, -1, -5))


def _check_character(body: str) -> str:
    # Horner's scheme: each step multiplies what was summed so far by alpha.
    parity = 0
    for symbol in body:
        parity = _times_alpha(parity ^ _VALUES[symbol])
    return ALPHABET[parity]


def _times_alpha(element: int) -> int:
    element <<= 1
    return element ^ _FIELD if element & 32 else element
