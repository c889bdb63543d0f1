"""What sellers say beside promises that they did not keep."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
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
