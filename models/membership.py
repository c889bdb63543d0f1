"""The members of an organisation: their households, what they paid in, and the land they farm."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, CommuneCode, Currency, PrimaryKey, ProvinceCode, one_of


class MemberKind(StrEnum):
    """What a member of a cooperative can be (Law 17/2023/QH15)."""

    HOUSEHOLD = "household"
    INDIVIDUAL = "individual"
    LEGAL_ENTITY = "legal_entity"


class Household(Base):
    """A member in the register of an organisation, from `joined_on` until `left_on`.

    Nobody outside sees the name unless the member has agreed (`consented_on`) and is not hidden.
    Whoever has left may have the personal part erased; the code stays, for lots and shares name it.
    """

    __tablename__ = "households"
    __table_args__ = (
        one_of("kind", MemberKind),
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'", "code_is_plain"),
        CheckConstraint("left_on is null or left_on >= joined_on", "left_after_joining"),
        CheckConstraint("is_hidden or consented_on is not null", "shown_with_consent"),
        CheckConstraint("erased_at is null or (left_on is not null and name = '')", "erased_whole"),
        Index("ix_households_register", "organisation_id", "sort_key", "id"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    code: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(20), default=MemberKind.HOUSEHOLD)
    name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str | None] = mapped_column(String(20))
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    hamlet: Mapped[str] = mapped_column(String(120), default="")
    joined_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    is_official: Mapped[bool] = mapped_column(default=True)
    consented_on: Mapped[date | None] = mapped_column(Date)
    consent_note: Mapped[str] = mapped_column(String(300), default="")
    is_hidden: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    search_text: Mapped[str] = mapped_column(String(400), default="")
    sort_key: Mapped[str] = mapped_column(String(500, collation="C"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    erased_at: Mapped[datetime | None]


class ShareContribution(Base):
    """Capital that a member paid in on a day, or got back (less than nothing). Only ever added.

    `key` names the form it came with, so that a form sent twice counts once.
    """

    __tablename__ = "share_contributions"
    __table_args__ = (
        UniqueConstraint("household_id", "key"),
        CheckConstraint("amount_minor <> 0", "moves_something"),
        Index("ix_share_contributions_book", "organisation_id", "on_day", "id"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    on_day: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    note: Mapped[str] = mapped_column(String(200), default="")
    key: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportKind(StrEnum):
    """What a file that is brought in holds."""

    MEMBERS = "members"
    PLOTS = "plots"


class ImportState(StrEnum):
    """How far a file of members or plots has come."""

    READING = "reading"
    FAULTY = "faulty"
    CHECKED = "checked"
    QUEUED = "queued"
    DONE = "done"
    DISCARDED = "discarded"


class RegisterImport(Base):
    """A file of members or of plots, and what became of it.

    A worker reads it line by line, or shape by shape, `read_count` of `row_count`; what it cannot
    read stands in `problems`, and then nothing is written. The bytes are kept only until they are
    read, the rows until they are written into the register, all in one transaction.
    """

    __tablename__ = "register_imports"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("state", ImportState),
        CheckConstraint("read_count between 0 and row_count", "read_within_rows"),
        CheckConstraint("(state = 'reading') = (content is not null)", "bytes_until_read"),
        Index("ix_register_imports_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(10), default=ImportKind.MEMBERS)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(12), default=ImportState.READING)
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    read_count: Mapped[int] = mapped_column(Integer, default=0)
    new_count: Mapped[int] = mapped_column(Integer, default=0)
    changed_count: Mapped[int] = mapped_column(Integer, default=0)
    same_count: Mapped[int] = mapped_column(Integer, default=0)
    unknown_columns: Mapped[list[str]] = mapped_column(JSONB, default=list)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    problem_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class RegisterImportRow(Base):
    """A line of such a file as facts of a member or of a plot; gone when the import is over."""

    __tablename__ = "register_import_rows"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("register_imports.id"), primary_key=True, autoincrement=False
    )
    line: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Plot(Base):
    """A piece of land or water that a member farms, until it is `retired_on`.

    `geometry` is a GeoJSON Point, Polygon or MultiPolygon on WGS 84; `area_m2` is computed from
    its outer rings less their holes, `declared_area_m2` is what the member's papers say.
    """

    __tablename__ = "plots"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'", "code_is_plain"),
        CheckConstraint("area_m2 > 0", "area_positive"),
        CheckConstraint("declared_area_m2 > 0", "declared_area_positive"),
        CheckConstraint(
            "geometry is null or geometry->>'type' in ('Point', 'Polygon', 'MultiPolygon')",
            "shape_known",
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    code: Mapped[Code]
    crop: Mapped[str] = mapped_column(String(80))
    geometry: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    area_m2: Mapped[int | None] = mapped_column(BigInteger)
    declared_area_m2: Mapped[int | None] = mapped_column(BigInteger)
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    retired_on: Mapped[date | None] = mapped_column(Date)


class AreaMarket(StrEnum):
    """Whom a growing-area code is for."""

    DOMESTIC = "domestic"
    EXPORT = "export"


class GrowingArea(Base):
    """A growing-area code: one crop, one market, a capacity a season, for as long as it holds."""

    __tablename__ = "growing_areas"
    __table_args__ = (
        one_of("market", AreaMarket),
        UniqueConstraint("organisation_id", "code", "country"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", "country_is_iso"),
        CheckConstraint("(market = 'domestic') = (country = 'VN')", "domestic_is_vietnam"),
        CheckConstraint("area_m2 > 0", "area_positive"),
        CheckConstraint("capacity_kg > 0", "capacity_positive"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", "ends_after_it_begins"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    code: Mapped[str] = mapped_column(String(40))
    market: Mapped[str] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2), default="VN")
    crop: Mapped[str] = mapped_column(String(80))
    area_m2: Mapped[int | None] = mapped_column(BigInteger)
    capacity_kg: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    issued_by: Mapped[str] = mapped_column(String(160), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class GrowingAreaPlot(Base):
    """That a plot lies in a growing area."""

    __tablename__ = "growing_area_plots"

    growing_area_id: Mapped[int] = mapped_column(
        ForeignKey("growing_areas.id"), primary_key=True, autoincrement=False
    )
    plot_id: Mapped[int] = mapped_column(
        ForeignKey("plots.id"), primary_key=True, autoincrement=False, index=True
    )
