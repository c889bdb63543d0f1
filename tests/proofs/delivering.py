"""Deliveries of the small market: a running contract of each seller, one in each state."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketplace.contracts.deliveries import operations
from marketplace.contracts.deliveries.operations.moving import Days
from marketplace.kernel.clock import business_day, now
from models.accounts import Organisation, Role
from models.catalogue import Product
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryState
from models.traceability import Lot
from tests.factories.accounts import member_of
from tests.factories.contracts import (
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)

OF_DELIVERIES: Final = frozenset(
    {
        "contracts.call_off",
        "contracts.cancel_delivery",
        "contracts.confirm_delivery",
        "contracts.list_deliveries",
        "contracts.move_delivery",
        "contracts.pack_delivery",
        "contracts.print_note",
        "contracts.ship_delivery",
        "contracts.show_calendar",
        "contracts.show_delivery",
        "contracts.unpack_delivery",
    }
)
"""What is about a contract that runs, and its deliveries."""
STATES: Final = {
    "contracts.pack_delivery": DeliveryState.CONFIRMED,
    "contracts.unpack_delivery": DeliveryState.PACKED,
    "contracts.ship_delivery": DeliveryState.PACKED,
    "contracts.print_note": DeliveryState.SHIPPED,
}
"""Which delivery a page is about, if not the planned one."""


@dataclass
class Dealing:
    """A contract between a buyer and a seller."""

    buyer: Organisation
    seller: Organisation
    contract: Contract
    deliveries: dict[str, Delivery]
    lot_id: int


def deal(buyer: Organisation, product: Product, lot: Lot) -> Dealing:
    """A running contract with deliveries; goods of `lot` are packed for some of them."""
    at = now()
    today = business_day(at)
    contract = ContractFactory(
        buyer=buyer,
        product=product,
        says=some_terms(
            product_id=product.id,
            starts_on=today - timedelta(days=30),
            ends_on=today + timedelta(days=300),
        ),
    )
    due_on = today + timedelta(days=20)
    common = {"contract": contract, "due_from": due_on, "due_on": due_on, "planned_g": 50_000}
    made = {
        DeliveryState.PLANNED: DeliveryFactory(**common),
        DeliveryState.CONFIRMED: DeliveryFactory(
            **common, state=DeliveryState.CONFIRMED, confirmed_at=at
        ),
        DeliveryState.PACKED: DeliveryFactory(**common, state=DeliveryState.PACKED, packed_at=at),
        DeliveryState.SHIPPED: DeliveryFactory(
            **common,
            state=DeliveryState.SHIPPED,
            shipped_at=at,
            accept_by_at=at + timedelta(days=30),
        ),
    }
    for state in (DeliveryState.PACKED, DeliveryState.SHIPPED):
        DeliveryLineFactory(delivery=made[state], lot=lot, shipped_g=500)
    operations.move_delivery(
        actor=member_of(buyer, Role.BUYER),
        delivery_id=made[DeliveryState.PLANNED].id,
        days=Days(due_on, due_on + timedelta(days=1)),
        and_following=False,
        reason="Kho kiểm kê",
        at=at,
    )
    seller = product.organisation
    return Dealing(buyer, seller, contract, {str(key): each for key, each in made.items()}, lot.id)


def delivery_values(dealing: Dealing, endpoint: str) -> dict[str, object]:
    """The parameters of the pages of deliveries, but whose desk it is."""
    state = STATES.get(endpoint, DeliveryState.PLANNED)
    return {
        "number": dealing.contract.number,
        "delivery": dealing.deliveries[str(state)].number,
    }


def call_off_form() -> dict[str, object]:
    """A kilogram, in a month."""
    day = (business_day(now()) + timedelta(days=30)).isoformat()
    return {
        "grams": "1 kg",
        "due_from": day,
        "due_on": day,
        "province_code": "79",
        "address": "Kho số 4",
        "key": "matrix",
    }


def move_form() -> dict[str, object]:
    """Forty days on."""
    day = (business_day(now()) + timedelta(days=40)).isoformat()
    return {"due_from": day, "due_on": day, "scope": "this", "reason": "kho đầy"}
