"""Banks of Việt Nam, and the numbers of accounts with them, which are kept sealed."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.accounts.bank_errors import (
    AccountNumberUnreadableError,
    BankUnknownError,
    HolderMissingError,
)
from marketplace.kernel.text import ascii_memo
from marketplace.platform.config import current_settings
from marketplace.platform.secrets import blind_index, seal, unseal
from models.bank_accounts import BankAccount

DATA: Final = Path(__file__).parent / "data" / "banks.json"
SEALED_FOR: Final = "bank-account"
HOLDER_MAX: Final = 80
NUMBER_MAX: Final = 19
SHOWN_DIGITS: Final = 4
_NUMBER: Final = re.compile(r"[0-9A-Z]{6,19}")
_BETWEEN: Final = re.compile(r"[\s.\-]")


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that can be reached by VietQR.

    Attributes:
        bin: the six digits by which NAPAS knows it.
        short_name: what people call it.
        name: what it is called in full.
        is_large: one of those that most people have an account with.
    """

    bin: str
    short_name: str
    name: str
    is_large: bool


@cache
def banks() -> dict[str, Bank]:
    """All banks by their BIN, the large ones first, then by name."""
    every = [Bank(**each) for each in json.loads(DATA.read_text())["banks"]]
    every.sort(key=lambda bank: (not bank.is_large, bank.short_name.casefold()))
    return {bank.bin: bank for bank in every}


def read_bank(text: str) -> Bank:
    """A bank by its BIN.

    Raises:
        BankUnknownError: there is none.
    """
    bank = banks().get(text)
    if bank is None:
        raise BankUnknownError(field="bank_bin")
    return bank


def read_number(text: str) -> str:
    """The number of an account without the spaces, dots and dashes that people put between.

    Raises:
        AccountNumberUnreadableError: it has not 6 to 19 digits or capital letters.
    """
    number = _BETWEEN.sub("", text).upper()
    if not _NUMBER.fullmatch(number):
        raise AccountNumberUnreadableError(field="number")
    return number


def read_holder(text: str) -> str:
    """Whose account it is, as banks write it: capitals without marks, at most 80.

    Raises:
        HolderMissingError: nothing is left of it, or it is too long.
    """
    holder = ascii_memo(text, HOLDER_MAX + 1).strip()
    if not 1 <= len(holder) <= HOLDER_MAX:
        raise HolderMissingError(field="holder")
    return holder


def index_of(bank_bin: str, number: str) -> str:
    """What an account is found by without its number being stored."""
    return blind_index(SEALED_FOR, f"{bank_bin}:{number}")


def sealed_columns(bank_bin: str, number: str) -> dict[str, str]:
    """What a row of `bank_accounts` keeps in place of a number.

    At most half of a number is shown, so that a short one does not show whole.
    """
    return {
        "sealed_number": seal(SEALED_FOR, number),
        "number_index": index_of(bank_bin, number),
        "last_four": number[-min(SHOWN_DIGITS, len(number) // 2) :],
    }


def number_of(account: BankAccount) -> str:
    """The whole number. Whoever shows it to somebody notes that as a reading.

    Only the account that collects is shown unnoted: every buyer is to know it.

    Raises:
        BadTokenError: it was sealed with another SECRET_KEY.
    """
    return unseal(SEALED_FOR, account.sealed_number)


def released_at(account: BankAccount) -> datetime:
    """From when on money is sent to an account: a day after it was added, or once confirmed."""
    if account.confirmed_at is not None:
        return account.confirmed_at
    return account.created_at + timedelta(hours=current_settings().payout_hold_hours)
