"""Contracts of the small market, with their papers."""

from dataclasses import dataclass

from marketplace.accounts.permissions import SYSTEM
from marketplace.contracts.documents import get_document
from marketplace.kernel.clock import now
from marketplace.platform.database import session
from marketplace.workflows.contract_papers import write_document
from models.accounts import Organisation, User
from models.catalogue import Product
from models.contracts import (
    Contract,
    ContractApproval,
    ContractSide,
    ContractSignature,
    ContractState,
)
from tests.factories.contracts import ContractFactory
from tests.proofs.arriving import Arrivals


@dataclass
class Dealings:
    """What is between an enterprise and the seller `a`, and between its rival and `b`.

    Attributes:
        waiting: it waits for signatures, and everybody who may sign can.
        foreign: the same, of the others.
        running: both have signed it.
        paper_sha256: of what is to be signed of the first one.
        arrivals: what is brought under the one that runs; `others` under one of the others.
    """

    waiting: Contract
    foreign: Contract
    running: Contract
    paper_sha256: str
    arrivals: Arrivals
    others: Arrivals


def waits_for_signatures(enterprise: Organisation, product: Product) -> tuple[Contract, str]:
    """A contract that both sides have agreed to, and the hash of its paper."""
    contract = ContractFactory(agreed=True, buyer=enterprise, product=product, agreed_at=now())
    document = write_document(actor=SYSTEM, contract=contract, at=now())
    assert document is not None
    return contract, document.sha256


def in_force(enterprise: Organisation, product: Product, *, approved_by: User) -> Contract:
    """A contract that runs, with its paper, an approval and the buyer's signature."""
    contract, _sha256 = waits_for_signatures(enterprise, product)
    at = now()
    session.add(
        ContractApproval(
            contract_id=contract.id, version=1, by_id=approved_by.id, at=at, note="đã so giá"
        )
    )
    _sign(contract, ContractSide.BUYER, approved_by)
    contract.state, contract.signed_version, contract.signed_at = ContractState.ACTIVE, 1, at
    session.flush()
    return contract


def countersign(contract: Contract, person: User) -> None:
    """The seller's signature."""
    _sign(contract, ContractSide.SELLER, person)


def _sign(contract: Contract, side: ContractSide, person: User) -> None:
    session.add(
        ContractSignature(
            contract_id=contract.id,
            version=1,
            side=side,
            sha256=get_document(contract, 1).sha256,
            name=person.full_name,
            position="Giám đốc",
            provider="totp",
            evidence={},
            at=now(),
            by_id=person.id,
        )
    )
    session.flush()
