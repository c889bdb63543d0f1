"""What sellers say beside promises that they did not keep, and whom the alliance is to remind."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey


class PromiseReply(Base):
    """A seller's reply beside one part of an order. Rows are only ever added, one for each part."""

    __tablename__ = "promise_replies"
    __table_args__ = (CheckConstraint("char_length(text) between 1 and 500", "text_sane"),)

    id: Mapped[PrimaryKey]
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_orders.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class DeliveryReply(Base):
    """A seller's reply beside a delivery of a contract. Rows are only ever added, one for each."""

    __tablename__ = "delivery_replies"
    __table_args__ = (CheckConstraint("char_length(text) between 1 and 500", "text_sane"),)

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PromiseReminder(Base):
    """A seller beyond a limit of the market's rules, as the last count found it.

    Every count writes all rows anew; nothing is kept here that the orders do not say.
    """

    __tablename__ = "promise_reminders"
    __table_args__ = (
        CheckConstraint(
            "off_kept >= 0 and off_missed >= 0 and late_kept >= 0 and late_missed >= 0 "
            "and replies >= 0",
            "counts_not_negative",
        ),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, autoincrement=False
    )
    off_kept: Mapped[int] = mapped_column(Integer)
    off_missed: Mapped[int] = mapped_column(Integer)
    late_kept: Mapped[int] = mapped_column(Integer)
    late_missed: Mapped[int] = mapped_column(Integer)
    replies: Mapped[int] = mapped_column(Integer)
    counted_at: Mapped[datetime]
