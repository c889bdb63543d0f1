"""A running contract of the small market, with deliveries of every kind, for those who look."""

from datetime import timedelta

from marketplace.kernel.clock import business_day, now
from models.accounts import Organisation
from models.catalogue import Product
from models.deliveries import DeliveryState
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)
from tests.factories.invoicing import DueFactory, InvoiceFactory
from tests.factories.traceability import LotFactory

LATE = 11
TO_PACK, TO_SHIP, ARRIVING, REJECTED = (
    f"GH261102-{word}" for word in ("PACK0", "SH1P0", "C0ME0", "BACK0")
)
"""The numbers of deliveries that wait for a step, and of one of which something came back."""


def sign_contract(buyer: Organisation, product: Product, union: Organisation) -> str:
    """A contract that the union quoted for: paid, short, rejected, late and called off.

    Returns:
        Its number.
    """
    at = now()
    today = business_day(at)
    contract = ContractFactory(
        buyer=buyer,
        product=product,
        led_by_id=union.id,
        po_number="PO-2026-017",
        says=some_terms(
            product_id=product.id,
            starts_on=today - timedelta(days=90),
            ends_on=today + timedelta(days=90),
        ),
    )
    lot = LotFactory(product=product)
    DueFactory(contract=contract, invoice=None, amount_minor=50_000_000)
    for number, refused in enumerate(({}, {"short_g": 120_000}, {"rejected_g": 500_000})):
        due_on = today - timedelta(days=40 - 10 * number)
        named = {"number": REJECTED} if "rejected_g" in refused else {}
        delivery = DeliveryFactory(
            contract=contract,
            accepted=True,
            **named,
            due_from=due_on,
            due_on=due_on,
            arrived_on=due_on,
            shipped_at=at - timedelta(days=41 - 10 * number),
            dispute_open=bool(refused),
        )
        DeliveryLineFactory(
            delivery=delivery,
            lot=lot,
            accepted_g=5 * TONNE - sum(refused.values()),
            reason="Ẩm quá 13 %" if refused else "",
            **refused,
        )
        invoice = InvoiceFactory(contract=contract, delivery=delivery, penalty_minor=2_000_000)
        DueFactory(contract=contract, invoice=invoice, amount_minor=invoice.total_minor)
    for number in range(LATE):
        due_on = today - timedelta(days=2 + number)
        DeliveryFactory(contract=contract, due_from=due_on, due_on=due_on)
    DeliveryFactory(contract=contract, state=DeliveryState.CANCELLED, cancelled_at=at)
    DeliveryFactory(contract=contract, number=TO_PACK, state=DeliveryState.CONFIRMED)
    packed = DeliveryFactory(contract=contract, number=TO_SHIP, state=DeliveryState.PACKED)
    shipped = DeliveryFactory(
        contract=contract, number=ARRIVING, shipped=True, accept_by_at=at + timedelta(hours=48)
    )
    for each in (packed, shipped):
        DeliveryLineFactory(delivery=each, lot=lot)
    return contract.number
