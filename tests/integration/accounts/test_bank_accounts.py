"""Bank accounts: sealed, masked, confirmed by two, and every reading noted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from marketplace.accounts import bank_accounts, banks
from marketplace.accounts.bank_errors import (
    AccountHeldError,
    AccountNumberUnreadableError,
    BankAccountNotFoundError,
    BankAccountTakenError,
    BankUnknownError,
    CollectingAccountError,
    HolderMissingError,
    MainAccountError,
    OwnAccountConfirmedError,
)
from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.operations import bank_accounts as operations
from marketplace.accounts.operations.bank_accounts import NewBankAccount
from marketplace.accounts.permissions import NotAllowedError
from marketplace.platform.pagination import PageRequest
from marketplace.workflows import bank_accounts as workflow
from models.accounts import Organisation, Role
from models.bank_accounts import BankAccount, BankAccountReading, ReadingReason
from models.notifications import Message
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of, officer, operator
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.orders import collecting_account
from tests.moments import MONDAY, TUESDAY

NUMBER = "5200 2050 12345"
PLAIN = "5200205012345"
ACCOUNT = NewBankAccount(bank_bin="970405", number=NUMBER, holder="HTX Cư M’gar")
OTHER = NewBankAccount(bank_bin="970436", number="0011 0012 34567", holder="HTX Cư M’gar")
HELD = timedelta(hours=24)


@pytest.fixture
def htx(session):
    return OrganisationFactory(code="CUMGAR")


@pytest.fixture
def director(htx):
    return member_of(htx)


def add(actor, htx, account=ACCOUNT, at=MONDAY):
    return operations.add_bank_account(actor=actor, organisation_id=htx.id, account=account, at=at)


def change(actor, htx, row, account=OTHER, at=TUESDAY):
    return operations.change_bank_account(
        actor=actor, organisation_id=htx.id, account_id=row.id, account=account, at=at
    )


def readings(session):
    return [
        (row.reason, row.reader_id, row.reader_organisation_id)
        for row in session.scalars(select(BankAccountReading).order_by(BankAccountReading.id))
    ]


def strangers(htx):
    """Everybody who must not touch an account of the cooperative."""
    return [
        *(member_of(htx, role) for role in (Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)),
        member_of(OrganisationFactory()),
        officer(),
    ]


class TestAdding:
    def test_keeps_the_number_sealed_and_shows_four_digits(self, session, htx, director):
        row = add(director, htx)

        kept = " ".join(map(str, session.execute(text("select * from bank_accounts")).one()))
        assert PLAIN not in kept
        assert (row.bank_name, row.last_four, row.holder_name) == (
            "Agribank",
            "2345",
            "HTX CU M GAR",
        )
        assert banks.number_of(row) == PLAIN
        assert (row.is_main, row.is_collecting) == (True, False)
        assert readings(session) == [("declared", director.user_id, htx.id)]

    def test_leaves_no_number_in_the_audit_nor_in_the_mail(self, session, htx, director):
        workflow.add_account(actor=director, organisation=htx, account=ACCOUNT, at=MONDAY)

        [event] = session.scalars(select(AuditEvent))
        assert event.action == "accounts.bank_account_added"
        assert event.after == {"bank": "Agribank", "ends_in": "2345", "holder": "HTX CU M GAR"}
        [mail] = session.scalars(select(Message))
        assert "•••• 2345" in mail.body_text
        assert PLAIN not in mail.body_text + mail.body_html + mail.subject

    def test_twice_is_once(self, session, htx, director):
        first = workflow.add_account(actor=director, organisation=htx, account=ACCOUNT, at=MONDAY)
        again = workflow.add_account(actor=director, organisation=htx, account=ACCOUNT, at=TUESDAY)

        assert again.id == first.id
        assert session.scalar(select(func.count()).select_from(BankAccount)) == 1
        assert session.scalar(select(func.count()).select_from(Message)) == 1

    def test_tells_every_director(self, session, htx, director):
        member_of(htx)
        member_of(htx, Role.ACCOUNTANT)

        workflow.add_account(actor=director, organisation=htx, account=ACCOUNT, at=MONDAY)

        assert session.scalar(select(func.count()).select_from(Message)) == 2

    def test_a_second_one_is_not_the_main_one(self, htx, director):
        add(director, htx)

        assert add(director, htx, OTHER).is_main is False

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"bank_bin": "000000"}, BankUnknownError),
            ({"number": "12345"}, AccountNumberUnreadableError),
            ({"number": "1" * 20}, AccountNumberUnreadableError),
            ({"number": "5200-2050-đ"}, AccountNumberUnreadableError),
            ({"holder": " "}, HolderMissingError),
            ({"holder": "a" * 81}, HolderMissingError),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, session, htx, director, wrong, refusal):
        values = {"bank_bin": "970405", "number": NUMBER, "holder": "HTX"} | wrong

        with pytest.raises(refusal):
            add(director, htx, NewBankAccount(**values))

        assert session.scalar(select(BankAccount)) is None

    def test_an_account_of_somebody_else_is_refused_however_it_is_typed(self, htx, director):
        BankAccountFactory(bank_bin="970405", number=PLAIN)

        with pytest.raises(BankAccountTakenError) as refused:
            add(director, htx)

        assert PLAIN not in str(refused.value)

    def test_a_short_number_shows_no_more_than_half(self, htx, director):
        row = add(director, htx, NewBankAccount("970405", "123456", "HTX"))

        assert row.last_four == "456"

    def test_is_refused_to_everybody_else(self, session, htx):
        for actor in (*strangers(htx), operator()):
            with pytest.raises(NotAllowedError):
                add(actor, htx)
        assert session.scalar(select(BankAccount)) is None

    def test_an_organisation_that_is_not(self, session, director):
        with pytest.raises(OrganisationNotFoundError):
            operations.add_bank_account(
                actor=director, organisation_id=987654321, account=ACCOUNT, at=MONDAY
            )


class TestChanging:
    def test_closes_the_old_one_and_keeps_it(self, session, htx, director):
        old = add(director, htx)

        new = change(director, htx, old)

        assert (old.is_main, old.closed_at) == (False, TUESDAY)
        assert (new.is_main, new.last_four) == (True, "4567")
        assert banks.released_at(new) == TUESDAY + HELD
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.before["ends_in"] == "2345"

    def test_the_same_account_changes_nothing(self, session, htx, director):
        old = add(director, htx)

        assert change(director, htx, old, ACCOUNT) is old
        assert session.scalar(select(func.count()).select_from(BankAccount)) == 1

    def test_another_holder_is_another_account(self, htx, director):
        old = add(director, htx)

        new = change(director, htx, old, NewBankAccount("970405", NUMBER, "HTX KHAC"))

        assert (new.id != old.id, new.holder_name) == (True, "HTX KHAC")
        assert old.closed_at == TUESDAY

    def test_one_that_is_open_here_already_is_refused(self, htx, director):
        first, _second = add(director, htx), add(director, htx, OTHER)

        with pytest.raises(BankAccountTakenError):
            change(director, htx, first, OTHER)

    def test_a_closed_one_or_a_foreign_one_is_none(self, htx, director):
        old = add(director, htx)
        change(director, htx, old)

        with pytest.raises(BankAccountNotFoundError):
            change(director, htx, old)
        with pytest.raises(BankAccountNotFoundError):
            change(director, htx, BankAccountFactory())

    def test_buyers_go_on_paying_into_the_account_they_were_told(self, session):
        account = collecting_account()
        owner = session.get_one(Organisation, account.organisation_id)

        with pytest.raises(CollectingAccountError):
            change(member_of(owner, Role.OPERATOR), owner, account)

    def test_is_refused_to_everybody_else(self, htx, director):
        old = add(director, htx)

        for actor in (*strangers(htx), operator()):
            with pytest.raises(NotAllowedError):
                change(actor, htx, old)
        assert old.closed_at is None


class TestChoosing:
    def choose(self, actor, htx, row, at=TUESDAY):
        return operations.choose_main_account(
            actor=actor, organisation_id=htx.id, account_id=row.id, at=at
        )

    def test_there_is_one_main_account(self, htx, director):
        first, second = add(director, htx), add(director, htx, OTHER)

        assert self.choose(director, htx, second) is second
        assert self.choose(director, htx, second) is None
        assert (first.is_main, second.is_main) == (False, True)

    def test_the_operators_main_account_collects_but_only_once_it_is_confirmed(self, session):
        account = collecting_account()
        owner = session.get_one(Organisation, account.organisation_id)
        first, second = (member_of(owner, Role.OPERATOR) for _ in range(2))
        new = add(first, owner, at=TUESDAY)

        with pytest.raises(AccountHeldError):
            self.choose(first, owner, new)
        operations.confirm_bank_account(
            actor=second, organisation_id=owner.id, account_id=new.id, at=TUESDAY
        )
        self.choose(first, owner, new)

        assert (new.is_collecting, account.is_collecting) == (True, False)

    def test_the_operators_first_account_collects(self, session):
        actor = operator()
        owner = session.get_one(Organisation, actor.organisation_id)

        assert add(actor, owner).is_collecting

    def test_is_refused_to_everybody_else(self, htx, director):
        add(director, htx)
        second = add(director, htx, OTHER)

        for actor in (*strangers(htx), operator()):
            with pytest.raises(NotAllowedError):
                self.choose(actor, htx, second)
        assert not second.is_main


class TestConfirming:
    def confirm(self, actor, htx, row, at=MONDAY):
        return operations.confirm_bank_account(
            actor=actor, organisation_id=htx.id, account_id=row.id, at=at
        )

    def test_money_waits_a_day_or_for_a_second_person(self, htx, director):
        row = add(director, htx)
        later = MONDAY + timedelta(hours=1)
        assert banks.released_at(row) == MONDAY + HELD

        assert self.confirm(member_of(htx), htx, row, later)
        assert not self.confirm(member_of(htx), htx, row, TUESDAY)

        assert banks.released_at(row) == later

    def test_the_operator_may_who_has_called(self, htx, director):
        assert self.confirm(operator(), htx, add(director, htx))

    def test_whoever_added_it_may_not(self, htx, director):
        row = add(director, htx)

        with pytest.raises(OwnAccountConfirmedError):
            self.confirm(director, htx, row)
        assert row.confirmed_at is None

    def test_an_account_that_has_waited_needs_nobody(self, htx, director):
        row = add(director, htx)

        assert not self.confirm(member_of(htx), htx, row, MONDAY + HELD)

    def test_is_refused_to_everybody_else(self, htx, director):
        row = add(director, htx)

        for actor in strangers(htx):
            with pytest.raises(NotAllowedError):
                self.confirm(actor, htx, row)
        assert row.confirmed_at is None


class TestClosing:
    def close(self, actor, htx, row):
        operations.close_bank_account(
            actor=actor, organisation_id=htx.id, account_id=row.id, at=TUESDAY
        )

    def test_twice_is_once_and_the_number_is_free_again(self, htx, director):
        add(director, htx)
        second = add(director, htx, OTHER)

        self.close(director, htx, second)
        self.close(director, htx, second)

        assert second.closed_at == TUESDAY
        other = OrganisationFactory()
        assert add(member_of(other), other, OTHER).is_main

    def test_the_main_one_stays(self, htx, director):
        row = add(director, htx)

        with pytest.raises(MainAccountError):
            self.close(director, htx, row)
        assert row.closed_at is None

    def test_is_refused_to_everybody_else(self, htx, director):
        add(director, htx)
        second = add(director, htx, OTHER)

        for actor in (*strangers(htx), operator()):
            with pytest.raises(NotAllowedError):
                self.close(actor, htx, second)
        assert second.closed_at is None


class TestReading:
    def test_every_reading_is_noted(self, session, htx, director):
        row = add(director, htx)
        values = {"organisation_id": htx.id, "account_id": row.id, "at": TUESDAY}
        payer = operator()

        for _ in range(2):
            assert operations.read_bank_account(actor=director, **values) == PLAIN
        assert operations.read_account_to_pay(actor=payer, **values) == PLAIN

        mine = (director.user_id, htx.id)
        assert readings(session) == [
            ("declared", *mine),
            ("shown", *mine),
            ("shown", *mine),
            ("payout", payer.user_id, payer.organisation_id),
        ]
        page = bank_accounts.readings_of(htx, viewer=director, page=PageRequest(1, 3))
        assert [each.reason for each in page.rows] == ["payout", "shown", "shown"]
        assert page.total == 4

    def test_a_new_account_is_not_paid_to(self, session, htx, director):
        row = add(director, htx)

        with pytest.raises(AccountHeldError):
            operations.read_account_to_pay(
                actor=operator(), organisation_id=htx.id, account_id=row.id, at=MONDAY
            )
        assert [reason for reason, *_ in readings(session)] == [ReadingReason.DECLARED]

    def test_is_refused_to_everybody_else_and_notes_nothing(self, session, htx, director):
        row = add(director, htx)
        values = {"organisation_id": htx.id, "account_id": row.id, "at": TUESDAY}

        for actor in (*strangers(htx), operator()):
            with pytest.raises(NotAllowedError):
                operations.read_bank_account(actor=actor, **values)
        for actor in (*strangers(htx), director):
            with pytest.raises(NotAllowedError):
                operations.read_account_to_pay(actor=actor, **values)
        for actor in strangers(htx):
            with pytest.raises(NotAllowedError):
                bank_accounts.readings_of(htx, viewer=actor, page=PageRequest())
            with pytest.raises(NotAllowedError):
                bank_accounts.accounts_of(htx, viewer=actor)
        assert len(readings(session)) == 1

    def test_a_foreign_account_is_none(self, htx, director):
        with pytest.raises(BankAccountNotFoundError):
            operations.read_bank_account(
                actor=director,
                organisation_id=htx.id,
                account_id=BankAccountFactory().id,
                at=TUESDAY,
            )


class TestPayable:
    def payable(self, htx, account_id=None, at=TUESDAY):
        return operations.require_payable(organisation_id=htx.id, account_id=account_id, at=at)

    def test_is_the_one_named_or_the_main_one_or_none(self, htx, director):
        assert self.payable(htx) is None
        row = add(director, htx)
        second = add(director, htx, OTHER)

        assert self.payable(htx) == row.id
        assert self.payable(htx, second.id) == second.id

    def test_one_that_was_replaced_meanwhile_counts(self, htx, director):
        old = add(director, htx)
        change(director, htx, old)

        assert self.payable(htx, old.id) == old.id
        with pytest.raises(AccountHeldError):
            self.payable(htx)

    def test_a_foreign_one_does_not(self, htx):
        with pytest.raises(BankAccountNotFoundError):
            self.payable(htx, BankAccountFactory().id)
