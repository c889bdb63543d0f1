"""What was sold in a part of an order: for booking it, and for telling who bought it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from marketplace.orders.errors import OrderNotFoundError
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from models.certification import Certificate
from models.orders import Order, OrderLine, PaymentMethod, SellerOrder, SellerOrderState


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line with its amounts as they were frozen at checkout, in minor units."""

    id: int
    product_id: int
    category_id: int
    quantity: int
    net_weight_g: int
    goods_minor: int
    discount_minor: int
    commission_minor: int

    @property
    def grams(self) -> int:
        """What the line weighs."""
        return self.net_weight_g * self.quantity


@dataclass(frozen=True, slots=True)
class SoldPart:
    """One seller's part, and what is needed of its order. Amounts in minor units."""

    id: int
    number: str
    organisation_id: int
    delivery_minor: int
    total_minor: int
    order_id: int
    payment_method: str
    province_code: str
    channel: str
    currency: str
    lines: tuple[SoldLine, ...]

    @property
    def is_cash(self) -> bool:
        """Whether it is paid at the door."""
        return self.payment_method == PaymentMethod.CASH


_PART = (
    SellerOrder.id,
    SellerOrder.number,
    SellerOrder.organisation_id,
    SellerOrder.delivery_minor,
    SellerOrder.total_minor,
    Order.id,
    Order.payment_method,
    Order.province_code,
    Order.channel,
    Order.currency,
)
_LINE = (
    OrderLine.id,
    OrderLine.product_id,
    OrderLine.category_id,
    OrderLine.quantity,
    OrderLine.net_weight_g,
    OrderLine.goods_minor,
    OrderLine.discount_minor,
    OrderLine.commission_minor,
)
_SALE = Question(
    select(*_PART, *_LINE)
    .select_from(SellerOrder)
    .join(Order, Order.id == SellerOrder.order_id)
    .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
    .where(SellerOrder.id == bindparam("part_id", type_=BigInteger))
    .order_by(OrderLine.id)
)


def get_sold_part(seller_order_id: int) -> SoldPart:
    """What was sold in one part. For workflows: asks nobody.

    Raises:
        OrderNotFoundError: there is none.
    """
    rows = _SALE.ask(part_id=seller_order_id)
    if not rows:
        raise OrderNotFoundError(seller_order_id=seller_order_id)
    width = len(_PART)
    lines = tuple(SoldLine(*row[width:]) for row in rows if row[width] is not None)
    part: list[Any] = [*rows[0][:width], lines]
    return SoldPart(*part)


UNDER_WAY = (
    SellerOrderState.PLACED,
    SellerOrderState.CONFIRMED,
    SellerOrderState.PACKED,
    SellerOrderState.HANDED_OVER,
)
"""The states of goods that somebody has ordered and does not have yet."""


def parts_sold_by_certificate(certificate: Certificate) -> dict[int, set[int]]:
    """Parts under way whose lines were sold with a certificate. For workflows: asks nobody.

    Another paper of the same number, such as its renewal, is known by its last day.

    Returns:
        The ids of those lines, by the id of their part, in the order they were placed.
    """
    last_day = certificate.valid_to.isoformat() if certificate.valid_to else None
    sold_with = [
        {"code": certificate.scheme_code, "number": certificate.number, "valid_to": last_day}
    ]
    rows = session.execute(
        select(SellerOrder.id, OrderLine.id)
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(
            SellerOrder.organisation_id == certificate.organisation_id,
            SellerOrder.state.in_(UNDER_WAY),
            OrderLine.certificates.contains(sold_with),
        )
        .order_by(SellerOrder.id, OrderLine.id)
    )
    found: dict[int, set[int]] = {}
    for part_id, line_id in rows:
        found.setdefault(part_id, set()).add(line_id)
    return found
