"""What an organisation says against a decision of the alliance, and what it is answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class AppealState(StrEnum):
    """How an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DENIED = "denied"


class Appeal(Base):
    """A request to look at a decision again; there is one for each decision at most.

    `state_change_id` is the decision. `reply` is empty until the alliance has answered.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        one_of("state", AppealState),
        CheckConstraint("(state = 'open') = (decided_at is null)", "decided_with_its_moment"),
        CheckConstraint(
            "(decided_at is null) = (decided_by_organisation_id is null)", "decided_by_somebody"
        ),
        Index("ix_appeals_open", "created_at", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    state_change_id: Mapped[int] = mapped_column(ForeignKey("state_changes.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    state: Mapped[str] = mapped_column(String(20), default=AppealState.OPEN)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reply: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
