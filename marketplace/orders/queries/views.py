"""An order as people see it: values, read in three statements however large it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.orders import rules
from marketplace.platform.database import session
from models.accounts import DeliverySettings, Organisation
from models.catalogue import Product
from models.orders import (
    DeliveryMethod,
    LineLot,
    Order,
    OrderLine,
    OrderState,
    PaymentMethod,
    SellerOrder,
)


@dataclass(frozen=True, slots=True)
class LotView:
    """The lot that packs of a line came from."""

    code: str
    packs: int
    harvested_on: date
    best_before_on: date | None
    certificates: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it was sold. Amounts in minor units."""

    id: int
    product_id: int
    pack_id: int
    category_id: int
    slug: str
    cover_sha256: str | None
    name_vi: str
    name_en: str
    pack_name_vi: str
    pack_name_en: str
    net_weight_g: int
    quantity: int
    unit_price_minor: int
    goods_minor: int
    discount_minor: int
    commission_minor: int
    certificates: list[dict[str, Any]]
    lots: tuple[LotView, ...]

    @property
    def grams(self) -> int:
        """What the line weighs."""
        return self.net_weight_g * self.quantity


@dataclass(frozen=True, slots=True)
class SellerView:
    """A seller as its buyers see it."""

    organisation_id: int
    code: str
    slug: str
    name: str
    short_name: str
    phone: str | None
    email: str | None
    address: str
    province_code: str
    commune_code: str | None
    pickup_note: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One seller's part of an order. Amounts in minor units."""

    id: int
    number: str
    organisation_id: int
    state: str
    delivery_method: str
    promised_on: date | None
    goods_minor: int
    discount_minor: int
    delivery_minor: int
    total_minor: int
    commission_minor: int
    placed_at: datetime
    confirmed_at: datetime | None
    packed_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    carrier: str
    tracking_code: str
    seller: SellerView
    lines: tuple[LineView, ...]

    @property
    def is_picked_up(self) -> bool:
        """Whether the buyer collects the goods."""
        return self.delivery_method == DeliveryMethod.PICKUP

    @property
    def is_cancellable(self) -> bool:
        """Whether it is early enough to call it off."""
        return self.state in rules.CANCELLABLE

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.cancelled_at is not None

    @property
    def net_minor(self) -> int:
        """What the seller gets for it."""
        return self.total_minor - self.commission_minor

    @property
    def grams(self) -> int:
        """What its goods weigh."""
        return sum(line.grams for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its parts and lines. Amounts in minor units."""

    id: int
    number: str
    channel: str
    buyer_user_id: int | None
    locale: str
    recipient_name: str
    phone: str
    email: str | None
    province_code: str
    commune_code: str | None
    address: str
    note: str
    payment_method: str
    currency: str
    goods_minor: int
    discount_minor: int
    delivery_minor: int
    total_minor: int
    state: str
    placed_at: datetime
    expires_at: datetime | None
    parts: tuple[PartView, ...]

    @property
    def is_cash(self) -> bool:
        """Whether it is paid at the door."""
        return self.payment_method == PaymentMethod.CASH

    @property
    def awaits_payment(self) -> bool:
        """Whether nothing happens before the money is there."""
        return self.state == OrderState.AWAITING_PAYMENT

    @property
    def is_cancellable(self) -> bool:
        """Whether all that is left of it can be called off."""
        live = [part for part in self.parts if not part.is_cancelled]
        return bool(live) and all(part.is_cancellable for part in live)

    @property
    def to_pay_minor(self) -> int:
        """What the parts that were not called off come to."""
        return sum(part.total_minor for part in self.parts if not part.is_cancelled)


_ORDER: tuple[Any, ...] = (
    Order.id,
    Order.number,
    Order.channel,
    Order.buyer_user_id,
    Order.locale,
    Order.recipient_name,
    Order.phone,
    Order.email,
    Order.province_code,
    Order.commune_code,
    Order.address,
    Order.note,
    Order.payment_method,
    Order.currency,
    Order.goods_minor,
    Order.discount_minor,
    Order.delivery_minor,
    Order.total_minor,
    Order.state,
    Order.placed_at,
    Order.expires_at,
)
_PART: tuple[Any, ...] = (
    SellerOrder.id,
    SellerOrder.number,
    SellerOrder.organisation_id,
    SellerOrder.state,
    SellerOrder.delivery_method,
    SellerOrder.promised_on,
    SellerOrder.goods_minor,
    SellerOrder.discount_minor,
    SellerOrder.delivery_minor,
    SellerOrder.total_minor,
    SellerOrder.commission_minor,
    SellerOrder.placed_at,
    SellerOrder.confirmed_at,
    SellerOrder.packed_at,
    SellerOrder.handed_over_at,
    SellerOrder.delivered_at,
    SellerOrder.cancelled_at,
    SellerOrder.cancel_reason,
    SellerOrder.carrier,
    SellerOrder.tracking_code,
)
_SELLER: tuple[Any, ...] = (
    Organisation.id,
    Organisation.code,
    Organisation.slug,
    Organisation.name,
    Organisation.short_name,
    Organisation.phone,
    Organisation.email,
    Organisation.address,
    Organisation.province_code,
    Organisation.commune_code,
    func.coalesce(DeliverySettings.pickup_note, ""),
)
_LINE: tuple[Any, ...] = (
    OrderLine.id,
    OrderLine.product_id,
    OrderLine.pack_id,
    OrderLine.category_id,
    Product.slug,
    Product.cover_sha256,
    OrderLine.product_name_vi,
    OrderLine.product_name_en,
    OrderLine.pack_name_vi,
    OrderLine.pack_name_en,
    OrderLine.net_weight_g,
    OrderLine.quantity,
    OrderLine.unit_price_minor,
    OrderLine.goods_minor,
    OrderLine.discount_minor,
    OrderLine.commission_minor,
    OrderLine.certificates,
)


def view_where(*conditions: ColumnElement[bool]) -> OrderView | None:
    """The one order that fits, with those of its parts that fit; three statements."""
    views = views_where(*conditions)
    if not views:
        return None
    return replace(views[0], parts=tuple(view.parts[0] for view in views))


def views_where(*conditions: ColumnElement[bool]) -> list[OrderView]:
    """Each part that fits, as an order that has only this part; three statements."""
    statement: Any = (
        select(*_ORDER, *_PART, *_SELLER)
        .join(SellerOrder, SellerOrder.order_id == Order.id)
        .join(Organisation, Organisation.id == SellerOrder.organisation_id)
        .outerjoin(DeliverySettings, DeliverySettings.organisation_id == Organisation.id)
        .where(*conditions)
        .order_by(SellerOrder.id)
    )
    found: Any = session.execute(statement).all()
    order_width, part_width = len(_ORDER), len(_PART)
    lines = _lines_of([row[order_width] for row in found]) if found else {}
    views: list[OrderView] = []
    for row in found:
        part, seller = row[order_width:][:part_width], row[order_width + part_width :]
        columns: list[Any] = [*part, SellerView(*seller), lines.get(part[0], ())]
        whole: list[Any] = [*row[:order_width], (PartView(*columns),)]
        views.append(OrderView(*whole))
    return views


def _lines_of(part_ids: Collection[int]) -> dict[int, tuple[LineView, ...]]:
    rows: Any = session.execute(
        select(OrderLine.seller_order_id, *_LINE)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.seller_order_id.in_(part_ids))
        .order_by(OrderLine.id)
    ).all()
    lots: dict[int, list[LotView]] = {}
    for line_id, *columns in session.execute(
        select(
            LineLot.line_id,
            LineLot.lot_code,
            LineLot.packs,
            LineLot.harvested_on,
            LineLot.best_before_on,
            LineLot.certificates,
        )
        .where(LineLot.line_id.in_([row[1] for row in rows]))
        .order_by(LineLot.id)
    ):
        lots.setdefault(line_id, []).append(LotView(*columns))
    lines: dict[int, list[LineView]] = {}
    for part_id, *columns in rows:
        values: list[Any] = [*columns, tuple(lots.get(columns[0], ()))]
        lines.setdefault(part_id, []).append(LineView(*values))
    return {part_id: tuple(group) for part_id, group in lines.items()}
