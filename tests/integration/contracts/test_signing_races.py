"""Two people at once: signatures of one side, of both, approvals, the paper, a new version.

Each race is run once without its lock, to show that it can be lost.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor
from marketplace.contracts.access import terms_in
from marketplace.contracts.operations import approving, negotiating
from marketplace.contracts.operations import signing as signing_operations
from marketplace.contracts.operations.signing import Signing
from marketplace.contracts.terms import Terms
from marketplace.platform.database import session
from marketplace.workflows import contract_papers
from marketplace.workflows import signing as stories
from models.accounts import Organisation
from models.contracts import (
    Contract,
    ContractApproval,
    ContractDocument,
    ContractSignature,
    ContractState,
    SpendingLimit,
)
from models.media import FileKind, MediaFile
from models.notifications import Message
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.contracts import ContractFactory, some_terms
from tests.factories.signing import director_of, sides
from tests.moments import MONDAY, TUESDAY
from tests.racing import both, kinds, meet_after


@dataclass
class Made:
    """A contract that waits, and two directors of each side with what they send."""

    contract_id: int
    buyers: list[Actor]
    sellers: list[Actor]
    signings: dict[int, Signing]
    terms: Terms

    def sign(self, actor: Actor):
        """Sign as one of them."""
        return stories.sign_contract(
            actor=actor,
            contract_id=self.contract_id,
            signing=self.signings[actor.user_id],
            at=TUESDAY,
        ).is_in_force


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


def make(approvals: int = 0) -> Made:
    enterprise = OrganisationFactory(enterprise=True)
    if approvals:
        limit = SpendingLimit(
            organisation_id=enterprise.id,
            approvals=approvals,
            from_minor=0,
            updated_at=MONDAY,
            updated_by_id=member_of(enterprise).user_id,
        )
        session.add(limit)
        session.flush()
    waiting = sides(buyer=enterprise)
    seller = session.get_one(Organisation, waiting.contract.seller_id)
    buyers = [waiting.buyer, director_of(enterprise)]
    sellers = [waiting.seller, director_of(seller)]
    signings = {actor.user_id: waiting.signing(actor) for actor in (*buyers, *sellers)}
    made = Made(
        waiting.contract.id,
        buyers,
        sellers,
        signings,
        some_terms(product_id=waiting.contract.product_id, title="Bản sau", total_g=10_000_000),
    )
    session.commit()
    return made


def count(of):
    session.rollback()
    return session.scalar(select(func.count()).select_from(of))


def unheld(monkeypatch, *modules):
    """Take the lock of the contract out."""
    for module in modules:
        monkeypatch.setattr(module, "lock_contract", lambda each: session.get_one(Contract, each))


def state_of(made: Made) -> str:
    session.rollback()
    return session.scalars(select(Contract.state).where(Contract.id == made.contract_id)).one()


class TestTwoOfOneSide:
    def sign(self, market, made):
        return both(market, lambda index: made.sign(made.sellers[index]))

    def test_are_one_signature(self, market):
        made = make()
        assert self.sign(market, made) == [False, False]
        assert count(ContractSignature) == 1

    def test_would_come_as_far_as_the_database_without_the_lock(self, market, monkeypatch):
        made = make()
        unheld(monkeypatch, signing_operations)
        meet_after(monkeypatch, signing_operations, "bytes_of")
        assert kinds(self.sign(market, made)) == ["IntegrityError", "bool"]
        assert count(ContractSignature) == 1

    def test_same_person_twice_uses_one_code(self, market):
        made = make()
        person = made.buyers[0]
        assert both(market, lambda _: made.sign(person)) == [False, False]
        assert count(ContractSignature) == 1


class TestBothSides:
    def sign(self, market, made):
        people = [made.buyers[0], made.sellers[0]]
        return both(market, lambda index: made.sign(people[index]))

    def test_the_later_one_puts_it_in_force(self, market):
        made = make()
        assert sorted(self.sign(market, made)) == [False, True]
        assert state_of(made) == ContractState.ACTIVE
        told = select(func.count()).where(Message.key.startswith("contract_in_force:"))
        assert session.scalar(told) == 4

    def test_would_both_think_they_are_first_without_the_lock(self, market, monkeypatch):
        made = make()
        unheld(monkeypatch, signing_operations)
        meet_after(monkeypatch, signing_operations, "_signed_by_both")
        assert self.sign(market, made) == [False, False]
        assert count(ContractSignature) == 2
        assert state_of(made) == ContractState.AGREED


class TestTwoApprovals:
    def approve(self, market, made):
        def act(index):
            actor = made.buyers[index]
            return stories.approve_contract(
                actor=actor, contract_id=made.contract_id, version=1, note="", at=TUESDAY
            ).by_id

        return both(market, act)

    def asked(self):
        session.rollback()
        keys = select(Message.key).where(Message.key.contains(":approved:"))
        return len(session.scalars(keys).all())

    def test_ask_for_the_signature_once(self, market):
        made = make(approvals=2)
        assert kinds(self.approve(market, made)) == ["int", "int"]
        assert count(ContractApproval) == 2
        assert self.asked() == 3  # the directors of the enterprise, each once

    def test_would_both_think_they_are_first_without_the_lock(self, market, monkeypatch):
        made = make(approvals=2)
        unheld(monkeypatch, approving)
        meet_after(monkeypatch, approving, "approvals_of")
        assert kinds(self.approve(market, made)) == ["int", "int"]
        assert count(ContractApproval) == 2
        assert self.asked() == 0

    def test_of_one_person_are_one(self, market):
        made = make(approvals=1)
        person = made.buyers[0]

        def act(_index):
            stories.approve_contract(
                actor=person, contract_id=made.contract_id, version=1, note="", at=TUESDAY
            )

        assert both(market, act) == [None, None]
        assert count(ContractApproval) == 1


class TestThePaper:
    def prepare(self, market):
        contract = ContractFactory(agreed=True)
        actor = member_of(session.get_one(Organisation, contract.seller_id))
        contract_id = contract.id
        session.commit()

        def act(_index):
            made = stories.prepare_signing(actor=actor, contract_id=contract_id, at=TUESDAY)
            return made.sha256 if made else None

        return both(market, act)

    def test_is_made_once(self, market):
        first, second = self.prepare(market)
        assert first == second
        assert count(ContractDocument) == 1
        papers = session.scalars(select(MediaFile.sha256).where(MediaFile.kind == FileKind.PAPER))
        assert papers.all() == [first]

    def test_would_come_as_far_as_the_database_without_the_lock(self, market, monkeypatch):
        unheld(monkeypatch, stories)
        meet_after(monkeypatch, contract_papers, "contract_pdf")
        assert kinds(self.prepare(market)) == ["IntegrityError", "str"]


class TestSigningAgainstANewVersion:
    """The buyer signs what both wanted while the seller proposes other words."""

    def race(self, market, made):
        def propose(_index):
            return negotiating.propose_version(
                actor=made.sellers[0],
                contract_id=made.contract_id,
                terms=made.terms,
                note="",
                seen_version=1,
                at=TUESDAY,
            ).version

        return both(market, lambda _: made.sign(made.buyers[0]), propose)

    def test_somebody_comes_first(self, market):
        made = make()
        signed, proposed = self.race(market, made)
        assert proposed == 2
        assert signed is False or type(signed).__name__ == "NothingToSignError"
        session.rollback()
        contract = session.get_one(Contract, made.contract_id)
        assert (contract.state, contract.turn) == (ContractState.NEGOTIATING, "buyer")
        assert terms_in(contract).total_g == 10_000_000

    def test_last_signature_and_a_new_version_never_cross(self, market, monkeypatch):
        made = make()
        made.sign(made.sellers[0])
        session.commit()
        signed, proposed = self.race(market, made)
        session.rollback()
        contract = session.get_one(Contract, made.contract_id)
        assert proposed == 2
        expected = {True: (ContractState.ACTIVE, 1)}.get(signed, (ContractState.NEGOTIATING, None))
        assert (contract.state, contract.signed_version) == expected

    def test_would_cross_without_the_lock(self, market, monkeypatch):
        made = make()
        made.sign(made.sellers[0])
        session.commit()
        unheld(monkeypatch, signing_operations, negotiating)
        meet_after(monkeypatch, signing_operations, "terms_in")
        monkeypatch.setattr(negotiating, "terms_in", signing_operations.terms_in)
        signed, proposed = self.race(market, made)
        session.rollback()
        contract = session.get_one(Contract, made.contract_id)
        # The seller's new words wait for an answer, under a contract that has just begun by them.
        assert (signed, proposed) == (True, 2)
        assert contract.signed_version == 1
        assert contract.turn == "buyer"
