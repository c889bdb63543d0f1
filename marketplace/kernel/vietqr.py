"""VietQR: the text inside a bank-transfer QR code (NAPAS 247 on EMVCo merchant-presented QR).

A payload is a row of fields, each a two-digit id, a two-digit length and the value; field 63, the
CRC-16/CCITT-FALSE of all before it, comes last. Field 38 names the account, 54 the amount in
đồng, 62-08 the memo.
"""

import re
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GUID: Final = "A000000727"
"""NAPAS, as field 38 names it."""
MAX_AMOUNT: Final = 10**13 - 1
MAX_MEMO: Final = 25
CRC_START: Final = 0xFFFF

_BANK_BIN: Final = re.compile(r"[0-9]{6}")
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z]{1,19}")
_MEMO: Final = re.compile(rf"[ -~]{{1,{MAX_MEMO}}}")
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,12}")
_HEADER: Final = re.compile(r"[0-9]{4}")
_CRC: Final = re.compile(r"6304[0-9A-F]{4}")
_CRC_LENGTH: Final = 8


class Service(StrEnum):
    """What the transfer goes to."""

    TO_ACCOUNT = "QRIBFTTA"
    TO_CARD = "QRIBFTTC"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that a QR code asks for.

    Attributes:
        bank_bin: The six digits by which NAPAS knows the bank (970436 is Vietcombank).
        account: Account or card number, up to 19 letters and digits.
        amount: Whole đồng, from 1 up to 13 digits; None leaves it to the payer.
        memo: Up to 25 printable ASCII characters.
        bill: A bill number, the same.
        service: To an account or to a card.
        once: Made for one payment (dynamic, field 01 = 12) or to be kept (static, 11).

    Raises:
        TypeError: the amount is not a whole number.
        ValueError: a field is malformed.
    """

    bank_bin: str
    account: str
    amount: int | None = None
    memo: str | None = None
    bill: str | None = None
    service: Service = Service.TO_ACCOUNT
    once: bool = False

    def __post_init__(self) -> None:
        if not _BANK_BIN.fullmatch(self.bank_bin):
            raise ValueError("The bank's BIN has six digits")
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("An account number has 1 to 19 letters and digits, without accents")
        for text in (self.memo, self.bill):
            if text is not None and not _MEMO.fullmatch(text):
                raise ValueError(f"A memo has 1 to {MAX_MEMO} printable ASCII characters")
        object.__setattr__(self, "service", Service(self.service))
        if self.amount is None:
            return
        if type(self.amount) is not int:  # a bool is an int to isinstance
            raise TypeError(f"Whole đồng only, not {type(self.amount).__name__}")
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise ValueError("An amount has 1 to 13 digits and is above zero")

    def payload(self) -> str:
        """The text to put into the QR code, checksum included."""
        account = _field("00", self.bank_bin) + _field("01", self.account)
        extra = (_field("01", self.bill) if self.bill else "") + (
            _field("08", self.memo) if self.memo else ""
        )
        text = (
            _field("00", "01")
            + _field("01", "12" if self.once else "11")
            + _field("38", _field("00", GUID) + _field("01", account) + _field("02", self.service))
            + _field("53", "704")
            + (_field("54", str(self.amount)) if self.amount is not None else "")
            + _field("58", "VN")
            + (_field("62", extra) if extra else "")
            + "6304"
        )
        return text + _crc(text)


def build(
    bank_bin: str,
    account: str,
    amount: int | None = None,
    memo: str | None = None,
    service: Service = Service.TO_ACCOUNT,
) -> str:
    """The payload of a code that asks for `amount` đồng with `memo`; see `Transfer`.

    With an amount the code is for one payment, without it is one to keep.

    Raises:
        TypeError: the amount is not a whole number.
        ValueError: a field is malformed.
    """
    transfer = Transfer(bank_bin, account, amount, memo, service=service, once=amount is not None)
    return transfer.payload()


def parse(payload: str) -> Transfer:
    """Read a VietQR payload; fields we have no use for (merchant name, city) are skipped.

    Raises:
        ValueError: it is cut, altered, malformed or not a transfer within Việt Nam.
    """
    if not payload.isascii() or not _CRC.fullmatch(payload[-_CRC_LENGTH:]):
        raise ValueError("The payload does not end in a checksum")
    if _crc(payload[:-4]) != payload[-4:]:
        raise ValueError("The checksum is wrong")
    fields = _fields(payload[:-_CRC_LENGTH])
    if fields.get("00") != "01":
        raise ValueError("Not an EMVCo payload of version 01")
    if fields.get("01") not in {"11", "12"}:
        raise ValueError("Field 01 must be 11 or 12")
    if fields.get("53") != "704" or fields.get("58") != "VN":
        raise ValueError("Not a payment in đồng within Việt Nam")
    amount = fields.get("54")
    if amount is not None and not _AMOUNT.fullmatch(amount):
        raise ValueError("An amount has 1 to 13 digits and is above zero")
    scheme = _fields(fields.get("38", ""))
    if scheme.get("00") != GUID:
        raise ValueError("Not a NAPAS account")
    account = _fields(scheme.get("01", ""))
    extra = _fields(fields.get("62", ""))
    return Transfer(
        bank_bin=account.get("00", ""),
        account=account.get("01", ""),
        amount=None if amount is None else int(amount),
        memo=extra.get("08"),
        bill=extra.get("01"),
        service=Service(scheme.get("02", "")),
        once=fields["01"] == "12",
    )


def _crc(text: str) -> str:
    return f"{crc_hqx(text.encode('ascii'), CRC_START):04X}"


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in _split(text):
        if name in fields:
            raise ValueError(f"Field {name} comes twice")
        fields[name] = value
    return fields


def _split(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        header = text[position : position + 4]
        if not _HEADER.fullmatch(header):
            raise ValueError("A field begins with a two-digit id and a two-digit length")
        end = position + 4 + int(header[2:])
        if end > len(text):
            raise ValueError(f"Field {header[:2]} is cut off")
        yield header[:2], text[position + 4 : end]
        position = end
