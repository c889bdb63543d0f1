"""Carts, orders, one seller order for each cooperative, and their lines."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Organisation
from models.base import Amount, Base, CommuneCode, Currency, Name, PrimaryKey, ProvinceCode, one_of
from models.catalogue import Pack


class Cart(Base):
    """What somebody is about to buy; found by the hash of a token in the cookie, or by the user."""

    __tablename__ = "carts"
    __table_args__ = (
        Index(
            "uq_carts_user_id", "user_id", unique=True, postgresql_where=text("user_id is not null")
        ),
    )

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    lines: Mapped[list["CartLine"]] = relationship(
        lazy="raise_on_sql", order_by="CartLine.id", cascade="all, delete-orphan"
    )


class CartLine(Base):
    """Some packs in a cart, with the price that the buyer last saw."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "pack_id"),
        CheckConstraint("quantity between 1 and 999", "quantity_sane"),
    )

    id: Mapped[PrimaryKey]
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id"), index=True)
    quantity: Mapped[int] = mapped_column(Integer)
    seen_price_minor: Mapped[int] = mapped_column(BigInteger)

    pack: Mapped[Pack] = relationship(lazy="raise_on_sql")


class PaymentMethod(StrEnum):
    """How the buyer pays."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"


class OrderState(StrEnum):
    """Where the whole order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SellerOrderState(StrEnum):
    """Where one cooperative's part stands."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class DeliveryMethod(StrEnum):
    """How the goods reach the buyer."""

    DELIVERY = "delivery"
    PICKUP = "pickup"


class Channel(StrEnum):
    """Where a sale was made."""

    RETAIL = "retail"
    CONTRACT = "contract"


class Order(Base):
    """What one buyer ordered at one moment from one or more cooperatives."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("state", OrderState),
        one_of("payment_method", PaymentMethod),
        one_of("channel", Channel),
        CheckConstraint(
            "total_minor = goods_minor - discount_minor + delivery_minor", "total_adds_up"
        ),
        CheckConstraint(
            "goods_minor > 0 and discount_minor >= 0 and delivery_minor >= 0 "
            "and discount_minor <= goods_minor",
            "amounts_sane",
        ),
        Index("ix_orders_buyer_user_id_placed_at", "buyer_user_id", "placed_at"),
        Index(
            "ix_orders_awaiting",
            "expires_at",
            postgresql_where=text("state = 'awaiting_payment'"),
        ),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(20), default=Channel.RETAIL)
    buyer_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    locale: Mapped[str] = mapped_column(String(2), default="vi")
    recipient_name: Mapped[Name]
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    payment_method: Mapped[str] = mapped_column(String(20))
    currency: Mapped[Currency]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(20))
    placed_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]

    goods = Amount()
    discount = Amount()
    delivery = Amount()
    total = Amount()
    seller_orders: Mapped[list["SellerOrder"]] = relationship(
        lazy="raise_on_sql", back_populates="order", order_by="SellerOrder.id"
    )


class SellerOrder(Base):
    """One cooperative's part of an order: what it packs, delivers and is paid for."""

    __tablename__ = "seller_orders"
    __table_args__ = (
        UniqueConstraint("order_id", "organisation_id"),
        one_of("state", SellerOrderState),
        one_of("delivery_method", DeliveryMethod),
        CheckConstraint(
            "total_minor = goods_minor - discount_minor + delivery_minor", "total_adds_up"
        ),
        CheckConstraint(
            "goods_minor > 0 and discount_minor >= 0 and delivery_minor >= 0 "
            "and commission_minor >= 0 and commission_minor <= goods_minor",
            "amounts_sane",
        ),
        CheckConstraint("state <> 'delivered' or delivered_at is not null", "delivered_has_moment"),
        Index("ix_seller_orders_desk", "organisation_id", "state", "placed_at"),
        Index(
            "ix_seller_orders_delivered",
            "organisation_id",
            "delivered_at",
            postgresql_where=text("delivered_at is not null"),
        ),
    )

    id: Mapped[PrimaryKey]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str] = mapped_column(String(24), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=SellerOrderState.PLACED)
    delivery_method: Mapped[str] = mapped_column(String(20))
    promised_on: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[Currency]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    commission_minor: Mapped[int] = mapped_column(BigInteger)
    placed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    packed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    carrier: Mapped[str] = mapped_column(String(80), default="")
    tracking_code: Mapped[str] = mapped_column(String(60), default="")

    goods = Amount()
    discount = Amount()
    delivery = Amount()
    total = Amount()
    commission = Amount()
    order: Mapped[Order] = relationship(lazy="raise_on_sql", back_populates="seller_orders")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise_on_sql", back_populates="seller_order", order_by="OrderLine.id"
    )


class OrderLine(Base):
    """Some packs of one product, with everything as it was on the day of the sale.

    `certificates` is a list of {"code", "label_vi", "label_en", "number", "issuer", "valid_to",
    "names_plots"}; one that names plots stands there if all lots of the line inherited it.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", "quantity_positive"),
        CheckConstraint("goods_minor = unit_price_minor * quantity", "goods_add_up"),
        CheckConstraint(
            "unit_price_minor > 0 and discount_minor >= 0 and discount_minor <= goods_minor "
            "and commission_minor >= 0 and commission_bps between 0 and 10000",
            "amounts_sane",
        ),
    )

    id: Mapped[PrimaryKey]
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_orders.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    product_name_vi: Mapped[Name]
    product_name_en: Mapped[Name]
    pack_name_vi: Mapped[str] = mapped_column(String(80))
    pack_name_en: Mapped[str] = mapped_column(String(80))
    net_weight_g: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[int] = mapped_column(Integer)
    currency: Mapped[Currency]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_bps: Mapped[int] = mapped_column(Integer)
    commission_minor: Mapped[int] = mapped_column(BigInteger)
    certificates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)

    unit_price = Amount()
    goods = Amount()
    discount = Amount()
    commission = Amount()
    seller_order: Mapped[SellerOrder] = relationship(lazy="raise_on_sql", back_populates="lines")
    lots: Mapped[list["LineLot"]] = relationship(lazy="raise_on_sql", order_by="LineLot.id")


class LineLot(Base):
    """The lot from which packs of a line were taken; fixed when the line is packed."""

    __tablename__ = "line_lots"
    __table_args__ = (
        UniqueConstraint("line_id", "lot_id"),
        CheckConstraint("packs > 0", "packs_positive"),
    )

    id: Mapped[PrimaryKey]
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    lot_code: Mapped[str] = mapped_column(String(20))
    packs: Mapped[int] = mapped_column(Integer)
    harvested_on: Mapped[date] = mapped_column(Date)
    best_before_on: Mapped[date | None] = mapped_column(Date)
    certificates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
