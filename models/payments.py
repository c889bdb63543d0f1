"""What buyers owe and paid: transfers, cash, refunds, and the bank's own lines."""

from datetime import date, datetime
from enum import StrEnum

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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Organisation
from models.bank_accounts import BankAccount
from models.base import Amount, Base, Currency, PrimaryKey, one_of
from models.orders import Order, PaymentMethod, SellerOrder


class PaymentState(StrEnum):
    """Where the money of an order stands; always what its facts say."""

    AWAITING = "awaiting"
    UNDERPAID = "underpaid"
    PAID = "paid"
    OVERPAID = "overpaid"
    LATE = "late"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    CASH_EXPECTED = "cash_expected"
    CASH_COLLECTED = "cash_collected"
    REMITTED = "remitted"


class Payment(Base):
    """The money that one order asks for. `reference` is what the buyer writes on the transfer."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("state", PaymentState),
        one_of("method", PaymentMethod),
        CheckConstraint("amount_minor > 0", "amount_positive"),
        CheckConstraint("received_minor >= 0 and refunded_minor >= 0", "facts_not_negative"),
        CheckConstraint("refunded_minor <= received_minor", "refunded_within_received"),
        CheckConstraint(
            "method <> 'bank_transfer' or reference is not null", "transfer_has_reference"
        ),
        Index("ix_payments_state", "state", "created_at"),
    )

    id: Mapped[PrimaryKey]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    method: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    received_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_accounts.id"))

    amount = Amount()
    received = Amount()
    refunded = Amount()
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    bank_account: Mapped[BankAccount | None] = relationship(lazy="raise_on_sql")


class BankStatement(Base):
    """One imported statement file."""

    __tablename__ = "bank_statements"

    id: Mapped[PrimaryKey]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    line_count: Mapped[int] = mapped_column(Integer)
    new_count: Mapped[int] = mapped_column(Integer)
    imported_at: Mapped[datetime] = mapped_column(index=True)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class BankLineOutcome(StrEnum):
    """What a credited line turned out to be."""

    PENDING = "pending"
    EXACT = "exact"
    UNDER = "under"
    OVER = "over"
    DUPLICATE = "duplicate"
    LATE = "late"
    UNKNOWN = "unknown"
    DEBIT = "debit"


class BankLine(Base):
    """One line of the bank's own account of our money; its fingerprint lets it in once."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        one_of("outcome", BankLineOutcome),
        UniqueConstraint("bank_account_id", "fingerprint"),
        CheckConstraint("amount_minor <> 0", "amount_not_zero"),
        CheckConstraint("payment_id is null or due_id is null", "paid_one_thing"),
        Index("ix_bank_lines_outcome", "outcome", "booked_at"),
    )

    id: Mapped[PrimaryKey]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statements.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    booked_at: Mapped[datetime]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    description: Mapped[str] = mapped_column(Text)
    # The row of the file, as the bank wrote it.
    raw: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(12), default=BankLineOutcome.PENDING)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    # What falls due under a contract, if the line paid that.
    due_id: Mapped[int | None] = mapped_column(ForeignKey("dues.id"), index=True)
    matched_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]

    amount = Amount()
    payment: Mapped[Payment | None] = relationship(lazy="raise_on_sql")


class CashState(StrEnum):
    """Where the cash of one delivery stands."""

    EXPECTED = "expected"
    COLLECTED = "collected"
    REMITTED = "remitted"
    CANCELLED = "cancelled"


class CashCollection(Base):
    """The cash that one seller order brings in: expected, collected at the door, remitted."""

    __tablename__ = "cash_collections"
    __table_args__ = (
        one_of("state", CashState),
        CheckConstraint("expected_minor > 0", "expected_positive"),
        Index("ix_cash_collections_state", "state", "created_at"),
    )

    id: Mapped[PrimaryKey]
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_orders.id"), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    currency: Mapped[Currency]
    expected_minor: Mapped[int] = mapped_column(BigInteger)
    collected_minor: Mapped[int | None] = mapped_column(BigInteger)
    remitted_minor: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=CashState.EXPECTED)
    difference_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    collected_at: Mapped[datetime | None]
    remitted_at: Mapped[datetime | None]

    expected = Amount()
    seller_order: Mapped[SellerOrder] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class RefundState(StrEnum):
    """Whether money owed back has been sent."""

    DUE = "due"
    SENT = "sent"


class RefundReason(StrEnum):
    """Why money goes back."""

    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    LATE = "late"
    UNKNOWN = "unknown"


class Refund(Base):
    """Money that goes back to a buyer; due until the operator has sent it by transfer.

    It belongs to a payment, to what fell due under a contract, or to a bank line that nobody could
    tell the order of.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("state", RefundState),
        one_of("reason", RefundReason),
        CheckConstraint("amount_minor > 0", "amount_positive"),
        CheckConstraint("state <> 'sent' or sent_at is not null", "sent_has_moment"),
        CheckConstraint(
            "payment_id is not null or bank_line_id is not null or due_id is not null",
            "has_a_source",
        ),
        Index("ix_refunds_state", "state", "created_at"),
    )

    id: Mapped[PrimaryKey]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_lines.id"), index=True)
    due_id: Mapped[int | None] = mapped_column(ForeignKey("dues.id"), index=True)
    # The natural key of what made it due, such as "bank:17" or "seller-order:8".
    ref: Mapped[str] = mapped_column(String(60), unique=True)
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8), default=RefundState.DUE)
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    amount = Amount()
    payment: Mapped[Payment | None] = relationship(lazy="raise_on_sql")
    bank_line: Mapped[BankLine | None] = relationship(lazy="raise_on_sql")


class Payout(Base):
    """Money sent to a seller for what it delivered. Rows are only ever added."""

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", "amount_positive"),
        Index(
            "uq_payouts_bank_reference",
            "bank_reference",
            unique=True,
            postgresql_where=text("bank_reference <> ''"),
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    # Made by the form, so that sending it twice pays once.
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    currency: Mapped[Currency]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    paid_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_accounts.id"))

    amount = Amount()
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
