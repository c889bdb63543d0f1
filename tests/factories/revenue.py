"""Delivered sales, booked through the ledger as fulfilment does."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.ledger.operations import book_delivery
from marketplace.ledger.rules import DeliveredLine, DeliveredSale
from marketplace.platform.database import session
from models.orders import OrderLine, SellerOrder
from tests.factories.orders import OrderFactory, SellerOrderFactory


def deliver(
    *, at: datetime, province_code: str = "01", channel: str = "retail", **values: Any
) -> SellerOrder:
    """A seller order delivered and booked at `at`; its values go to `SellerOrderFactory`."""
    order = OrderFactory(parts=0, province_code=province_code, channel=channel, paid=True)
    part = SellerOrderFactory(order=order, delivered=True, **values)
    part.delivered_at = at
    session.flush()
    lines = session.scalars(select(OrderLine).where(OrderLine.seller_order_id == part.id))
    book_delivery(
        sale=DeliveredSale(
            seller_order_id=part.id,
            number=part.number,
            organisation_id=part.organisation_id,
            payment_method=order.payment_method,
            buyer_province_code=province_code,
            channel=channel,
            currency="VND",
            delivery_minor=part.delivery_minor,
            lines=tuple(
                DeliveredLine(
                    line_id=line.id,
                    product_id=line.product_id,
                    category_id=line.category_id,
                    quantity=line.quantity,
                    grams=line.quantity * line.net_weight_g,
                    gross_minor=line.goods_minor,
                    discount_minor=line.discount_minor,
                    commission_minor=line.commission_minor,
                )
                for line in lines
            ),
        ),
        at=at,
    )
    return part
