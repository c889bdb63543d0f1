"""People, organisations, who belongs where, and who is signed in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from models.base import Base, Code, CommuneCode, Name, PrimaryKey, ProvinceCode, Slug, one_of


class OrganisationKind(StrEnum):
    """What an organisation is. Law 17/2023/QH15 knows the first three."""

    COOPERATIVE = "cooperative"
    UNION = "union"
    GROUP = "group"
    ENTERPRISE = "enterprise"
    ALLIANCE = "alliance"
    OPERATOR = "operator"


SELLER_KINDS = frozenset(
    {OrganisationKind.COOPERATIVE, OrganisationKind.UNION, OrganisationKind.GROUP}
)


class VerificationState(StrEnum):
    """How far the alliance has checked an organisation."""

    PENDING = "pending"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Role(StrEnum):
    """What a person does in an organisation."""

    DIRECTOR = "director"
    SALES = "sales"
    WAREHOUSE = "warehouse"
    ACCOUNTANT = "accountant"
    BUYER = "buyer"
    OFFICER = "officer"
    OPERATOR = "operator"


class Organisation(Base):
    """A cooperative, a union, a group, an enterprise, an alliance or the operator of the market."""

    __tablename__ = "organisations"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("verification", VerificationState),
        CheckConstraint("commission_bps between 0 and 10000", "commission_is_a_share"),
        CheckConstraint("charter_capital_minor >= 0", "charter_capital_not_negative"),
        CheckConstraint(
            "covers_province_code is null or kind = 'alliance'", "only_alliances_cover"
        ),
        Index("ix_organisations_kind_sort_key", "kind", "sort_key"),
        Index("ix_organisations_waiting_first", "waiting_since", "sort_key", "id"),
        Index(
            "ix_organisations_name_parts",
            "slug",
            "name",
            postgresql_using="gin",
            postgresql_ops={"slug": "gin_trgm_ops", "name": "gin_trgm_ops"},
        ),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(160))
    short_name: Mapped[str] = mapped_column(String(80))
    sort_key: Mapped[str] = mapped_column(String(500, collation="C"))
    tax_code: Mapped[str | None] = mapped_column(String(14), unique=True)
    registration_number: Mapped[str | None] = mapped_column(String(30))
    legal_representative: Mapped[str | None] = mapped_column(String(160))
    charter_capital_minor: Mapped[int | None] = mapped_column(BigInteger)
    province_code: Mapped[ProvinceCode] = mapped_column(index=True)
    # Of an alliance; None: the whole country. One alliance decides about a province.
    covers_province_code: Mapped[ProvinceCode | None] = mapped_column(unique=True)
    commune_code: Mapped[CommuneCode | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    founded_on: Mapped[date | None]
    member_count: Mapped[int | None] = mapped_column(Integer)
    tagline_vi: Mapped[str] = mapped_column(String(200), default="")
    tagline_en: Mapped[str] = mapped_column(String(200), default="")
    story_vi: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    brand: Mapped[str] = mapped_column(String(80), default="", server_default="")
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id", use_alter=True))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id", use_alter=True))
    verification: Mapped[str] = mapped_column(String(20), default=VerificationState.PENDING)
    state: Mapped[str] = synonym("verification")  # what `change_state` moves
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    commission_bps: Mapped[int] = mapped_column(Integer, default=500)
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None] = mapped_column(
        Computed("case when verification = 'pending' then created_at end", persisted=True),
        deferred=True,  # only to put a register in order; the database keeps it
    )

    delivery: Mapped["DeliverySettings | None"] = relationship(
        lazy="raise_on_sql", back_populates="organisation", uselist=False
    )

    @property
    def organisation_id(self) -> int:
        """Its own: rules about what belongs to an organisation fit the organisation itself."""
        return self.id

    @property
    def is_seller(self) -> bool:
        """Whether this kind of organisation may sell on the market."""
        return self.kind in SELLER_KINDS

    @property
    def is_verified(self) -> bool:
        """Whether the alliance has checked it and has not suspended it."""
        return self.verification == VerificationState.VERIFIED


class DeliverySettings(Base):
    """What a seller asks for delivery: a flat fee to its own region, one to the others, pickup.

    Fees are whole đồng for each seller order, whatever its weight.
    """

    __tablename__ = "delivery_settings"
    __table_args__ = (
        CheckConstraint("own_region_fee_minor >= 0", "own_region_fee_not_negative"),
        CheckConstraint("other_region_fee_minor >= 0", "other_region_fee_not_negative"),
        CheckConstraint("free_from_minor is null or free_from_minor > 0", "free_from_positive"),
        CheckConstraint("own_region_days between 0 and 30", "own_region_days_sane"),
        CheckConstraint("other_region_days between 0 and 30", "other_region_days_sane"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    own_region_fee_minor: Mapped[int] = mapped_column(BigInteger, default=25_000)
    other_region_fee_minor: Mapped[int] = mapped_column(BigInteger, default=40_000)
    free_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    own_region_days: Mapped[int] = mapped_column(Integer, default=2)
    other_region_days: Mapped[int] = mapped_column(Integer, default=4)
    offers_pickup: Mapped[bool] = mapped_column(Boolean, default=True)
    pickup_note: Mapped[str] = mapped_column(String(200), default="")
    accepts_cash: Mapped[bool] = mapped_column(Boolean, default=True)
    currency: Mapped[str] = mapped_column(String(3), default="VND")

    organisation: Mapped[Organisation] = relationship(
        lazy="raise_on_sql", back_populates="delivery"
    )


class User(Base):
    """A person who can sign in."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", "email_lower_case"),)

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    full_name: Mapped[Name]
    phone: Mapped[str | None] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="vi")
    email_confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """A person's role in an organisation, from `created_at` until `ended_at`."""

    __tablename__ = "memberships"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "uq_memberships_active",
            "user_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class UserSession(Base):
    """One signed-in browser. The cookie holds the token; only its SHA-256 is kept here.

    `fresh_at` is when the person last proved who they are; `second_factor_at` when this browser
    gave a code. Without it a session of somebody with a second factor counts as none.
    """

    __tablename__ = "user_sessions"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ip_address: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    fresh_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class TokenPurpose(StrEnum):
    """What a mailed link is for."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"


class OneTimeToken(Base):
    """A link sent by e-mail, good for one use before `expires_at`."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (one_of("purpose", TokenPurpose),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A place in an organisation that is offered to an address until `expires_at`.

    An address has one open offer of an organisation at most; inviting again renews it.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("email = lower(email)", "email_lower_case"),
        CheckConstraint("accepted_at is null or withdrawn_at is null", "ended_once"),
        Index(
            "uq_invitations_open",
            "organisation_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at is null and withdrawn_at is null"),
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class TotpFactor(Base):
    """What a person's telephone makes codes with (RFC 6238); it counts once it is confirmed.

    `secret` is sealed; `last_step` is the latest step of 30 seconds whose code was used.
    """

    __tablename__ = "totp_factors"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    secret: Mapped[str] = mapped_column(String(250))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code on paper that stands in once for a lost telephone; only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ThrottleCounter(Base):
    """How often a key was used in a window of time; unlogged, for it may be lost in a crash."""

    __tablename__ = "throttle_counters"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
