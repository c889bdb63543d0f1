"""Stock by lot, counted in grams."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class LotStock(Base):
    """What is left of a lot, in grams: in the store, and of that held for buyers.

    `on_hand_g` always equals the sum of the lot's movements and `held_g` the sum of its live holds.
    """

    __tablename__ = "lot_stocks"
    __table_args__ = (
        CheckConstraint("held_g >= 0 and held_g <= on_hand_g", "held_within_on_hand"),
        Index(
            "ix_lot_stocks_available",
            "product_id",
            "lot_id",
            postgresql_where=text("on_hand_g > held_g"),
        ),
    )

    lot_id: Mapped[int] = mapped_column(
        ForeignKey("lots.id"), primary_key=True, autoincrement=False
    )
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    on_hand_g: Mapped[int] = mapped_column(BigInteger, default=0)
    held_g: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def available_g(self) -> int:
        """Grams that nobody has spoken for."""
        return self.on_hand_g - self.held_g


class MovementKind(StrEnum):
    """Why the quantity in the store changed."""

    RECEIVED = "received"
    SOLD = "sold"
    LOST = "lost"
    CORRECTED = "corrected"
    RETURNED = "returned"


class StockMovement(Base):
    """A change of what lies in the store, in grams. Rows are only ever added.

    `ref` is the natural key of the fact, so that one fact moves stock once.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        one_of("kind", MovementKind),
        CheckConstraint("grams <> 0", "moves_something"),
    )

    id: Mapped[PrimaryKey]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    grams: Mapped[int] = mapped_column(BigInteger)
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class HoldState(StrEnum):
    """What became of a hold."""

    LIVE = "live"
    COMMITTED = "committed"
    RELEASED = "released"


class Hold(Base):
    """Packs of one lot kept for one order line; without `expires_at` until packed or cancelled."""

    __tablename__ = "holds"
    __table_args__ = (
        one_of("state", HoldState),
        CheckConstraint("packs > 0 and grams > 0", "holds_something"),
        Index("ix_holds_expiry", "expires_at", postgresql_where=text("state = 'live'")),
    )

    id: Mapped[PrimaryKey]
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    packs: Mapped[int] = mapped_column(Integer)
    grams: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=HoldState.LIVE)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
