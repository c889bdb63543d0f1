"""Booking facts. Every function may be called twice for one fact: it is booked once.

Whoever reports the fact has locked it and asked who may; the ledger takes no actor.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from marketplace.kernel.money import Money
from marketplace.ledger import accounts, credit, rules
from marketplace.ledger.credit import InvoicedSale, PaidDue
from marketplace.ledger.errors import EntryDiffersError
from marketplace.ledger.rules import DeliveredSale, Posting, RemittedCash
from marketplace.platform.database import session
from marketplace.platform.statements import Change, NewRows, adding
from models.ledger import LedgerAccount, LedgerEntry, LedgerPosting, RevenueFact

_ENTRIES: Final = NewRows(LedgerEntry)
_NEW_POSTINGS: Final = Change(
    text("""
        with known as (select id, code from ledger_accounts where code = any(:codes))
        insert into ledger_postings (entry_id, account_id, currency, amount_minor)
        select :entry_id, known.id, given.currency, given.minor
        from unnest(cast(:codes as text[]), cast(:currencies as text[]),
                    cast(:minors as bigint[])) with ordinality
                    as given (code, currency, minor, number)
        join known using (code)
        where (select count(*) from known) = :account_count
        order by given.number
        returning id
    """)
)
"""All postings of an entry, or none if one of the accounts is not open yet."""
_NEW_FACTS: Final = adding(RevenueFact)


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
    entry, _ = _post(LedgerEntry(ref=ref, kind=kind, at=at, memo=memo), postings)
    return entry


def book_delivery(*, sale: DeliveredSale, at: datetime) -> LedgerEntry:
    """Book a delivered seller order and its revenue facts, in one go.

    Raises:
        EntryDiffersError: it is booked with other amounts.
    """
    entry, is_new = _post(
        LedgerEntry(
            ref=f"delivered:{sale.seller_order_id}", kind="delivered", at=at, memo=sale.number
        ),
        rules.of_delivery(sale),
    )
    if is_new:
        _NEW_FACTS.make_each(rules.revenue_facts(sale, entry_id=entry.id, at=at))
    return entry


def book_invoice(*, sale: InvoicedSale, at: datetime) -> LedgerEntry | None:
    """Book an invoice under a contract and its revenue facts, in one go.

    Returns:
        The entry; None for an invoice that asks for nothing and takes nothing.

    Raises:
        EntryDiffersError: it is booked with other amounts.
    """
    if not sale.revenue_minor:
        return None
    entry, is_new = _post(
        LedgerEntry(ref=f"invoice:{sale.invoice_id}", kind="invoiced", at=at, memo=sale.number),
        credit.of_invoice(sale),
    )
    if is_new:
        _NEW_FACTS.make_each(credit.revenue_facts(sale, entry_id=entry.id, at=at))
    if sale.advance_minor:
        post(
            ref=f"advance:{sale.invoice_id}",
            kind="advance",
            at=at,
            postings=credit.of_advance(sale),
            memo=sale.number,
        )
    return entry


def book_due_paid(*, paid: PaidDue, at: datetime, memo: str = "") -> LedgerEntry:
    """Book what a bank line paid of an invoice, after the line itself."""
    return post(
        ref=f"due-paid:{paid.line_id}",
        kind="due_paid",
        at=at,
        postings=credit.of_payment(paid),
        memo=memo,
    )


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


def _post(entry: LedgerEntry, postings: Sequence[Posting]) -> tuple[LedgerEntry, bool]:
    """The entry of the fact, and whether it was added just now."""
    rules.require_balanced(postings)
    # Two transactions that book one fact meet at the unique key: the second waits for the first.
    if not _ENTRIES.write_if_new(entry):
        return _booked(entry.ref, postings), False
    moves = {
        "entry_id": entry.id,
        "codes": [posting.account for posting in postings],
        "currencies": [posting.amount.currency for posting in postings],
        "minors": [posting.amount.minor for posting in postings],
        "account_count": len({posting.account for posting in postings}),
    }
    if not _NEW_POSTINGS.make(**moves):
        _open_accounts(postings)
        _NEW_POSTINGS.make(**moves)
    return entry, True


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


def _open_accounts(postings: Sequence[Posting]) -> None:
    """Open those accounts that are missing, whoever else does so too."""
    currencies = {posting.account: posting.amount.currency for posting in postings}
    # One order for everybody, so that two openings do not wait for each other.
    session.execute(
        upsert(LedgerAccount).on_conflict_do_nothing(index_elements=[LedgerAccount.code]),
        [_new_account(code, currencies[code]) for code in sorted(currencies)],
    )


def _new_account(code: str, currency: str) -> dict[str, object]:
    kind, organisation_id = accounts.describe(code)
    return {
        "code": code,
        "kind": kind,
        "organisation_id": organisation_id,
        "currency": currency,
    }
