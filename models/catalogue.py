"""What cooperatives offer for sale."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Organisation
from models.base import (
    Amount,
    Base,
    CommuneCode,
    Currency,
    Name,
    PrimaryKey,
    ProvinceCode,
    Slug,
    one_of,
)
from models.certification import Certificate
from models.media import MediaFile


class Category(Base):
    """A place in the tree of goods; two levels."""

    __tablename__ = "categories"

    id: Mapped[PrimaryKey]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    name_vi: Mapped[Name]
    name_en: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)


class ProductState(StrEnum):
    """Whether buyers see a product."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Product(Base):
    """One thing that one cooperative sells, in one or more packs."""

    __tablename__ = "products"
    __table_args__ = (
        one_of("state", ProductState),
        CheckConstraint("season ~ '^[0-3]{12}$'", "season_has_twelve_months"),
        CheckConstraint(
            "state <> 'published' or published_at is not null", "published_has_a_moment"
        ),
        Index("ix_products_listing", "state", "category_id", "province_code"),
        Index("ix_products_organisation_id_state", "organisation_id", "state"),
        Index(
            "ix_products_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    name_vi: Mapped[Name]
    name_en: Mapped[str] = mapped_column(String(160), default="")
    summary_vi: Mapped[str] = mapped_column(String(300), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    story_vi: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    storage_vi: Mapped[str] = mapped_column(String(300), default="")
    storage_en: Mapped[str] = mapped_column(String(300), default="")
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    season: Mapped[str] = mapped_column(String(12), default="000000000000")
    search_text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=ProductState.DRAFT)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Kept by the catalogue whenever packs or photos change, so that a listing reads one row.
    from_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    from_pack_id: Mapped[int | None] = mapped_column(BigInteger)
    per_kg_minor: Mapped[int | None] = mapped_column(BigInteger)
    cover_sha256: Mapped[str | None] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    category: Mapped[Category] = relationship(lazy="raise_on_sql")
    packs: Mapped[list["Pack"]] = relationship(
        lazy="raise_on_sql", back_populates="product", order_by="Pack.position, Pack.id"
    )
    photos: Mapped[list["ProductPhoto"]] = relationship(
        lazy="raise_on_sql",
        order_by="ProductPhoto.position, ProductPhoto.id",
        cascade="all, delete-orphan",
    )
    certificates: Mapped[list[Certificate]] = relationship(
        lazy="raise_on_sql", secondary="product_certificates"
    )

    @property
    def is_published(self) -> bool:
        """Whether buyers can see it."""
        return self.state == ProductState.PUBLISHED


class Pack(Base):
    """A size in which a product is sold, with its price; a net weight in grams is always known."""

    __tablename__ = "packs"
    __table_args__ = (
        CheckConstraint("price_minor > 0", "price_positive"),
        CheckConstraint("net_weight_g > 0", "weight_positive"),
        Index(
            "uq_packs_code",
            "product_id",
            "name_vi",
            unique=True,
            postgresql_where=text("is_active"),
        ),
    )

    id: Mapped[PrimaryKey]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    net_weight_g: Mapped[int] = mapped_column(Integer)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    gtin: Mapped[str | None] = mapped_column(String(14), unique=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)

    price = Amount()
    product: Mapped[Product] = relationship(lazy="raise_on_sql", back_populates="packs")


class PackPrice(Base):
    """A price that a pack had from `at` on. Rows are only ever added."""

    __tablename__ = "pack_prices"
    __table_args__ = (CheckConstraint("price_minor > 0", "price_positive"),)

    id: Mapped[PrimaryKey]
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id"), index=True)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    price = Amount()


class ProductPhoto(Base):
    """A picture of a product; the first is its cover."""

    __tablename__ = "product_photos"

    id: Mapped[PrimaryKey]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"))
    alt_vi: Mapped[str] = mapped_column(String(160), default="")
    alt_en: Mapped[str] = mapped_column(String(160), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)

    file: Mapped[MediaFile] = relationship(lazy="raise_on_sql")


class ProductCertificate(Base):
    """That a certificate covers a product."""

    __tablename__ = "product_certificates"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates.id"), primary_key=True, index=True
    )
