"""The chart of accounts: codes, and on which side each of them grows."""

import re
from typing import Final

from models.ledger import AccountKind

BANK: Final = "market:bank"
"""The operator's collecting account, as the bank's statements say."""
BUYER_FUNDS: Final = "market:buyer_funds"
"""What buyers have paid for goods that are not delivered yet, or will get back."""
SUSPENSE: Final = "market:suspense"
"""Money that came without an order to put it to, or too late for one."""
COMMISSION: Final = "market:commission"
"""The market's own share of sales."""
CASH_DIFFERENCE: Final = "market:cash_difference"
"""Cash that was remitted short (debit) or over (credit), each with a written reason."""

_MARKET: Final = {
    BANK: AccountKind.ASSET,
    BUYER_FUNDS: AccountKind.LIABILITY,
    SUSPENSE: AccountKind.LIABILITY,
    COMMISSION: AccountKind.INCOME,
    CASH_DIFFERENCE: AccountKind.INCOME,
}
_ORGANISATION: Final = {
    "payable": AccountKind.LIABILITY,
    "cash_in_transit": AccountKind.ASSET,
    "contract_pending": AccountKind.LIABILITY,
    "receivable": AccountKind.ASSET,
}
_CODE: Final = re.compile(r"org:([1-9][0-9]*):([a-z_]+)")


def payable(organisation_id: int) -> str:
    """The account of what the market owes a seller."""
    return f"org:{organisation_id}:payable"


def cash_in_transit(organisation_id: int) -> str:
    """The account of cash that a seller has collected and not remitted yet."""
    return f"org:{organisation_id}:cash_in_transit"


def contract_pending(organisation_id: int) -> str:
    """The account of what a seller invoiced under contracts and has not come in yet."""
    return f"org:{organisation_id}:contract_pending"


def receivable(organisation_id: int) -> str:
    """The account of what a buyer was invoiced under contracts and has not paid yet."""
    return f"org:{organisation_id}:receivable"


def describe(code: str) -> tuple[AccountKind, int | None]:
    """The kind of the account `code`, and the organisation that it is about, if any.

    Raises:
        ValueError: the chart has no such account.
    """
    if code in _MARKET:
        return _MARKET[code], None
    found = _CODE.fullmatch(code)
    if found is None or found[2] not in _ORGANISATION:
        raise ValueError(f"No account is called {code!r}")
    return _ORGANISATION[found[2]], int(found[1])
