"""Proving the books: statements of their own, so that a mistake in booking is not repeated here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from marketplace.platform.database import session


@dataclass(frozen=True, slots=True)
class Check:
    """A statement about the books, with the SQL that finds every row that contradicts it.

    The first column of such a row names it.
    """

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A check that found something, and the names of what it found (the first ten)."""

    name: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What was looked at."""

    entries: int
    postings: int
    accounts: int
    debit_minor: int
    facts: int
    net_minor: int
    sellers: int


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """What stands on one of the market's accounts, or on all the sellers' accounts of a kind."""

    code: str
    minor: int


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a proof; without faults the books are sound."""

    totals: Totals
    balances: tuple[AccountBalance, ...]
    passed: tuple[str, ...]
    faults: tuple[Fault, ...]


BALANCED: Final = "balanced"
COMPLETE: Final = "complete"
DELIVERIES_HAVE_FACTS: Final = "deliveries_have_facts"
PAYABLE: Final = "payable"
COMMISSION: Final = "commission"
MONTHS: Final = "months"
NOT_OVERDRAWN: Final = "not_overdrawn"
RECEIVABLE: Final = "receivable"
PENDING: Final = "pending"

CHECKS: Final = (
    Check(
        BALANCED,
        """
        select e.ref from ledger_entries e join ledger_postings p on p.entry_id = e.id
        group by e.id, e.ref, p.currency having sum(p.amount_minor) <> 0
        """,
    ),
    Check(
        COMPLETE,
        """
        select e.ref from ledger_entries e left join ledger_postings p on p.entry_id = e.id
        group by e.id, e.ref having count(p.id) < 2
        """,
    ),
    Check(
        DELIVERIES_HAVE_FACTS,
        """
        select e.ref from ledger_entries e left join revenue_facts f on f.entry_id = e.id
        group by e.id, e.ref, e.kind
        having (e.kind in ('delivered', 'invoiced')) <> (count(f.id) > 0)
        """,
    ),
    Check(
        PAYABLE,
        """
        with booked as (
            select a.organisation_id as id, -sum(p.amount_minor) as minor
            from ledger_postings p
            join ledger_accounts a on a.id = p.account_id
                and (a.code like 'org:%payable' or a.code like 'org:%contract_pending')
            join ledger_entries e
                on e.id = p.entry_id and e.kind in ('delivered', 'invoiced')
            group by 1
        ), told as (
            select organisation_id as id, sum(net_minor) as minor from revenue_facts group by 1
        )
        select coalesce(booked.id, told.id) from booked full join told using (id)
        where coalesce(booked.minor, 0) <> coalesce(told.minor, 0)
        """,
    ),
    Check(
        COMMISSION,
        """
        with booked as (
            select p.entry_id as id, -sum(p.amount_minor) as minor
            from ledger_postings p
            join ledger_accounts a on a.id = p.account_id and a.code = 'market:commission'
            group by 1
        ), told as (
            select entry_id as id, sum(commission_minor) as minor from revenue_facts group by 1
        )
        select coalesce(booked.id, told.id) from booked full join told using (id)
        where coalesce(booked.minor, 0) <> coalesce(told.minor, 0)
        """,
    ),
    Check(
        MONTHS,
        """
        with counted as (
            select organisation_id as id, date_trunc('month', business_day)::date as month,
                   currency, count(coalesce(line_id, delivery_line_id)) as lines,
                   sum(gross_minor) as gross,
                   sum(discount_minor) as discount, sum(delivery_minor) as delivery,
                   sum(commission_minor) as commission, sum(net_minor) as net
            from revenue_facts group by 1, 2, 3
        ), kept as (
            select organisation_id as id, month, currency, sum(line_count) as lines,
                   sum(gross_minor) as gross, sum(discount_minor) as discount,
                   sum(delivery_minor) as delivery, sum(commission_minor) as commission,
                   sum(net_minor) as net
            from revenue_months group by 1, 2, 3
        )
        select coalesce(counted.id, kept.id) || ' ' || coalesce(counted.month, kept.month)
        from counted full join kept using (id, month, currency)
        where (counted.lines, counted.gross, counted.discount, counted.delivery,
               counted.commission, counted.net)
           is distinct from
              (kept.lines, kept.gross, kept.discount, kept.delivery, kept.commission, kept.net)
        """,
    ),
    Check(
        RECEIVABLE,
        """
        with booked as (
            select a.organisation_id as id, sum(p.amount_minor) as minor
            from ledger_postings p
            join ledger_accounts a on a.id = p.account_id and a.code like 'org:%receivable'
            group by 1
        ), owed as (
            select buyer_id as id, sum(amount_minor - received_minor + returned_minor) as minor
            from dues where invoice_id is not null group by 1
        )
        select coalesce(booked.id, owed.id) from booked full join owed using (id)
        where coalesce(booked.minor, 0) <> coalesce(owed.minor, 0)
        """,
    ),
    Check(
        PENDING,
        """
        with booked as (
            select a.organisation_id as id, -sum(p.amount_minor) as minor
            from ledger_postings p join ledger_accounts a
                on a.id = p.account_id and a.code like 'org:%contract_pending'
            group by 1
        ), came as (
            select i.*, i.goods_minor + i.bonus_minor - i.penalty_minor - i.advance_minor as whole,
                   i.deposit_minor + coalesce((
                       select sum(received_minor - returned_minor) from dues
                       where invoice_id = i.id), 0) as received
            from invoices i
        ), waiting as (
            select organisation_id as id, sum(
                whole - commission_minor
                - div((whole - commission_minor)::numeric * received, whole)) as minor
            from came where whole > 0 group by 1
        )
        select coalesce(booked.id, waiting.id) from booked full join waiting using (id)
        where coalesce(booked.minor, 0) <> coalesce(waiting.minor, 0)
        """,
    ),
    Check(
        NOT_OVERDRAWN,
        """
        select a.code from ledger_accounts a join ledger_postings p on p.account_id = a.id
        where a.code <> 'market:cash_difference'
        group by a.code, a.kind, p.currency
        having sum(p.amount_minor) * (case when a.kind = 'asset' then 1 else -1 end) < 0
        """,
    ),
)

_TOTALS: Final = """
    select (select count(*) from ledger_entries),
           (select count(*) from ledger_postings),
           (select count(*) from ledger_accounts),
           (select coalesce(sum(amount_minor), 0) from ledger_postings where amount_minor > 0),
           (select count(*) from revenue_facts),
           (select coalesce(sum(net_minor), 0) from revenue_facts),
           (select count(distinct organisation_id) from revenue_facts)
"""
_BALANCES: Final = """
    select regexp_replace(a.code, '^org:[0-9]+:', 'org:*:') as code,
           sum(p.amount_minor * (case when a.kind = 'asset' then 1 else -1 end))
    from ledger_accounts a join ledger_postings p on p.account_id = a.id
    group by 1 order by 1
"""
_NAMED: Final = 10


def verify() -> Verification:
    """Go through all the books and say what is proved and what is not.

    Reads only. It takes time in proportion to the number of postings.
    """
    faults = tuple(_faults())
    wrong = {fault.name for fault in faults}
    totals = session.execute(text(_TOTALS)).one()
    return Verification(
        totals=Totals(*(int(each) for each in totals)),
        balances=tuple(
            AccountBalance(code, int(minor)) for code, minor in session.execute(text(_BALANCES))
        ),
        passed=tuple(check.name for check in CHECKS if check.name not in wrong),
        faults=faults,
    )


def _faults() -> Iterator[Fault]:
    for check in CHECKS:
        found = session.execute(text(check.sql)).fetchmany(_NAMED)
        if found:
            yield Fault(check.name, tuple(str(row[0]) for row in found))
