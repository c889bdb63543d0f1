"""Two at one contract, or at one award, at the same moment. Commits are real here."""

import threading

import pytest
from sqlalchemy import func, select

from marketplace.contracts.operations import negotiating
from marketplace.platform.database import session
from marketplace.sourcing.quotes.operations import Choice, Decision
from marketplace.sourcing.quotes.reading import quotes_in
from marketplace.workflows import contracting
from marketplace.workflows.awarding import decide_request
from models.accounts import Role
from models.contracts import Contract, ContractSide, ContractState
from models.supply import Supply
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import ContractFactory
from tests.factories.quotes import offer_of, opened, scene, send
from tests.factories.requests import CLOSING, JANUARY
from tests.invariants import broken
from tests.moments import TUESDAY
from tests.racing import both, kinds, meet_after


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


def unheld(contract_id):
    """A contract as somebody finds it who does not wait for others."""
    return session.get_one(Contract, contract_id)


def meet_where_they_decide(monkeypatch):
    """Whoever withdraws has read the last that it asks for, whoever accepts has not written."""
    together = threading.Barrier(2, timeout=30)
    read, write = negotiating.has_agreed, negotiating.agree

    def read_and_wait(*about):
        found = read(*about)
        together.wait()
        return found

    def wait_and_write(*about):
        together.wait()
        write(*about)

    monkeypatch.setattr(negotiating, "has_agreed", read_and_wait)
    monkeypatch.setattr(negotiating, "agree", wait_and_write)


class TestAcceptingAgainstWithdrawing:
    """The seller agrees while the buyer takes its version back."""

    def race(self, market):
        buyers = OrganisationFactory(enterprise=True)
        product = ProductFactory()
        contract = ContractFactory(buyer=buyers, product=product, negotiating=True)
        buyer = member_of(buyers, Role.BUYER)
        seller = member_of(product.organisation, Role.SALES)
        number = contract.id
        session.commit()

        def act(operation, actor):
            return lambda _index: (
                operation(actor=actor, contract_id=number, version=1, at=TUESDAY).state
            )

        results = both(
            market,
            act(negotiating.accept_version, seller),
            act(negotiating.withdraw_version, buyer),
        )
        session.rollback()
        return results, session.get_one(Contract, number)

    def test_one_of_them_comes_too_late(self, market):
        results, contract = self.race(market)
        assert "NothingToAnswerError" in kinds(results)
        assert (contract.state, contract.turn) in {
            (ContractState.AGREED, None),
            (ContractState.NEGOTIATING, ContractSide.BUYER),
        }

    def test_without_the_lock_both_would_have_their_way(self, market, monkeypatch):
        monkeypatch.setattr(negotiating, "lock_contract", unheld)
        meet_where_they_decide(monkeypatch)
        results, _contract = self.race(market)
        assert "NothingToAnswerError" not in kinds(results)


class TestOneAwardTwice:
    """Two people of the buyer make the contracts of an award."""

    def race(self, market):
        made = scene()
        send(made, made.sellers[0], offer_of(made.sellers[0]))
        opened(made)
        [quote] = quotes_in(made.request.id, "opened")
        decide_request(
            actor=made.buyer,
            request_id=made.request.id,
            decision=Decision([Choice(quote.number, JANUARY, 5_000_000)], "Tốt"),
            at=CLOSING,
        )
        request_id, buyer = made.request.id, made.buyer
        session.commit()

        def draft(_index):
            found = contracting.draft_from_award(actor=buyer, request_id=request_id, at=CLOSING)
            return len(found.contracts)

        results = both(market, draft)
        session.rollback()
        return results

    def test_makes_each_contract_once(self, market):
        assert self.race(market) == [1, 1]
        assert session.scalar(select(func.count()).select_from(Contract)) == 1
        assert session.scalar(select(func.sum(Supply.contracted_g))) == 5_000_000
        assert broken(session) == {}

    def test_without_the_lock_the_database_refuses_the_second(self, market, monkeypatch):
        monkeypatch.setattr(
            contracting, "lock_request", lambda number: session.get_one(contracting.Request, number)
        )
        meet_after(monkeypatch, contracting, "contracts_of_award")
        assert kinds(self.race(market)) == ["IntegrityError", "int"]
