from sqlalchemy import select

from marketplace.platform.database import session
from models.orders import Order
from models.payments import Payment
from models.traceability import Lot
from tests.integration.demo.conftest import small_market


def told(app):
    with small_market(app):
        orders = session.execute(
            select(Order.number, Order.total_minor, Order.state, Order.recipient_name).order_by(
                Order.number
            )
        ).all()
        references = session.scalars(select(Payment.reference).order_by(Payment.reference)).all()
        lots = session.execute(select(Lot.code, Lot.quantity_g).order_by(Lot.code)).all()
        return orders, references, lots


def test_two_loads_tell_the_same_story(app):
    assert told(app) == told(app)
