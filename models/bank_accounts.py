"""Where an organisation wants its money, and who has read the number of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class BankAccount(Base):
    """A bank account of an organisation; one of the operator's collects the buyers' transfers.

    The number is sealed; `number_index` is a keyed hash of bank and number, by which it is found,
    and `last_four` is what people see of it. Another number is another row: payments and payouts
    keep the account of their day.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        CheckConstraint("bank_bin ~ '^[0-9]{6}$'", "bin_has_six_digits"),
        CheckConstraint(
            "closed_at is null or not (is_main or is_collecting)", "closed_takes_no_money"
        ),
        Index(
            "uq_bank_accounts_open_number",
            "number_index",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
        Index(
            "uq_bank_accounts_main",
            "organisation_id",
            unique=True,
            postgresql_where=text("is_main"),
        ),
        Index(
            "uq_bank_accounts_collecting",
            "is_collecting",
            unique=True,
            postgresql_where=text("is_collecting"),
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    bank_bin: Mapped[str] = mapped_column(String(6))
    bank_name: Mapped[str] = mapped_column(String(80))
    sealed_number: Mapped[str] = mapped_column(String(250))
    number_index: Mapped[str] = mapped_column(String(64))
    last_four: Mapped[str] = mapped_column(String(4))
    holder_name: Mapped[str] = mapped_column(String(80))
    is_main: Mapped[bool] = mapped_column(Boolean, default=False)
    is_collecting: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]


class ReadingReason(StrEnum):
    """Why somebody saw the number of an account."""

    DECLARED = "declared"
    SHOWN = "shown"
    PAYOUT = "payout"


class BankAccountReading(Base):
    """That somebody has seen the whole number of an account. Rows are only ever added."""

    __tablename__ = "bank_account_readings"
    __table_args__ = (one_of("reason", ReadingReason),)

    id: Mapped[PrimaryKey]
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reader_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    reason: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
