"""Deliveries of a contract: planned, called off, packed, accepted; what came back of them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Code, CommuneCode, Currency, PrimaryKey, ProvinceCode, one_of


class DeliveryOrigin(StrEnum):
    """Why there is a delivery: the schedule says so, or the buyer called it off."""

    SCHEDULE = "schedule"
    CALL_OFF = "call_off"


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class Delivery(Base):
    """Goods of a contract that are to reach a place between two days.

    `po_number` and `cost_centre` stand as on the day it was made. Until `accept_by_at` the buyer
    says what arrived; afterwards everything that was shipped counts as accepted, unless it is
    disputed. `dispute_open` stops that clock.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("origin", DeliveryOrigin),
        one_of("state", DeliveryState),
        UniqueConstraint("contract_id", "position"),
        UniqueConstraint("contract_id", "schedule_key", name="uq_deliveries_schedule_key"),
        CheckConstraint("planned_g > 0", "plans_something"),
        CheckConstraint("due_from <= due_on", "days_in_order"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", "cancelled_moment"),
        CheckConstraint("(state = 'accepted') = (accepted_at is not null)", "accepted_moment"),
        CheckConstraint("state <> 'shipped' or accept_by_at is not null", "shipped_has_deadline"),
        Index("ix_deliveries_due", "state", "due_on"),
        Index(
            "ix_deliveries_clock",
            "accept_by_at",
            postgresql_where=text("state = 'shipped' and not dispute_open"),
        ),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int] = mapped_column(Integer)
    origin: Mapped[str] = mapped_column(String(10))
    # Made by the form, so that calling off twice is once; empty for the schedule.
    call_off_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    # What the terms call it as long as they plan it; empty for what was called off.
    schedule_key: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default=DeliveryState.PLANNED)
    due_from: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    planned_g: Mapped[int] = mapped_column(BigInteger)
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    po_number: Mapped[str] = mapped_column(String(40), default="")
    cost_centre: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    packed_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(80), default="")
    vehicle: Mapped[str] = mapped_column(String(40), default="")
    handed_by: Mapped[str] = mapped_column(String(80), default="")
    accept_by_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_automatic: Mapped[bool] = mapped_column(default=False)
    arrived_on: Mapped[date | None] = mapped_column(Date)
    received_by: Mapped[str] = mapped_column(String(80), default="")
    dispute_open: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")


class DeliveryLine(Base):
    """What was packed of one lot, and what the buyer says of it when it arrives.

    `certificates` is what the lot claimed when it was packed. `calculation` is how the price was
    found: inputs and result, for ever. Accepted, short and rejected add up to what was shipped.
    """

    __tablename__ = "delivery_lines"
    __table_args__ = (
        UniqueConstraint("delivery_id", "lot_id"),
        CheckConstraint("shipped_g > 0", "ships_something"),
        CheckConstraint(
            "accepted_g is null or (accepted_g >= 0 and short_g >= 0 and rejected_g >= 0 and "
            "accepted_g + short_g + rejected_g = shipped_g)",
            "adds_up",
        ),
        CheckConstraint("rejected_g = 0 or reason <> ''", "rejected_has_a_reason"),
        CheckConstraint("amount_minor >= 0", "amount_not_negative"),
    )

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    lot_code: Mapped[str] = mapped_column(String(20))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    harvested_on: Mapped[date] = mapped_column(Date)
    best_before_on: Mapped[date | None] = mapped_column(Date)
    certificates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    grade: Mapped[str] = mapped_column(String(20), default="")
    shipped_g: Mapped[int] = mapped_column(BigInteger)
    accepted_g: Mapped[int | None] = mapped_column(BigInteger)
    short_g: Mapped[int] = mapped_column(BigInteger, default=0)
    rejected_g: Mapped[int] = mapped_column(BigInteger, default=0)
    accepted_grade: Mapped[str] = mapped_column(String(20), default="")
    # Per cent, as measured at unloading.
    moisture: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    reason: Mapped[str] = mapped_column(String(500), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    calculation: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    amount = Amount()


class DeliveryChange(Base):
    """That days, place or amount of a delivery were changed. Rows are only ever added."""

    __tablename__ = "delivery_changes"
    __table_args__ = (Index("ix_delivery_changes_delivery_id", "delivery_id", "id"),)

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class DeliveryDispute(Base):
    """That a side does not accept what was said of a delivery, and how it was settled."""

    __tablename__ = "delivery_disputes"
    __table_args__ = (
        CheckConstraint("(resolution = '') = (resolved_at is null)", "resolved_has_a_moment"),
        Index(
            "uq_delivery_disputes_open",
            "delivery_id",
            unique=True,
            postgresql_where=text("resolved_at is null"),
        ),
    )

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    side: Mapped[str] = mapped_column(String(6))
    text: Mapped[str] = mapped_column(String(1000))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    resolution: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ReturnState(StrEnum):
    """Where rejected goods are."""

    EXPECTED = "expected"
    RECEIVED = "received"
    WRITTEN_OFF = "written_off"


class DeliveryReturn(Base):
    """Rejected goods on their way back to the seller's store, or written off."""

    __tablename__ = "delivery_returns"
    __table_args__ = (
        one_of("state", ReturnState),
        CheckConstraint("grams > 0", "returns_something"),
        CheckConstraint("(state = 'expected') = (ended_at is null)", "ended_has_a_moment"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("delivery_lines.id"), primary_key=True)
    grams: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=ReturnState.EXPECTED)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
