"""Contracts of the small market, with deliveries of every state and what is said of them."""

from datetime import timedelta
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.contracts.terms import document_of
from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from models.accounts import Organisation
from models.catalogue import Product
from models.contracts import (
    Contract,
    ContractApproval,
    ContractComment,
    ContractSide,
    ContractSignature,
    ContractVersion,
)
from models.deliveries import (
    Delivery,
    DeliveryChange,
    DeliveryDispute,
    DeliveryReturn,
    DeliveryState,
)
from models.promises import DeliveryReply
from models.traceability import Lot
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)
from tests.factories.invoicing import DueFactory, InvoiceFactory

LATE: Final = 12
"""Deliveries that are late: more than the rule asks for before anything is said in public."""


def contract_between(
    buyer: Organisation, product: Product, lot: Lot, director: Actor, union: Organisation
) -> tuple[Contract, Delivery]:
    """A running contract, and a late delivery of it to which nobody has replied yet."""
    at = now()
    today = business_day(at)
    says = some_terms(
        product_id=product.id,
        starts_on=today - timedelta(days=90),
        ends_on=today + timedelta(days=90),
    )
    contract = ContractFactory(
        buyer=buyer, product=product, led_by_id=union.id, says=says, po_number="PO", cost_centre="K"
    )
    by_id = director.user_id or 0
    session.add(
        ContractComment(
            contract_id=contract.id,
            version=1,
            line="price.base",
            text="Giá này đã gồm bao",
            side=ContractSide.SELLER,
            at=at,
            by_id=by_id,
        )
    )
    session.add(ContractApproval(contract_id=contract.id, version=1, by_id=by_id, at=at, note="Ký"))
    session.add(
        ContractVersion(
            contract_id=contract.id,
            version=2,
            side=ContractSide.SELLER,
            terms=document_of(says),
            note="Bản sửa",
            at=at,
            by_id=by_id,
        )
    )
    contract.version = 2
    session.add_all(
        ContractSignature(
            contract_id=contract.id,
            version=1,
            side=side,
            sha256="0" * 64,
            name="H’Len Niê",
            position="Giám đốc",
            provider="ours",
            at=at - timedelta(days=80),
            by_id=by_id,
        )
        for side in ContractSide
    )
    arrived = _arrived(contract, lot, by_id)
    DeliveryFactory(contract=contract, state=DeliveryState.CANCELLED, cancelled_at=at)
    late = [
        DeliveryFactory(
            contract=contract,
            due_from=today - timedelta(days=60),
            due_on=today - timedelta(days=2 + number),
        )
        for number in range(LATE)
    ]
    for each in (arrived, late[0]):
        session.add(
            DeliveryReply(
                delivery_id=each.id,
                organisation_id=contract.seller_id,
                text="Lũ về, cầu cấm xe tải",
                at=at,
                by_id=by_id,
            )
        )
    session.flush()
    return contract, late[-1]


def _arrived(contract: Contract, lot: Lot, by_id: int) -> Delivery:
    """A delivery that came late, short and in part rejected, disputed, and paid in part."""
    at = now()
    today = business_day(at)
    delivery = DeliveryFactory(
        contract=contract,
        accepted=True,
        due_from=today - timedelta(days=30),
        due_on=today - timedelta(days=29),
        arrived_on=today - timedelta(days=28),
        shipped_at=at - timedelta(days=29),
        accepted_at=at - timedelta(days=28),
    )
    line = DeliveryLineFactory(
        delivery=delivery,
        lot=lot,
        accepted_g=4 * TONNE,
        short_g=400_000,
        rejected_g=600_000,
        reason="Ẩm",
    )
    session.add_all(
        [
            DeliveryReturn(line_id=line.id, grams=600_000, created_at=at),
            DeliveryChange(
                delivery_id=delivery.id, differences=[], reason="Xe", at=at, by_id=by_id
            ),
            DeliveryDispute(
                delivery_id=delivery.id,
                side=ContractSide.SELLER,
                text="Cân lại",
                opened_at=at,
                opened_by_id=by_id,
                resolution="Đã cân lại",
                resolved_at=at,
                resolved_by_id=by_id,
            ),
        ]
    )
    invoice = InvoiceFactory(contract=contract, delivery=delivery)
    DueFactory(contract=contract, invoice=invoice)
    session.flush()
    return delivery


def more_deliveries(contract: Contract, count: int) -> None:
    """More late deliveries, with replies; and more that were invoiced."""
    today = business_day(now())
    for number in range(count):
        delivery = DeliveryFactory(
            contract=contract,
            due_from=today - timedelta(days=60),
            due_on=today - timedelta(days=2 + number),
        )
        session.add(
            DeliveryReply(
                delivery_id=delivery.id,
                organisation_id=contract.seller_id,
                text="Lũ về",
                at=now(),
                by_id=contract.created_by_id,
            )
        )
        accepted = DeliveryFactory(contract=contract, accepted=True)
        DeliveryLineFactory(delivery=accepted, accepted_g=5 * TONNE)
        DueFactory(contract=contract, invoice=InvoiceFactory(contract=contract, delivery=accepted))
    session.flush()
