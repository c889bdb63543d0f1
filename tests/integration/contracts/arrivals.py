"""Deliveries on their way, and what people say of them."""

from datetime import date
from decimal import Decimal

from marketplace.accounts.permissions import Actor
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.rules import Arrival, LineResult
from marketplace.contracts.terms import Terms
from marketplace.platform.database import session
from models.accounts import Organisation, Role
from models.contracts import Contract
from models.deliveries import Delivery
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import (
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    graded_terms,
)
from tests.factories.traceability import LotFactory

TONNE = 1_000_000
DRY = Decimal("12.5")
ARRIVED = Arrival(date(2026, 11, 3), "Lê Văn Kho", "Y Bhăm")


def underway(lots: int = 2, *, terms: Terms | None = None) -> Delivery:
    """A delivery of 5 t R1 of each of some lots, sent on Monday; 48 hours to say what arrived."""
    product = ProductFactory()
    says = terms or graded_terms(product_id=product.id)
    contract = ContractFactory(product=product, says=says)
    delivery = DeliveryFactory(
        contract=contract, shipped=True, planned_g=lots * 5 * TONNE, handed_by="Y Bhăm"
    )
    for _ in range(lots):
        lot = LotFactory(product=product, organisation=product.organisation)
        DeliveryLineFactory(delivery=delivery, lot=lot, grade="R1" if says.grades else "")
    session.flush()
    return delivery


def contract_of(delivery: Delivery) -> Contract:
    """The contract of a delivery."""
    return session.get_one(Contract, delivery.contract_id)


def buyer_of(delivery: Delivery, role: str = Role.BUYER) -> Actor:
    """Somebody new of the enterprise."""
    return member_of(session.get_one(Organisation, contract_of(delivery).buyer_id), role)


def seller_of(delivery: Delivery, role: str = Role.DIRECTOR) -> Actor:
    """Somebody new of the seller."""
    return member_of(session.get_one(Organisation, contract_of(delivery).seller_id), role)


def all_taken(delivery: Delivery, **first: object) -> list[LineResult]:
    """Everything taken as it was sent; something else may be said of the first line."""
    found = []
    for line in lines_of(delivery.id):
        values = {"accepted_g": line.shipped_g, "moisture": DRY} | ({} if found else first)
        found.append(LineResult(line.id, **values))
    return found
