"""Contracts of the small market, with their papers."""

from dataclasses import dataclass

from marketplace.accounts.permissions import SYSTEM
from marketplace.contracts.documents import get_document
from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from marketplace.workflows.contract_papers import write_document
from models.accounts import Organisation, User
from models.catalogue import Product
from models.contracts import (
    Contract,
    ContractApproval,
    ContractComment,
    ContractSide,
    ContractSignature,
    ContractState,
    ReferencePrice,
)
from tests.factories.contracts import ContractFactory, some_terms
from tests.proofs.arriving import Arrivals


@dataclass
class Dealings:
    """What is between an enterprise and the seller `a`, and between its rival and `b`.

    Attributes:
        waiting: it waits for signatures, and everybody who may sign can.
        foreign: the same, of the others.
        running: both have signed it.
        offered: the buyer has sent it, and the seller has not answered.
        paper_sha256: of what is to be signed of the first one.
        arrivals: what is brought under the one that runs; `others` under one of the others.
    """

    waiting: Contract
    foreign: Contract
    running: Contract
    offered: Contract
    paper_sha256: str
    arrivals: Arrivals
    others: Arrivals


def publish_price(officer: User) -> None:
    """What a kilogram of robusta cost today, as the alliance says."""
    at = now()
    session.add(
        ReferencePrice(
            code="robusta",
            day=business_day(at),
            currency="VND",
            price_minor=118_500,
            source="bản tin giá",
            at=at,
            by_id=officer.id,
        )
    )


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


def offered(enterprise: Organisation, product: Product) -> Contract:
    """A contract that lies with the seller; the buyer has said something about a line."""
    contract = ContractFactory(negotiating=True, buyer=enterprise, product=product)
    remark(contract, ContractSide.BUYER)
    return contract


def remark(contract: Contract, side: ContractSide) -> None:
    """A word of a side about a line."""
    session.add(
        ContractComment(
            contract_id=contract.id,
            version=1,
            line="price.base",
            text="giá này tính tới kho",
            side=side,
            at=now(),
            by_id=contract.created_by_id,
        )
    )
    session.flush()


def countersign(contract: Contract, person: User) -> None:
    """The seller's signature."""
    _sign(contract, ContractSide.SELLER, person)


def written_form() -> dict[str, object]:
    """What a browser sends for another version of a contract: of its deliveries only the first."""
    terms = some_terms()
    first = terms.schedule[0]
    return {
        "seen_version": "1",
        "title": terms.title,
        "starts_on": terms.starts_on.isoformat(),
        "ends_on": terms.ends_on.isoformat(),
        "stages": list(terms.stages),
        "total": "5",
        "binding": terms.binding,
        "price_kind": "fixed",
        "base": "121000",
        "calling": terms.calling,
        "places-0-province_code": first.place.province_code,
        "schedule-0-due_on": first.due_on.isoformat(),
        "schedule-0-grams": "5",
        "schedule-0-place": "1",
        "inspection": terms.inspection,
        "accept_hours": "48",
        "payments-0-part": "100",
        "payments-0-days": "15",
        "forum": terms.forum,
        "note": "bớt đợt giao",
    }


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
