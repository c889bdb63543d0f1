"""Invoices with numbers without gaps, and what falls due under a contract."""

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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Code, Currency, PrimaryKey, one_of


class InvoiceCounter(Base):
    """The last number that a seller gave in a year; held while the next one is given."""

    __tablename__ = "invoice_counters"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Invoice(Base):
    """What a seller asks for an accepted delivery. Rows are only ever added.

    `snapshot` holds everything that is printed, as it was on that day. What is to be paid is goods
    + bonus - penalty - deposit - advance; of it `retention_minor` is kept back for a while.
    `carried_minor` is what of the penalties these goods could not bear: the next invoice of the
    contract takes it. `commission_minor` is between the seller and the market.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "sequence"),
        CheckConstraint(
            "total_minor = "
            "goods_minor + bonus_minor - penalty_minor - deposit_minor - advance_minor",
            "adds_up",
        ),
        CheckConstraint(
            "goods_minor >= 0 and bonus_minor >= 0 and penalty_minor >= 0 and deposit_minor >= 0 "
            "and advance_minor >= 0 and carried_minor >= 0 and commission_minor >= 0 "
            "and total_minor >= 0 and retention_minor between 0 and total_minor",
            "amounts_sane",
        ),
        Index("ix_invoices_contract_id", "contract_id", "id"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    number: Mapped[Code] = mapped_column()
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    issued_at: Mapped[datetime]
    currency: Mapped[Currency]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    bonus_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    penalty_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    deposit_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    advance_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    retention_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    carried_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)

    goods = Amount()
    bonus = Amount()
    penalty = Amount()
    deposit = Amount()
    advance = Amount()
    retention = Amount()
    total = Amount()


class DueKind(StrEnum):
    """Why a buyer owes something under a contract."""

    DEPOSIT = "deposit"
    STAGE = "stage"
    RETENTION = "retention"


class DueState(StrEnum):
    """Where the money of a due stands."""

    AWAITING = "awaiting"
    UNDERPAID = "underpaid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"


class Due(Base):
    """An amount that a buyer transfers by a day, with a reference of its own.

    An invoice has one for each stage of its payment and one for what is kept back; a deposit has
    one of the contract. `ref` is the natural key, such as "invoice:17:1". `received_minor` is what
    bank lines brought while it was wanted, `returned_minor` what of it goes or went back.
    """

    __tablename__ = "dues"
    __table_args__ = (
        one_of("kind", DueKind),
        one_of("state", DueState),
        CheckConstraint(
            "amount_minor > 0 and received_minor >= 0 and "
            "returned_minor between 0 and received_minor",
            "amounts_sane",
        ),
        CheckConstraint("(kind = 'deposit') = (invoice_id is null)", "invoice_or_deposit"),
        CheckConstraint(
            "state not in ('paid', 'overpaid') or received_minor >= amount_minor", "paid_is_paid"
        ),
        Index("ix_dues_contract_id", "contract_id", "id"),
        Index("ix_dues_state", "state", "due_on"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    received_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(10), default=DueState.AWAITING)
    due_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]

    amount = Amount()
    received = Amount()
