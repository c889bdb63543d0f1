"""Numbers, deposits and transfers that meet, where commits are real.

Each race is run without its lock first: it must go wrong there, or it proves nothing.
"""

import sys
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM
from marketplace.contracts import access
from marketplace.invoicing import operations as invoicing
from marketplace.invoicing import queries
from marketplace.payments.queries import pending_line_ids
from marketplace.platform.database import session
from marketplace.workflows import contract_billing, settlement
from marketplace.workflows.contract_billing import close_billing, invoice_delivery
from models.invoicing import Due, DueState, Invoice, InvoiceCounter
from models.payments import BankLineOutcome, Refund
from tests.factories.contracts import ContractFactory
from tests.factories.invoicing import (
    arrived,
    billed_terms,
    deposit_of,
    dues_of,
    running,
    transfer,
)
from tests.factories.orders import collecting_account
from tests.factories.payments import file_of, row
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY
from tests.racing import all_of, both, kinds, meet_after, unlocked


@pytest.fixture
def market(committed_database):
    """A committed database with an account to collect on."""
    with committed_database.app.app_context():
        collecting_account()
        session.commit()
        yield committed_database
        session.rollback()


def sound():
    session.rollback()
    return broken(session) == {}


@pytest.fixture
def two_deliveries(market):
    """Accepted deliveries of one seller under two contracts."""
    first = running()
    second = ContractFactory(
        product_id=first.product_id,
        seller_id=first.seller_id,
        says=billed_terms(product_id=first.product_id),
    )
    ids = [arrived(each).id for each in (first, second)]
    session.commit()
    return ids


@pytest.fixture
def two_of_one(market):
    """Two accepted deliveries of a contract whose deposit is enough for one, and its id."""
    contract = running()
    transfer(deposit_of(contract), at=MONDAY)
    days = (date(2026, 11, 20), date(2026, 11, 27))
    ids = [arrived(contract, due_on=day).id for day in days]
    contract_id = contract.id
    session.commit()
    return contract_id, ids


def next_by_reading(organisation_id, year):
    """What a number would be if somebody looked first and wrote later."""
    row = session.get(InvoiceCounter, (organisation_id, year))
    last = (row.last if row else 0) + 1
    looked(last)
    if row is None:
        session.add(InvoiceCounter(organisation_id=organisation_id, year=year, last=last))
    else:
        row.last = last
    return last


def looked(last):
    """The moment at which two have read the same counter."""
    return last


class TestNumbers:
    def test_the_canary_gives_one_number_twice(self, market, two_deliveries, monkeypatch):
        monkeypatch.setattr(invoicing, "next_number", next_by_reading)
        meet_after(monkeypatch, sys.modules[__name__], "looked")

        results = both(market, lambda index: invoice(two_deliveries[index]))

        assert kinds(results) == ["IntegrityError", "str"]
        assert all_of(Invoice.sequence) == [1]

    def test_two_contracts_of_a_seller_get_following_numbers(self, market, two_deliveries):
        results = both(market, lambda index: invoice(two_deliveries[index]))

        assert sorted(results) == ["2026-00001", "2026-00002"]
        assert all_of(Invoice.sequence) == [1, 2]
        assert sound()

    def test_a_number_that_was_not_used_is_given_again(self, market, two_deliveries, monkeypatch):
        def fail(**_):
            raise RuntimeError

        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(contract_billing.ledger, "book_invoice", fail)
            invoice(two_deliveries[0])
        session.rollback()

        assert invoice(two_deliveries[1]) == "2026-00001"
        session.commit()
        assert sound()


class TestDeposit:
    def test_the_canary_takes_it_twice(self, market, two_of_one, monkeypatch):
        contract_id, ids = two_of_one
        unlocked(monkeypatch, access)
        meet_after(monkeypatch, queries, "beforehand")

        both(market, lambda index: invoice(ids[index]), lambda _: close(contract_id))

        assert not sound()

    def test_closing_and_an_invoice_share_it_to_the_dong(self, market, two_of_one):
        contract_id, ids = two_of_one

        both(market, lambda index: invoice(ids[index]), lambda _: close(contract_id))

        taken = session.scalar(select(func.sum(Invoice.deposit_minor))) or 0
        returned = session.scalar(select(func.sum(Refund.amount_minor))) or 0
        assert taken + returned == 500_000_000
        assert sound()

    def test_one_delivery_is_invoiced_once(self, market, two_of_one):
        _contract_id, ids = two_of_one
        results = both(market, lambda _: invoice(ids[0]))
        assert results == ["2026-00001", "2026-00001"]
        assert sound()


class TestTransfers:
    @pytest.fixture
    def lines(self, market, two_of_one):
        """Two transfers of the same stage."""
        _contract_id, ids = two_of_one
        issued = invoice_delivery(delivery_id=ids[0], at=MONDAY)
        stage = dues_of(issued)[0]
        rows = [row(stage.amount_minor, f"{stage.reference} lan {number}") for number in (1, 2)]
        settlement.import_statement(actor=SYSTEM, file=file_of(*rows), at=MONDAY)
        session.commit()
        found = list(pending_line_ids())
        session.commit()
        return found

    def test_the_canary_keeps_both(self, market, lines, monkeypatch):
        unlocked(monkeypatch, access)
        monkeypatch.setattr(invoicing, "lock_due", lambda due_id: session.get_one(Due, due_id))
        meet_after(monkeypatch, invoicing, "lock_due")

        results = both(market, lambda index: settle(lines[index]))

        assert BankLineOutcome.DUPLICATE not in results
        assert not sound()

    def test_one_of_two_goes_back(self, market, lines):
        results = both(market, lambda index: settle(lines[index]))

        assert sorted(results) == [BankLineOutcome.DUPLICATE, BankLineOutcome.EXACT]
        assert session.scalar(select(func.count()).select_from(Refund)) == 1
        assert sound()

    def test_one_line_settled_by_two_counts_once(self, market, lines):
        results = both(market, lambda _: settle(lines[0]))

        assert results == [BankLineOutcome.EXACT] * 2
        assert all_of(Due.state).count(DueState.PAID) == 2
        assert sound()


def invoice(delivery_id):
    issued = invoice_delivery(delivery_id=delivery_id, at=MONDAY)
    return issued.number if issued else None


def close(contract_id):
    return close_billing(actor=None, contract_id=contract_id, at=TUESDAY)


def settle(line_id):
    return settlement.settle_line(line_id=line_id, at=MONDAY)
