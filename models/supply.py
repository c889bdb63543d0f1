"""What sellers expect to have, month by month, and what of it is spoken for."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class Supply(Base):
    """What a seller expects of a product in a month, in grams: the forward supply book.

    `held_g` waits for the answer to quotes, `contracted_g` is promised; both are kept in step with
    `SupplyHold` in the transaction that changes one. What is left is free, and never below nothing.
    """

    __tablename__ = "supplies"
    __table_args__ = (
        UniqueConstraint("product_id", "grade", "month"),
        CheckConstraint("extract(day from month) = 1", "month_by_its_first_day"),
        CheckConstraint("forecast_g >= 0", "forecast_not_negative"),
        CheckConstraint("held_g >= 0 and contracted_g >= 0", "spoken_for_not_negative"),
        CheckConstraint("held_g + contracted_g <= forecast_g", "free_not_negative"),
        Index("ix_supplies_book", "organisation_id", "month"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    grade: Mapped[str] = mapped_column(String(40), default="", server_default="")
    month: Mapped[date] = mapped_column(Date)
    forecast_g: Mapped[int] = mapped_column(BigInteger)
    held_g: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    contracted_g: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    updated_at: Mapped[datetime]

    @property
    def free_g(self) -> int:
        """What nobody has spoken for, grams."""
        return self.forecast_g - self.held_g - self.contracted_g


class SupplyChange(Base):
    """That a forecast was written or changed, and why. Rows are only ever added."""

    __tablename__ = "supply_changes"
    __table_args__ = (
        CheckConstraint("before_g >= 0 and after_g >= 0", "weights_not_negative"),
        Index("ix_supply_changes_supply_id", "supply_id", "id"),
    )

    id: Mapped[PrimaryKey]
    supply_id: Mapped[int] = mapped_column(ForeignKey("supplies.id"))
    before_g: Mapped[int] = mapped_column(BigInteger)
    after_g: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class HoldPurpose(StrEnum):
    """What a part of a month's supply is kept for."""

    QUOTE = "quote"
    CONTRACT = "contract"


class SupplyHold(Base):
    """A part of a month's supply that is kept for a quote or a contract, until `ended_at`.

    `reference` is the number of the quote or contract. A quote that wins ends its hold and begins
    one of the contract in the same transaction.
    """

    __tablename__ = "supply_holds"
    __table_args__ = (
        one_of("purpose", HoldPurpose),
        CheckConstraint("grams > 0", "holds_something"),
        Index(
            "uq_supply_holds_open",
            "supply_id",
            "purpose",
            "reference",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_supply_holds_reference", "reference"),
    )

    id: Mapped[PrimaryKey]
    supply_id: Mapped[int] = mapped_column(ForeignKey("supplies.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(20))
    grams: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SavedSearch(Base):
    """A search for supply that a buyer keeps and, if they like, is told about when it changes.

    `query` is the part of the address after the question mark, in its canonical order. `found` is
    what each seller had free, in grams by its id, when the buyer saved it or was last told; None
    until somebody has looked.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (
        UniqueConstraint("organisation_id", "query"),
        CheckConstraint("found_count >= 0", "found_count_not_negative"),
        Index("ix_saved_searches_watched", "id", postgresql_where=text("is_watched")),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    is_watched: Mapped[bool] = mapped_column(default=True)
    found: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    found_count: Mapped[int] = mapped_column(Integer, default=0)
    looked_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
