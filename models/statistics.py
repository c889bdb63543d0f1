"""What organisations declare of their years."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey

COUNTS = (
    "official_members",
    "associate_members_capital",
    "associate_members_other",
    "labourers",
    "labourers_members",
    "charter_capital_minor",
    "total_assets_minor",
    "revenue_internal_minor",
    "revenue_external_minor",
    "managers",
    "managers_trained",
)


class YearlyStatistic(Base):
    """A year of an organisation in one version; the newest counts. Rows are only ever added.

    Members and labourers are people at the end of the year; amounts are whole đồng. Revenue is
    booked apart: with official members (internal) and with others (Decree 113/2024, Article 20).
    """

    __tablename__ = "yearly_statistics"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "version"),
        CheckConstraint("year between 1950 and 2200", "year_sane"),
        CheckConstraint("version > 0", "version_positive"),
        CheckConstraint("version = 1 or reason <> ''", "corrected_for_a_reason"),
        CheckConstraint("managers_trained <= managers", "trained_are_managers"),
        CheckConstraint("labourers_members <= labourers", "working_members_work"),
        CheckConstraint(
            f"least({', '.join(COUNTS)}, coalesce(mean_income_minor, 0)) >= 0", "not_negative"
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int] = mapped_column(Integer, index=True)
    version: Mapped[int] = mapped_column(Integer)
    official_members: Mapped[int]
    associate_members_capital: Mapped[int]
    associate_members_other: Mapped[int]
    labourers: Mapped[int]
    labourers_members: Mapped[int]
    charter_capital_minor: Mapped[int] = mapped_column(BigInteger)
    total_assets_minor: Mapped[int] = mapped_column(BigInteger)
    revenue_internal_minor: Mapped[int] = mapped_column(BigInteger)
    revenue_external_minor: Mapped[int] = mapped_column(BigInteger)
    profit_minor: Mapped[int] = mapped_column(BigInteger)
    managers: Mapped[int]
    managers_trained: Mapped[int]
    mean_income_minor: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
