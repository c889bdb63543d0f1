"""How many statements the life of an order takes: each of them is a journey to the server."""

import pytest

from marketplace.accounts.permissions import SYSTEM
from marketplace.orders import operations as orders
from marketplace.workflows import fulfilment
from models.orders import PaymentMethod
from tests.factories.accounts import UserFactory, acting
from tests.factories.orders import parts_of, place, product_in_stock
from tests.moments import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

CARRIER = {"carrier": "Viettel Post", "tracking_code": "VT123"}


@pytest.mark.parametrize(
    ("method", "budgets"),
    [
        (PaymentMethod.CASH, {"confirm": 4, "pack": 11, "hand over": 5, "deliver": 24}),
        (PaymentMethod.BANK_TRANSFER, {"confirm": 4, "pack": 11, "hand over": 5, "deliver": 16}),
    ],
)
def test_the_way_of_a_part_stays_within_its_statements(session, statements, method, budgets):
    coffee = product_in_stock()
    order = place((coffee, 2), payment_method=method)
    if method == PaymentMethod.BANK_TRANSFER:
        orders.open_paid_order(actor=SYSTEM, order_id=order.id, at=TUESDAY)
    [part] = parts_of(order)
    who = {"actor": acting(UserFactory(), coffee.organisation), "seller_order_id": part.id}
    steps = {
        "confirm": lambda: fulfilment.confirm_order(**who, at=TUESDAY),
        "pack": lambda: fulfilment.pack_order(**who, at=WEDNESDAY),
        "hand over": lambda: fulfilment.hand_over_order(**who, **CARRIER, at=THURSDAY),
        "deliver": lambda: fulfilment.deliver_order(**who, at=FRIDAY),
    }
    taken = {}

    for name, step in steps.items():
        session.flush()
        with statements() as sent:
            assert step()
            session.flush()
        taken[name] = len(sent)

    assert {name: n for name, n in taken.items() if n > budgets[name]} == {}, taken
