"""What the books say. A balance is given on the side on which its account grows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.kernel.money import Money
from marketplace.ledger import accounts
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.ledger import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting


@dataclass(frozen=True, slots=True)
class AccountMovement:
    """One entry as an account sees it; `amount_minor` above zero makes its balance grow.

    `balance_minor` is the balance after it. `subject_id` is the id in the entry's natural key.
    """

    entry_id: int
    at: datetime
    kind: str
    subject_id: int
    memo: str
    amount_minor: int
    balance_minor: int


def balance(code: str, *, currency: str = "VND") -> Money:
    """What stands on an account: for an asset debit minus credit, for others the opposite.

    An account that nothing was ever booked on has a balance of zero.

    Raises:
        ValueError: the chart has no such account.
    """
    kind, _ = accounts.describe(code)
    return Money(_sign(kind) * _sums([code], currency).get(code, 0), currency)


def available_for_payout(organisation_id: int, *, currency: str = "VND") -> Money:
    """What may be sent to a seller now: what it is owed, less what it still holds in cash.

    Both stand in the books at once: the cash that a seller collected at the door is the market's
    until it is remitted. Below zero if it holds more than it is owed.
    """
    owed = balance(accounts.payable(organisation_id), currency=currency)
    return owed - balance(accounts.cash_in_transit(organisation_id), currency=currency)


def payables(organisation_ids: list[int], *, currency: str = "VND") -> dict[int, int]:
    """What the market owes each of the sellers, in đồng; one statement."""
    codes = {accounts.payable(each): each for each in organisation_ids}
    sums = _sums(list(codes), currency)
    return {each: -sums.get(code, 0) for code, each in codes.items()}


def cash_in_transit_of(organisation_ids: list[int], *, currency: str = "VND") -> dict[int, int]:
    """What each of the sellers holds in cash for the market, in đồng; one statement."""
    codes = {accounts.cash_in_transit(each): each for each in organisation_ids}
    sums = _sums(list(codes), currency)
    return {each: sums.get(code, 0) for code, each in codes.items()}


def market_balances(*, currency: str = "VND") -> dict[str, int]:
    """What stands on the market's own accounts, by their codes, in đồng; one statement."""
    codes = [
        accounts.BANK,
        accounts.BUYER_FUNDS,
        accounts.SUSPENSE,
        accounts.COMMISSION,
        accounts.CASH_DIFFERENCE,
    ]
    sums = _sums(codes, currency)
    return {code: _sign(accounts.describe(code)[0]) * sums.get(code, 0) for code in codes}


def owed_sellers(*, currency: str = "VND") -> dict[int, int]:
    """Every seller that is owed something, and how much, in đồng."""
    rows = session.execute(
        select(LedgerAccount.organisation_id, -func.sum(LedgerPosting.amount_minor))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .where(LedgerAccount.code.like("org:%:payable"), LedgerPosting.currency == currency)
        .group_by(LedgerAccount.organisation_id)
        .having(func.sum(LedgerPosting.amount_minor) < 0)
    )
    return {owner: int(minor) for owner, minor in rows if owner is not None}


def movements_of(code: str, page: PageRequest, *, currency: str = "VND") -> Page[AccountMovement]:
    """The entries that moved an account, newest first, with the balance after each.

    Raises:
        ValueError: the chart has no such account.
    """
    kind, _ = accounts.describe(code)
    amount = _sign(kind) * LedgerPosting.amount_minor
    statement = (
        select(
            LedgerEntry.id,
            LedgerEntry.at,
            LedgerEntry.kind,
            LedgerEntry.ref,
            LedgerEntry.memo,
            amount.label("amount"),
            func.sum(amount)
            .over(order_by=(LedgerEntry.at, LedgerEntry.id), rows=(None, 0))
            .label("balance"),
        )
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.code == code, LedgerPosting.currency == currency)
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.execute(
        statement.order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    movements = [
        AccountMovement(
            entry_id=entry_id,
            at=at,
            kind=entry_kind,
            subject_id=int(ref.rpartition(":")[2]),
            memo=memo,
            amount_minor=int(minor),
            balance_minor=int(after),
        )
        for entry_id, at, entry_kind, ref, memo, minor, after in rows
    ]
    return Page(rows=movements, request=page, total=total)


def _sums(codes: list[str], currency: str) -> dict[str, int]:
    rows = session.execute(
        select(LedgerAccount.code, func.sum(LedgerPosting.amount_minor))
        .join(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .where(LedgerAccount.code.in_(codes), LedgerPosting.currency == currency)
        .group_by(LedgerAccount.code)
    )
    return {code: int(minor) for code, minor in rows}


def _sign(kind: AccountKind) -> int:
    return 1 if kind == AccountKind.ASSET else -1
