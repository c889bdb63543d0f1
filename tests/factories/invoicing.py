"""Accepted deliveries with their price, and paying what falls due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import factory
from sqlalchemy import select

from marketplace.contracts.access import terms_in
from marketplace.contracts.pricing import price_line
from marketplace.contracts.terms import Breach, Payment, Terms
from marketplace.kernel.clock import vietnam_midnight
from marketplace.platform.database import session
from marketplace.workflows.contract_billing import ask_deposit, invoice_delivery
from models.accounts import Organisation
from models.catalogue import Product
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine
from models.invoicing import Due, DueKind, DueState, Invoice
from models.payments import BankLine
from tests.factories.base import Factory
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    graded_terms,
    planned,
)
from tests.factories.payments import import_rows, row
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY

STRICT = Breach(late_bps_per_day=50, short_bps=800, cap_bps=800)
IN_PARTS = Payment(
    stages=((7_000, 15), (3_000, 45)),
    deposit_minor=500_000_000,
    deposit_bps=2_000,
    retention_bps=500,
    retention_days=90,
)


class Arrived(NamedTuple):
    """What came of a lot, in grams; `shipped` is 5 t unless something else is said."""

    accepted: int = 5 * TONNE
    grade: str = "R1"
    moisture: str | None = None
    short: int = 0
    rejected: int = 0


def running(
    commission_bps: int = 200, buyer: Any = None, product: Any = None, **changes: Any
) -> Contract:
    """A contract in force by grade and moisture, with a deposit, stages and a retention."""
    product = product or ProductFactory()
    more: dict[str, Any] = {"buyer": buyer} if buyer is not None else {}
    return ContractFactory(
        product=product,
        commission_bps=commission_bps,
        says=billed_terms(product_id=product.id, **changes),
        **more,
    )


def billed_terms(**changes: Any) -> Terms:
    """Terms with penalties and payment in parts."""
    base: dict[str, Any] = {
        "breach": STRICT,
        "payment": IN_PARTS,
        "schedule": tuple(planned(date(2026, 11, 6 + 2 * number)) for number in range(4)),
    }
    return graded_terms(**base | changes)


def arrived(
    contract: Contract, *came: Arrived, days_late: int = 0, due_on: date = date(2026, 11, 20)
) -> Delivery:
    """An accepted delivery of 5 t with its lines priced, as accepting it leaves it."""
    on = due_on + timedelta(days=days_late)
    delivery = DeliveryFactory(
        contract=contract,
        accepted=True,
        due_from=due_on - timedelta(days=6),
        due_on=due_on,
        planned_g=5 * TONNE,
        shipped_at=vietnam_midnight(on),
        arrived_on=on,
        accepted_at=vietnam_midnight(on) + timedelta(hours=10),
    )
    for each in came or (Arrived(),):
        _line(contract, delivery, each)
    return delivery


def deposit_of(contract: Contract, *, at: datetime = MONDAY) -> Due:
    """The deposit that a contract asks for."""
    due = ask_deposit(contract_id=contract.id, at=at)
    assert due is not None
    return due


def invoiced(delivery: Delivery) -> Invoice:
    """The invoice of an accepted delivery, issued when it was accepted."""
    assert delivery.accepted_at is not None
    invoice = invoice_delivery(delivery_id=delivery.id, at=delivery.accepted_at)
    assert invoice is not None
    return invoice


def dues_of(invoice: Invoice) -> Sequence[Due]:
    """What an invoice asks for, in the order of its parts."""
    return session.scalars(
        select(Due)
        .where(Due.invoice_id == invoice.id)
        .order_by(Due.id)
        .execution_options(populate_existing=True)
    ).all()


def transfer(due: Due, minor: int | None = None, *, at: datetime = MONDAY) -> BankLine:
    """Transfer what falls due, or so much, with its reference."""
    amount = due.amount_minor if minor is None else minor
    import_rows(row(amount, f"MBVCB.{due.reference} thanh toan", at=at), at=at)
    session.refresh(due)
    return session.scalars(
        select(BankLine).where(BankLine.due_id == due.id).order_by(BankLine.id.desc())
    ).first()


def _line(contract: Contract, delivery: Delivery, came: Arrived) -> DeliveryLine:
    moisture = None if came.moisture is None else Decimal(came.moisture)
    priced = price_line(
        terms=terms_in(contract),
        shipped_on=delivery.due_on,
        grade=came.grade,
        net_g=came.accepted,
        moisture=moisture,
        reference_minor=None,
    )
    lot = LotFactory(
        product=session.get_one(Product, contract.product_id),
        organisation=session.get_one(Organisation, contract.seller_id),
    )
    return DeliveryLineFactory(
        delivery=delivery,
        lot=lot,
        shipped_g=came.accepted + came.short + came.rejected,
        accepted_g=came.accepted,
        short_g=came.short,
        rejected_g=came.rejected,
        reason="Hạt mốc" if came.rejected else "",
        grade="R1",
        accepted_grade=came.grade,
        moisture=moisture,
        amount_minor=priced.amount_minor,
        calculation=priced.inputs,
    )


GOODS = 600_000_000
"""5 t at 120,000 đồng a kilogram."""


def printed(contract: Contract, delivery: Delivery) -> dict[str, Any]:
    """What an invoice prints besides its amounts, without lines."""
    who = {"name": "Công ty Rang xay Phương Nam", "tax_code": "0301234560", "address": ""}
    return {
        "v": 1,
        "seller": who | {"name": "HTX Nông nghiệp Cư M’gar"},
        "buyer": who,
        "contract": {"number": contract.number, "title": contract.title},
        "delivery": {
            "number": delivery.number,
            "due_on": delivery.due_on.isoformat(),
            "arrived_on": delivery.arrived_on and delivery.arrived_on.isoformat(),
            "province_code": delivery.province_code,
            "commune_code": delivery.commune_code,
            "address": delivery.address,
            "po_number": delivery.po_number,
            "cost_centre": delivery.cost_centre,
            "planned_g": delivery.planned_g,
        },
        "product_vi": "Cà phê Robusta nhân xanh",
        "product_en": "Green robusta coffee",
        "lines": [],
        "grades": {},
        "breach": {
            "days_late": 0,
            "late_minor": 0,
            "missing_g": 0,
            "short_minor": 0,
            "total_minor": 0,
            "earlier_minor": 0,
        },
        "dues": [],
    }


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
    sequence = factory.Sequence(lambda n: n + 901)
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
    snapshot = factory.LazyAttribute(lambda made: printed(made.contract, made.delivery))


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
