"""Two who declare at once: two accounts of one cooperative, and one account of two."""

import threading

import pytest
from sqlalchemy import func, select

from marketplace.accounts import locks
from marketplace.accounts.bank_errors import BankAccountTakenError
from marketplace.accounts.operations import bank_accounts
from marketplace.accounts.operations.bank_accounts import NewBankAccount
from marketplace.platform.database import session
from models.bank_accounts import BankAccount
from tests.factories.accounts import OrganisationFactory, member_of
from tests.moments import MONDAY
from tests.racing import both, kinds

NUMBERS = ("5200205012345", "5200205067890")


def meeting(monkeypatch, name):
    """Let the two wait for each other right after `name` has looked; forbids what locks."""
    together, look = threading.Barrier(2, timeout=30), getattr(bank_accounts, name)

    def met(*args):
        found = look(*args)
        together.wait()
        return found

    monkeypatch.setattr(bank_accounts, name, met)


def adding(actors, numbers):
    """What adds the account of each."""

    def add(index):
        bank_accounts.add_bank_account(
            actor=actors[index],
            organisation_id=actors[index].organisation_id,
            account=NewBankAccount("970405", numbers[index], "HTX"),
            at=MONDAY,
        )

    return add


def count(*conditions):
    session.rollback()
    return session.scalar(select(func.count()).select_from(BankAccount).where(*conditions))


class TestTwoDirectorsOfOneCooperative:
    @pytest.fixture
    def actors(self, market):
        organisation = OrganisationFactory()
        found = [member_of(organisation) for _ in range(2)]
        session.commit()
        return found

    def test_one_account_is_the_main_one(self, market, actors):
        assert both(market, adding(actors, NUMBERS)) == [None, None]

        assert (count(), count(BankAccount.is_main)) == (2, 1)

    def test_without_the_lock_both_would_be(self, market, actors, monkeypatch):
        """The race can happen; then the index of the table refuses the second."""
        for module in (locks, bank_accounts):
            monkeypatch.setattr(module, "lock_one", session.scalar)
        meeting(monkeypatch, "_main_of")

        assert kinds(both(market, adding(actors, NUMBERS))) == ["IntegrityError", "NoneType"]

        assert (count(), count(BankAccount.is_main)) == (1, 1)


class TestOneAccountOfTwo:
    @pytest.fixture
    def actors(self, market):
        found = [member_of(OrganisationFactory()) for _ in range(2)]
        session.commit()
        return found

    def test_belongs_to_one(self, market, actors):
        results = both(market, adding(actors, NUMBERS[:1] * 2))

        assert kinds(results) == [BankAccountTakenError.__name__, "NoneType"]
        assert count() == 1

    def test_without_the_lock_nobody_would_have_it_yet(self, market, actors, monkeypatch):
        monkeypatch.setattr(bank_accounts, "lock_key", lambda *_args: None)
        meeting(monkeypatch, "_find_open")

        assert kinds(both(market, adding(actors, NUMBERS[:1] * 2))) == [
            "IntegrityError",
            "NoneType",
        ]

        assert count() == 1
