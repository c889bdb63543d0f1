"""Contracts that wait to be signed: their paper, and directors of both sides who can."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of
from marketplace.contracts.documents import find_document
from marketplace.contracts.operations.signing import Signing
from marketplace.platform.database import session
from marketplace.workflows.signing import prepare_signing
from models.accounts import Organisation, Role, User, UserSession
from models.contracts import Contract, ContractDocument
from tests.factories.accounts import code_at, give_second_factor, member_of
from tests.factories.contracts import ContractFactory
from tests.moments import TUESDAY


@dataclass
class Sides:
    """An agreed contract with its paper; a director of each side who can sign it at `at`."""

    contract: Contract
    at: datetime = TUESDAY
    buyer: Actor = field(init=False)
    seller: Actor = field(init=False)
    document: ContractDocument = field(init=False)

    def __post_init__(self) -> None:
        self.buyer, self.seller = (
            director_of(session.get_one(Organisation, each))
            for each in (self.contract.buyer_id, self.contract.seller_id)
        )
        prepare_signing(actor=self.seller, contract_id=self.contract.id, at=self.at)
        found = find_document(self.contract, self.contract.version)
        assert found is not None
        self.document = found

    def signing(self, actor: Actor, **changes: Any) -> Signing:
        """What that side sends, with a fresh sign-in and the code of now."""
        base: dict[str, Any] = {
            "version": self.document.version,
            "sha256": self.document.sha256,
            "position": "Giám đốc",
            "session_id": fresh_session(actor, self.at),
            "proof": code_at(self.at),
        }
        return Signing(**base | changes)


def director_of(organisation: Organisation) -> Actor:
    """A director with a second factor."""
    actor = member_of(organisation, Role.DIRECTOR)
    give_second_factor(session.get_one(User, actor.user_id))
    return actor


def sides(at: datetime = TUESDAY, **values: Any) -> Sides:
    """An agreed contract, made as `ContractFactory` would make it."""
    return Sides(ContractFactory(agreed=True, **values), at)


def fresh_session(actor: Actor, at: datetime) -> int:
    """A session of somebody who proved a minute before `at` who they are; its id."""
    user = session.get_one(User, actor.user_id)
    opened = open_session(user=user, device=Device(), at=at - timedelta(minutes=1))
    row = session.scalars(
        select(UserSession).where(UserSession.token_hash == hash_of(opened.token))
    ).one()
    row.fresh_at = row.second_factor_at = at - timedelta(minutes=1)
    session.flush()
    return row.id
