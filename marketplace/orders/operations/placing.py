"""Writing an order down, everything frozen as it is on the day of the sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.geography import queries as geography
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ORDER_BITS, order_number, seller_order_number
from marketplace.orders.errors import AddressMissingError
from marketplace.orders.queries.pages import find_order_by_key
from marketplace.orders.quotes import PartQuote, Quote
from marketplace.platform.config import current_settings
from marketplace.platform.statements import NewRows
from models.orders import (
    Channel,
    Order,
    OrderLine,
    OrderState,
    PaymentMethod,
    SellerOrder,
    SellerOrderState,
)

Certificates = Mapping[int, Sequence[dict[str, Any]]]
"""The certificates in force, by product id, as they are kept on a line."""

DRAWS = 8
"""How often a number is drawn before something must be wrong: a day's numbers are 33 million."""

ORDERS = NewRows(Order)
PARTS = NewRows(SellerOrder)
LINES = NewRows(OrderLine)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the goods, and where.

    Attributes:
        phone: as +84912345678.
        commune_code: None only when nothing is delivered.
    """

    name: str
    phone: str
    province_code: str
    commune_code: str | None = None
    address: str = ""
    email: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a buyer sends when ordering.

    Attributes:
        key: one for each intention to buy; the same key again finds the same order.
        pickups: ids of the organisations whose goods the buyer collects.
        agreed: the digest of the quote that the buyer saw; None takes whatever it costs.
        locale: the language in which to write to the buyer.
    """

    key: str
    recipient: Recipient
    payment_method: PaymentMethod
    pickups: frozenset[int] = frozenset()
    agreed: str | None = None
    locale: str = "vi"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order just written, with its parts and lines; or one that the key found."""

    order: Order
    parts: tuple[SellerOrder, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    is_new: bool = True


def record_order(
    *,
    actor: Actor,
    purchase: Purchase,
    quote: Quote,
    certificates: Certificates,
    at: datetime,
) -> Placed:
    """Write an order with a part for each seller and its lines.

    An order paid in cash is open at once; one paid by transfer waits for
    `hold_minutes` of the settings.

    Args:
        actor: the buyer; a guest has no user.
        purchase: what the buyer sent.
        quote: what it costs; orderable.
        certificates: those in force today.
        at: when.

    Returns:
        The order, or with `is_new` false the one that this key had placed before.

    Raises:
        UnknownProvinceError, UnknownCommuneError: there is no such place.
        AddressMissingError: goods are to be delivered, but not said where.
    """
    recipient = purchase.recipient
    geography.require_place(recipient.province_code, recipient.commune_code)
    if not quote.is_all_picked_up and not (recipient.commune_code and recipient.address.strip()):
        raise AddressMissingError(field="address" if recipient.commune_code else "commune")
    order = _draw(_columns(actor, purchase, quote, at), at)
    if order is None:
        return Placed(_known(purchase.key), is_new=False)
    parts = [_part(order, position, part, at) for position, part in enumerate(quote.parts, start=1)]
    PARTS.write(*parts)
    lines = [
        line
        for part, quoted in zip(parts, quote.parts, strict=True)
        for line in _lines(part, quoted, certificates)
    ]
    LINES.write(*lines)
    return Placed(order, tuple(parts), tuple(lines))


def _columns(actor: Actor, purchase: Purchase, quote: Quote, at: datetime) -> dict[str, Any]:
    recipient = purchase.recipient
    is_cash = purchase.payment_method == PaymentMethod.CASH
    return {
        "idempotency_key": purchase.key,
        "channel": Channel.RETAIL,
        "buyer_user_id": actor.user_id,
        "locale": purchase.locale,
        "recipient_name": recipient.name,
        "phone": recipient.phone,
        "email": recipient.email,
        "province_code": recipient.province_code,
        "commune_code": recipient.commune_code,
        "address": recipient.address.strip(),
        "note": recipient.note.strip(),
        "payment_method": purchase.payment_method,
        "currency": quote.currency,
        "goods_minor": quote.goods_minor,
        "discount_minor": 0,
        "delivery_minor": quote.delivery_minor,
        "total_minor": quote.total_minor,
        "state": OrderState.OPEN if is_cash else OrderState.AWAITING_PAYMENT,
        "placed_at": at,
        "expires_at": None if is_cash else at + timedelta(minutes=current_settings().hold_minutes),
    }


def _draw(columns: dict[str, Any], at: datetime) -> Order | None:
    """Insert the order under a number that nobody has; None if its key has one already."""
    for _ in range(DRAWS):
        number = order_number(business_day(at), draw_bits(ORDER_BITS))
        order = Order(number=number, **columns)
        if ORDERS.write_if_new(order):
            return order
        if find_order_by_key(columns["idempotency_key"]) is not None:
            return None
    raise RuntimeError("no free order number")


def _known(key: str) -> Order:
    order = find_order_by_key(key)
    assert order is not None  # noqa: S101 - the insert has just met it
    return order


def _part(order: Order, position: int, part: PartQuote, at: datetime) -> SellerOrder:
    return SellerOrder(
        order_id=order.id,
        organisation_id=part.seller.organisation_id,
        number=seller_order_number(order.number, position),
        state=SellerOrderState.PLACED,
        delivery_method=part.method,
        promised_on=part.promised_on,
        currency=order.currency,
        goods_minor=part.goods_minor,
        discount_minor=0,
        delivery_minor=part.delivery_minor or 0,
        total_minor=part.total_minor,
        commission_minor=sum(row.commission_minor(order.currency) for row in part.rows),
        placed_at=at,
    )


def _lines(part: SellerOrder, quoted: PartQuote, certificates: Certificates) -> list[OrderLine]:
    return [
        OrderLine(
            seller_order_id=part.id,
            product_id=row.product_id,
            pack_id=row.pack_id,
            category_id=row.category_id,
            product_name_vi=row.name_vi,
            product_name_en=row.name_en,
            pack_name_vi=row.pack_name_vi,
            pack_name_en=row.pack_name_en,
            net_weight_g=row.net_weight_g,
            quantity=row.quantity,
            currency=part.currency,
            unit_price_minor=row.price_minor,
            goods_minor=row.goods_minor,
            discount_minor=0,
            commission_bps=quoted.seller.commission_bps,
            commission_minor=row.commission_minor(part.currency),
            certificates=list(certificates.get(row.product_id, ())),
        )
        for row in quoted.rows
    ]
