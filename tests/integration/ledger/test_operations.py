"""Booking facts: once each, balanced, with their revenue facts."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from marketplace.kernel.money import vnd
from marketplace.ledger import accounts, operations, queries, rules
from marketplace.ledger.errors import EntryDiffersError
from marketplace.ledger.rules import DeliveredLine, DeliveredSale, RemittedCash
from marketplace.ledger.verification import verify
from marketplace.platform.pagination import PageRequest
from models.ledger import LedgerAccount, LedgerEntry, LedgerPosting, RevenueFact
from tests.factories.accounts import OrganisationFactory
from tests.factories.orders import COMMISSION, FEE, PRICE, QUANTITY, SellerOrderFactory
from tests.moments import LAST_SECOND_OF_OCTOBER, MONDAY, TUESDAY

GOODS = PRICE * QUANTITY
TOTAL = GOODS + FEE
NET = TOTAL - COMMISSION


def sale_of(part, method="bank_transfer"):
    [line] = part.lines
    return DeliveredSale(
        seller_order_id=part.id,
        number=part.number,
        organisation_id=part.organisation_id,
        payment_method=method,
        buyer_province_code="01",
        channel="retail",
        currency="VND",
        delivery_minor=part.delivery_minor,
        lines=(
            DeliveredLine(
                line_id=line.id,
                product_id=line.product_id,
                category_id=line.category_id,
                quantity=line.quantity,
                grams=line.quantity * line.net_weight_g,
                gross_minor=line.goods_minor,
                discount_minor=0,
                commission_minor=line.commission_minor,
            ),
        ),
    )


@pytest.fixture
def part(session):
    """A delivered part of 330.000 ₫, its lines loaded."""
    made = SellerOrderFactory(delivered=True)
    session.refresh(made, ["lines"])
    return made


def deposit(minor=1_000, ref="bank:1", at=MONDAY):
    return operations.post(
        ref=ref,
        kind="bank_credit",
        at=at,
        postings=rules.moved(debit=accounts.BANK, credit=accounts.BUYER_FUNDS, amount=vnd(minor)),
    )


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestPost:
    def test_moves_the_accounts_and_opens_those_that_are_new(self, session):
        entry = deposit()

        assert (entry.ref, entry.kind, entry.at) == ("bank:1", "bank_credit", MONDAY)
        assert queries.balance(accounts.BANK) == vnd(1_000)
        assert queries.balance(accounts.BUYER_FUNDS) == vnd(1_000)
        kinds = session.execute(select(LedgerAccount.code, LedgerAccount.kind)).all()
        assert sorted(map(tuple, kinds)) == [
            ("market:bank", "asset"),
            ("market:buyer_funds", "liability"),
        ]

    def test_twice_is_once(self, session):
        first = deposit()

        second = deposit(at=TUESDAY)

        assert second.id == first.id
        assert count(session, LedgerPosting) == 2

    def test_refuses_the_same_fact_with_another_amount(self, session):
        deposit()

        with pytest.raises(EntryDiffersError):
            deposit(1_001)

        assert queries.balance(accounts.BANK) == vnd(1_000)

    def test_refuses_what_does_not_sum_to_zero(self, session):
        postings = [
            rules.Posting(accounts.BANK, vnd(5)),
            rules.Posting(accounts.COMMISSION, vnd(-4)),
        ]

        with pytest.raises(ValueError, match="do not sum to zero"):
            operations.post(ref="x:1", kind="x", at=MONDAY, postings=postings)

        assert count(session, LedgerEntry) == 0

    def test_refuses_an_account_that_the_chart_does_not_have(self, session):
        postings = rules.moved(debit="market:petty", credit=accounts.BANK, amount=vnd(1))

        with pytest.raises(ValueError, match="No account"), session.begin_nested():
            operations.post(ref="x:1", kind="x", at=MONDAY, postings=postings)

        assert count(session, LedgerEntry) == 0


class TestBookDelivery:
    def test_books_the_entry_and_the_facts_of_its_revenue(self, session, part):
        operations.book_bank_credit(
            line_id=1, amount=vnd(TOTAL), account=accounts.BUYER_FUNDS, at=MONDAY
        )

        entry = operations.book_delivery(sale=sale_of(part), at=MONDAY)

        assert (entry.ref, entry.memo) == (f"delivered:{part.id}", part.number)
        assert queries.balance(accounts.payable(part.organisation_id)) == vnd(NET)
        assert queries.balance(accounts.COMMISSION) == vnd(COMMISSION)
        assert queries.balance(accounts.BUYER_FUNDS) == vnd(0)
        facts = session.scalars(select(RevenueFact).order_by(RevenueFact.id)).all()
        assert [(fact.kind, fact.net_minor, fact.entry_id) for fact in facts] == [
            ("goods", GOODS - COMMISSION, entry.id),
            ("delivery", FEE, entry.id),
        ]
        assert verify().faults == ()

    def test_twice_is_once(self, session, part):
        first = operations.book_delivery(sale=sale_of(part), at=MONDAY)

        second = operations.book_delivery(sale=sale_of(part), at=TUESDAY)

        assert second.id == first.id
        assert count(session, RevenueFact) == 2
        assert queries.balance(accounts.payable(part.organisation_id)) == vnd(NET)

    def test_refuses_the_same_delivery_with_another_amount(self, session, part):
        operations.book_delivery(sale=sale_of(part), at=MONDAY)

        with pytest.raises(EntryDiffersError):
            operations.book_delivery(sale=replace(sale_of(part), delivery_minor=1), at=MONDAY)

        assert count(session, RevenueFact) == 2

    def test_counts_it_in_the_month_of_viet_nam(self, session, part):
        operations.book_delivery(sale=sale_of(part), at=LAST_SECOND_OF_OCTOBER)

        days = session.scalars(select(RevenueFact.business_day)).all()
        assert {(day.month, day.day) for day in days} == {(10, 31)}

    def test_of_cash_leaves_the_money_with_the_seller_until_it_is_remitted(self, session, part):
        organisation_id = part.organisation_id
        operations.book_delivery(sale=sale_of(part, "cash"), at=MONDAY)
        before = queries.available_for_payout(organisation_id)

        operations.book_cash_remitted(
            cash=RemittedCash(part.id, part.number, organisation_id, vnd(TOTAL), vnd(TOTAL)),
            at=TUESDAY,
        )

        assert before == vnd(-COMMISSION)
        assert queries.available_for_payout(organisation_id) == vnd(NET)
        assert queries.balance(accounts.cash_in_transit(organisation_id)) == vnd(0)
        assert queries.balance(accounts.BANK) == vnd(TOTAL)


class TestOutgoing:
    def test_payouts_and_refunds_leave_the_bank_once(self, session):
        seller = OrganisationFactory().id
        for _ in range(2):
            operations.book_payout(
                payout_id=3, organisation_id=seller, amount=vnd(700), at=MONDAY, memo="FT1"
            )
            operations.book_refund(
                refund_id=4, amount=vnd(200), account=accounts.SUSPENSE, at=MONDAY
            )
            operations.book_assignment(line_id=5, amount=vnd(100), at=MONDAY)

        assert queries.balance(accounts.BANK) == vnd(-900)
        assert queries.payables([seller]) == {seller: -700}
        assert queries.balance(accounts.SUSPENSE) == vnd(-300)
        assert queries.market_balances()["market:buyer_funds"] == 100


class TestMovementsOf:
    def test_are_newest_first_with_the_balance_after_each(self, session):
        deposit(1_000, "bank:1", MONDAY)
        deposit(500, "bank:2", TUESDAY)

        page = queries.movements_of(accounts.BANK, PageRequest(size=1))

        [movement] = page.rows
        assert page.total == 2
        assert (movement.amount_minor, movement.balance_minor) == (500, 1_500)
        assert (movement.kind, movement.subject_id) == ("bank_credit", 2)


class TestOwedSellers:
    def test_are_those_with_something_to_come(self, session, part):
        operations.book_delivery(sale=sale_of(part), at=MONDAY)

        assert queries.owed_sellers() == {part.organisation_id: NET}
        assert queries.cash_in_transit_of([part.organisation_id]) == {part.organisation_id: 0}


class TestVerify:
    def test_names_what_is_overdrawn(self, session, part):
        operations.book_delivery(sale=sale_of(part), at=MONDAY)

        [fault] = verify().faults

        assert (fault.name, fault.found) == ("not_overdrawn", ("market:buyer_funds",))

    def test_names_a_delivery_without_its_facts(self, session):
        seller = accounts.payable(OrganisationFactory().id)
        operations.post(
            ref="delivered:1",
            kind="delivered",
            at=MONDAY,
            postings=rules.moved(debit=accounts.BANK, credit=seller, amount=vnd(1_000)),
        )

        names = {fault.name for fault in verify().faults}

        assert names == {"deliveries_have_facts", "payable"}

    def test_counts_what_it_looked_at(self, session):
        deposit()

        outcome = verify()

        assert (outcome.totals.entries, outcome.totals.postings) == (1, 2)
        assert outcome.totals.debit_minor == 1_000
        assert {(each.code, each.minor) for each in outcome.balances} == {
            ("market:bank", 1_000),
            ("market:buyer_funds", 1_000),
        }


class TestTheDatabase:
    def add_posting(self, session, entry, minor):
        account = session.scalar(select(LedgerAccount.id).order_by(LedgerAccount.id))
        session.add(
            LedgerPosting(entry_id=entry.id, account_id=account, currency="VND", amount_minor=minor)
        )
        session.flush()

    def test_refuses_an_entry_that_does_not_sum_to_zero(self, session):
        entry = deposit()

        with pytest.raises(DBAPIError, match="does not sum to zero"), session.begin_nested():
            self.add_posting(session, entry, 1)
            session.execute(text("set constraints all immediate"))

    def test_refuses_an_entry_without_postings(self, session):
        with pytest.raises(DBAPIError, match="fewer than two postings"), session.begin_nested():
            session.add(LedgerEntry(ref="x:1", kind="x", at=MONDAY))
            session.flush()
            session.execute(text("set constraints all immediate"))

    @pytest.mark.parametrize("table", ["ledger_entries", "ledger_postings", "revenue_facts"])
    @pytest.mark.parametrize("command", ["update {} set currency = 'USD'", "delete from {}"])
    def test_lets_nobody_rewrite_the_books(self, session, part, table, command):
        operations.book_delivery(sale=sale_of(part), at=MONDAY)
        change = command.format(table).replace("entries set currency", "entries set memo")

        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(change))

        assert count(session, LedgerEntry) == 1
