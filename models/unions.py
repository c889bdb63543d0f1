"""Which cooperatives belong to which union, from when to when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class UnionMembershipState(StrEnum):
    """How a cooperative stands with a union."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"


class UnionMembership(Base):
    """A cooperative's membership in a union: proposed by the union, agreed to by the cooperative.

    It holds from `joined_on` until the day before `left_on`.
    """

    __tablename__ = "union_memberships"
    __table_args__ = (
        one_of("state", UnionMembershipState),
        CheckConstraint("union_id <> member_id", "nobody_joins_itself"),
        CheckConstraint(
            "(state in ('active', 'ended')) = (joined_on is not null)", "joined_with_its_day"
        ),
        CheckConstraint("(state = 'ended') = (left_on is not null)", "left_with_its_day"),
        CheckConstraint("left_on >= joined_on", "left_after_joining"),
        Index(
            "uq_union_memberships_open",
            "union_id",
            "member_id",
            unique=True,
            postgresql_where=text("state in ('proposed', 'active')"),
        ),
        ExcludeConstraint(
            (text("int8range(union_id, union_id, '[]')"), "&&"),
            (text("int8range(member_id, member_id, '[]')"), "&&"),
            (text("daterange(joined_on, left_on, '[)')"), "&&"),
            where=text("joined_on is not null"),
            name="ex_union_memberships_periods_apart",
        ),
    )

    id: Mapped[PrimaryKey]
    union_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=UnionMembershipState.PROPOSED)
    proposed_at: Mapped[datetime]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
