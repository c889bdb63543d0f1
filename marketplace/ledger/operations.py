"""Booking facts. Every function may be called twice for one fact: it is booked once.

Whoever reports the fact has locked it and asked who may; the ledger takes no actor.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.kernel.money import Money
from marketplace.ledger import accounts, rules
from marketplace.ledger.errors import EntryDiffersError
from marketplace.ledger.rules import DeliveredSale, Posting, RemittedCash
from marketplace.platform.database import session
from models.ledger import LedgerAccount, LedgerEntry, LedgerPosting, RevenueFact


def post(
    *, ref: str, kind: str, at: datetime, postings: Sequence[Posting], memo: str = ""
) -> LedgerEntry:
    """Add an entry, unless the fact `ref` is booked already.

    Args:
        ref: the natural key of the fact, "delivered:17".
        kind: the kind of fact, "delivered".
        at: when it happened.
        postings: which accounts it moves; they sum to zero in each currency. Accounts that
            do not exist yet are opened.
        memo: what people know the fact by: an order's number, a bank's reference.

    Returns:
        The entry of the fact: the new one, or the one that was there.

    Raises:
        ValueError: the postings do not sum to zero, or the chart has no such account.
        EntryDiffersError: the fact is booked with other postings.
    """
    rules.require_balanced(postings)
    entry_id = _add_entry(ref=ref, kind=kind, at=at, memo=memo)
    if entry_id is None:
        return _booked(ref, postings)
    ids = _account_ids(postings)
    session.execute(
        insert(LedgerPosting),
        [
            {
                "entry_id": entry_id,
                "account_id": ids[posting.account],
                "currency": posting.amount.currency,
                "amount_minor": posting.amount.minor,
            }
            for posting in postings
        ],
    )
    return session.get_one(LedgerEntry, entry_id)


def book_delivery(*, sale: DeliveredSale, at: datetime) -> LedgerEntry:
    """Book a delivered seller order and its revenue facts, in one go.

    Raises:
        EntryDiffersError: it is booked with other amounts.
    """
    already = _find_entry(f"delivered:{sale.seller_order_id}")
    entry = post(
        ref=f"delivered:{sale.seller_order_id}",
        kind="delivered",
        at=at,
        postings=rules.of_delivery(sale),
        memo=sale.number,
    )
    if already is None:
        facts = rules.revenue_facts(sale, entry_id=entry.id, at=at)
        session.execute(upsert(RevenueFact).on_conflict_do_nothing(), facts)
    return entry


def book_bank_credit(
    *, line_id: int, amount: Money, account: str, at: datetime, memo: str = ""
) -> LedgerEntry:
    """Book money that came in, to `accounts.BUYER_FUNDS` or `accounts.SUSPENSE`.

    Raises:
        EntryDiffersError: the line is booked otherwise.
    """
    return post(
        ref=f"bank:{line_id}",
        kind="bank_credit",
        at=at,
        postings=rules.moved(debit=accounts.BANK, credit=account, amount=amount),
        memo=memo,
    )


def book_assignment(*, line_id: int, amount: Money, at: datetime, memo: str = "") -> LedgerEntry:
    """Move a line's money from suspense to the order that a person found for it."""
    return post(
        ref=f"assigned:{line_id}",
        kind="assigned",
        at=at,
        postings=rules.moved(debit=accounts.SUSPENSE, credit=accounts.BUYER_FUNDS, amount=amount),
        memo=memo,
    )


def book_cash_remitted(*, cash: RemittedCash, at: datetime) -> LedgerEntry:
    """Book collected cash that reached the market.

    Raises:
        EntryDiffersError: it is booked with other amounts.
    """
    return post(
        ref=f"cod-remitted:{cash.seller_order_id}",
        kind="cash_remitted",
        at=at,
        postings=rules.of_cash_remitted(cash),
        memo=cash.number,
    )


def book_payout(
    *, payout_id: int, organisation_id: int, amount: Money, at: datetime, memo: str = ""
) -> LedgerEntry:
    """Book money sent to a seller."""
    return post(
        ref=f"payout:{payout_id}",
        kind="payout",
        at=at,
        postings=rules.moved(
            debit=accounts.payable(organisation_id), credit=accounts.BANK, amount=amount
        ),
        memo=memo,
    )


def book_refund(
    *, refund_id: int, amount: Money, account: str, at: datetime, memo: str = ""
) -> LedgerEntry:
    """Book money sent back, out of `accounts.BUYER_FUNDS` or `accounts.SUSPENSE`."""
    return post(
        ref=f"refund:{refund_id}",
        kind="refund",
        at=at,
        postings=rules.moved(debit=account, credit=accounts.BANK, amount=amount),
        memo=memo,
    )


def _add_entry(*, ref: str, kind: str, at: datetime, memo: str) -> int | None:
    # Two transactions that book one fact meet at the unique key: the second waits for the first.
    return session.scalar(
        upsert(LedgerEntry)
        .values(ref=ref, kind=kind, at=at, memo=memo)
        .on_conflict_do_nothing(index_elements=[LedgerEntry.ref])
        .returning(LedgerEntry.id)
    )


def _find_entry(ref: str) -> LedgerEntry | None:
    return session.scalar(select(LedgerEntry).where(LedgerEntry.ref == ref))


def _booked(ref: str, postings: Sequence[Posting]) -> LedgerEntry:
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.ref == ref)).one()
    rows = session.execute(
        select(LedgerAccount.code, LedgerPosting.currency, LedgerPosting.amount_minor)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerPosting.entry_id == entry.id)
    )
    known = sorted((code, currency, minor) for code, currency, minor in rows)
    given = sorted((each.account, each.amount.currency, each.amount.minor) for each in postings)
    if known != given:
        raise EntryDiffersError(ref=ref)
    return entry


def _account_ids(postings: Sequence[Posting]) -> dict[str, int]:
    """The ids of the accounts; those that are missing are opened, whoever else does so too."""
    currencies = {posting.account: posting.amount.currency for posting in postings}
    known = _known_ids(currencies)
    missing = sorted(currencies.keys() - known.keys())
    if not missing:
        return known
    # One order for everybody, so that two openings do not wait for each other.
    session.execute(
        upsert(LedgerAccount).on_conflict_do_nothing(index_elements=[LedgerAccount.code]),
        [_new_account(code, currencies[code]) for code in missing],
    )
    return _known_ids(currencies)


def _known_ids(codes: dict[str, str]) -> dict[str, int]:
    rows = session.execute(
        select(LedgerAccount.code, LedgerAccount.id).where(LedgerAccount.code.in_(codes))
    )
    return dict(rows.all())


def _new_account(code: str, currency: str) -> dict[str, object]:
    kind, organisation_id = accounts.describe(code)
    return {
        "code": code,
        "kind": kind,
        "organisation_id": organisation_id,
        "currency": currency,
    }
