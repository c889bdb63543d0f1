"""What the platform itself keeps: the audit trail, changes of state, heartbeats."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey


class AuditEvent(Base):
    """Who did what to which row. Rows are only ever added.

    Whoever acted on behalf of another organisation is there with their own, and names the other.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        Index(
            "ix_audit_events_on_behalf",
            "on_behalf_of_id",
            "at",
            postgresql_where=text("on_behalf_of_id is not null"),
        ),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_user_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(64))


class StateChange(Base):
    """One step of a thing from one state to the next. Rows are only ever added."""

    __tablename__ = "state_changes"
    __table_args__ = (
        Index("ix_state_changes_subject", "subject_kind", "subject_id", "id"),
        Index(
            "ix_state_changes_on_behalf",
            "on_behalf_of_id",
            "at",
            postgresql_where=text("on_behalf_of_id is not null"),
        ),
    )

    id: Mapped[PrimaryKey]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    from_state: Mapped[str | None] = mapped_column(String(30))
    to_state: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    actor_user_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)


class Heartbeat(Base):
    """When a long-running process last said that it lives."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    beaten_at: Mapped[datetime]


class DataLoad(Base):
    """A set of data that was loaded once, such as the demonstration, so that it is not twice."""

    __tablename__ = "data_loads"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    loaded_at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
