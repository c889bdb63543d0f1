"""Lots: where goods came from, and what happened to them."""

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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Organisation
from models.base import Base, Code, CommuneCode, PrimaryKey, ProvinceCode, one_of
from models.catalogue import Product
from models.certification import Certificate
from models.media import MediaFile


class EventKind(StrEnum):
    """What can happen to a lot before it is sold."""

    PLANTED = "planted"
    HARVESTED = "harvested"
    DRIED = "dried"
    PROCESSED = "processed"
    GRADED = "graded"
    PACKED = "packed"
    TESTED = "tested"


class Lot(Base):
    """A quantity of one product with one origin: the thread from a plot to a buyer's table."""

    __tablename__ = "lots"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9-]{1,20}$'", "code_is_plain"),
        CheckConstraint("quantity_g > 0", "quantity_positive"),
        CheckConstraint(
            "best_before_on is null or best_before_on >= harvested_on", "keeps_after_harvest"
        ),
        CheckConstraint("packed_on is null or packed_on >= harvested_on", "packed_after_harvest"),
        Index("ix_lots_product_id_best_before_on", "product_id", "best_before_on"),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    harvested_on: Mapped[date] = mapped_column(Date)
    packed_on: Mapped[date | None] = mapped_column(Date)
    best_before_on: Mapped[date | None] = mapped_column(Date)
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    plot_id: Mapped[int | None] = mapped_column(ForeignKey("plots.id"), index=True)
    plot_name: Mapped[str] = mapped_column(String(120), default="")
    growing_area_code: Mapped[str] = mapped_column(String(40), default="")
    quantity_g: Mapped[int] = mapped_column(BigInteger)
    note_vi: Mapped[str] = mapped_column(String(300), default="")
    note_en: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    events: Mapped[list["LotEvent"]] = relationship(
        lazy="raise_on_sql", order_by="LotEvent.happened_on, LotEvent.id"
    )
    photos: Mapped[list["LotPhoto"]] = relationship(
        lazy="raise_on_sql", order_by="LotPhoto.position, LotPhoto.id"
    )
    certificates: Mapped[list[Certificate]] = relationship(
        lazy="raise_on_sql", secondary="lot_certificates"
    )


class LotEvent(Base):
    """Something that happened to a lot on a day. Rows are only ever added."""

    __tablename__ = "lot_events"
    __table_args__ = (one_of("kind", EventKind),)

    id: Mapped[PrimaryKey]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date] = mapped_column(Date)
    title_vi: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    detail_vi: Mapped[str] = mapped_column(String(300), default="")
    detail_en: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class LotPhoto(Base):
    """A picture of a lot."""

    __tablename__ = "lot_photos"

    id: Mapped[PrimaryKey]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"))
    position: Mapped[int] = mapped_column(Integer, default=0)

    file: Mapped[MediaFile] = relationship(lazy="raise_on_sql")


class LotCertificate(Base):
    """That a certificate was in force for a lot on its harvest day; decided once, kept for ever."""

    __tablename__ = "lot_certificates"

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
