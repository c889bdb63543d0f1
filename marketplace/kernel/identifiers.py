"""Numbers and codes with rules of their own, and numbers as Vietnamese people write them.

GS1 keys (GTIN, GLN), tax codes, the codes of organisations and lots; amounts of money and
quantities typed into a form.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark

GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
GLN_LENGTH: Final = 13

ORGANISATION_CODE_PATTERN: Final = re.compile(r"[A-Z][A-Z0-9]{1,9}")
"""2 to 10 capitals and digits, a letter first: `CUMGAR`. Leaves room for a lot's number."""
LOT_CODE_PATTERN: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")
"""1 to 20 capitals, digits and inner hyphens: a GS1 batch number (AI 10) that needs no escaping."""
MAX_LOT_NUMBER: Final = 9999

_DIGITS: Final = re.compile(r"[0-9]+")
_TAX_CODE: Final = re.compile(r"([0-9]{9})([0-9])(?:-([0-9]{3}))?")
_TAX_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_AMOUNT: Final = re.compile(
    r"([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,3}(?:,[0-9]{3}){1,4})"
)
_CURRENCY: Final = re.compile(r"\s*(?:₫|đồng|đ|vnđ|vnd)\.?$", re.IGNORECASE)
_QUANTITY: Final = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3})(?:,([0-9]{1,6}))?")


class AmountUnreadableError(InvalidError, ValueError):
    """What was typed is not an amount of whole đồng, or could mean two amounts."""

    code = "number.amount_unreadable"
    message = mark("Số tiền phải là số nguyên đồng, ví dụ 1.250.000.")


class QuantityUnreadableError(InvalidError, ValueError):
    """What was typed is not a quantity, or could mean two."""

    code = "number.quantity_unreadable"
    message = mark("Số lượng phải viết kiểu Việt Nam, ví dụ 1.500,5 (dấu phẩy trước phần lẻ).")


def gs1_check_digit(body: str) -> str:
    """The check digit that follows `body` in any GS1 key: weights 3, 1, 3, 1 … from the right.

    Raises:
        ValueError: `body` is not made of digits.
    """
    if not _DIGITS.fullmatch(body):
        raise ValueError("A GS1 key is made of digits")
    total = sum(
        int(digit) * (1 if position % 2 else 3) for position, digit in enumerate(reversed(body))
    )
    return str(-total % 10)


def is_gtin(text: str) -> bool:
    """Whether `text` is a GTIN-8, -12, -13 or -14 with the right check digit."""
    return len(text) in GTIN_LENGTHS and _has_check_digit(text)


def gtin14(gtin: str) -> str:
    """`gtin` in the 14 digits in which GTINs are stored and compared.

    Raises:
        ValueError: it is no GTIN.
    """
    if not is_gtin(gtin):
        raise ValueError(f"{gtin!r} is no GTIN")
    return gtin.zfill(14)


def is_gln(text: str) -> bool:
    """Whether `text` is a global location number with the right check digit."""
    return len(text) == GLN_LENGTH and _has_check_digit(text)


def is_tax_code(text: str) -> bool:
    """Whether `text` is a Vietnamese tax code: ten digits, perhaps `-001` for a dependent unit.

    The tenth digit is 10 minus (the weighted sum of nine, modulo 11); a sum that leaves nothing
    belongs to no code.
    """
    found = _TAX_CODE.fullmatch(text)
    if not found:
        return False
    body, check, branch = found.groups()
    total = sum(int(digit) * weight for digit, weight in zip(body, _TAX_WEIGHTS, strict=True))
    return str(10 - total % 11) == check and body[2:] != "0000000" and branch != "000"


def is_organisation_code(text: str) -> bool:
    """Whether `text` can be the code of an organisation (`ORGANISATION_CODE_PATTERN`)."""
    return ORGANISATION_CODE_PATTERN.fullmatch(text) is not None


def is_lot_code(text: str) -> bool:
    """Whether `text` can be the code of a lot (`LOT_CODE_PATTERN`)."""
    return LOT_CODE_PATTERN.fullmatch(text) is not None


def lot_code(organisation_code: str, day: date, number: int) -> str:
    """The code of an organisation's `number`-th lot in the month of `day`: `CUMGAR-2611-017`.

    Raises:
        ValueError: the organisation's code is malformed, or `number` is not in 1 … 9999.
    """
    if not is_organisation_code(organisation_code):
        raise ValueError(f"{organisation_code!r} is no organisation's code")
    if not 1 <= number <= MAX_LOT_NUMBER:
        raise ValueError(f"The lots of a month are numbered 1 to {MAX_LOT_NUMBER}")
    return f"{organisation_code}-{day:%y%m}-{number:03d}"


def parse_vnd(text: str) -> int:
    """Whole đồng as typed: "1.250.000", "1,250,000", "1250000 đ", "45.000 ₫", "45000 VND".

    đồng have no fraction, so a single separator before three digits separates thousands.

    Raises:
        AmountUnreadableError: anything else, such as "1250.5", "1.25", "1.250,000" or "-5".
    """
    digits = _CURRENCY.sub("", text.strip())
    if not _AMOUNT.fullmatch(digits):
        raise AmountUnreadableError(text=text)
    return int(digits.replace(".", "").replace(",", ""))


def parse_quantity(text: str) -> Decimal:
    """A quantity as typed in Việt Nam: "1.500,5" and "1500,5" are 1500.5; "1.500" is 1500.

    The comma comes before the fraction (up to six digits), dots only between full groups of three.

    Raises:
        QuantityUnreadableError: anything else, such as "1500.5", "1,500.5" or "-2".
    """
    found = _QUANTITY.fullmatch(text.strip())
    if not found:
        raise QuantityUnreadableError(text=text)
    whole, fraction = found[1].replace(".", ""), found[2]
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def _has_check_digit(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None and gs1_check_digit(text[:-1]) == text[-1]
