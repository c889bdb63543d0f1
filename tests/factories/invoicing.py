"""Invoices of accepted deliveries, and what falls due."""

from typing import Any

import factory

from models.invoicing import Due, DueKind, DueState, Invoice
from tests.factories.base import Factory
from tests.factories.contracts import DeliveryFactory
from tests.moments import MONDAY, MONDAY_DAY

GOODS = 600_000_000
"""5 t at 120,000 đồng a kilogram."""


class InvoiceFactory(Factory[Invoice]):
    """The invoice of an accepted delivery: 5 t at 120,000 đồng, nothing besides."""

    class Meta:
        model = Invoice

    class Params:
        contract = factory.SubFactory("tests.factories.contracts.ContractFactory")
        delivery = factory.SubFactory(
            DeliveryFactory, accepted=True, contract=factory.SelfAttribute("..contract")
        )

    organisation_id = factory.LazyAttribute(lambda made: made.contract.seller_id)
    buyer_id = factory.LazyAttribute(lambda made: made.contract.buyer_id)
    contract_id = factory.LazyAttribute(lambda made: made.contract.id)
    delivery_id = factory.LazyAttribute(lambda made: made.delivery.id)
    year = 2026
    sequence = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda made: f"HDB{made.year % 100}-{made.sequence:05d}")
    issued_at = MONDAY
    currency = "VND"
    goods_minor = GOODS
    bonus_minor = 0
    penalty_minor = 0
    deposit_minor = 0
    retention_minor = 0
    total_minor = factory.LazyAttribute(
        lambda made: made.goods_minor + made.bonus_minor - made.penalty_minor - made.deposit_minor
    )
    snapshot = factory.LazyFunction(dict[str, Any])


class DueFactory(Factory[Due]):
    """A stage of an invoice, all of it; with `invoice=None` a deposit of the contract."""

    class Meta:
        model = Due

    class Params:
        contract = factory.SubFactory("tests.factories.contracts.ContractFactory")
        invoice = factory.SubFactory(InvoiceFactory, contract=factory.SelfAttribute("..contract"))

    ref = factory.Sequence(lambda n: f"due:{n}")
    kind = factory.LazyAttribute(
        lambda made: DueKind.STAGE if made.invoice else DueKind.DEPOSIT,
    )
    contract_id = factory.LazyAttribute(lambda made: made.contract.id)
    invoice_id = factory.LazyAttribute(lambda made: made.invoice.id if made.invoice else None)
    buyer_id = factory.LazyAttribute(lambda made: made.contract.buyer_id)
    seller_id = factory.LazyAttribute(lambda made: made.contract.seller_id)
    reference = factory.Sequence(lambda n: f"CMD{n:06d}")
    currency = "VND"
    amount_minor = GOODS
    received_minor = 0
    state = DueState.AWAITING
    due_on = MONDAY_DAY
    created_at = MONDAY
