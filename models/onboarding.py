"""Applications to join the market, and the checklist that the alliance goes through with them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts import OrganisationKind
from models.base import Base, Code, CommuneCode, Name, PrimaryKey, ProvinceCode, one_of


class Topic(StrEnum):
    """What a requirement is about."""

    TERMS = "terms"
    IDENTITY = "identity"
    PAPERS = "papers"
    BANK_ACCOUNT = "bank_account"
    PRODUCTS = "products"
    OTHER = "other"


class ApplicationState(StrEnum):
    """How far an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """How far one requirement of an application is."""

    OPEN = "open"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"


class Requirement(Base):
    """What the alliance wants of those who join; None in kind, province, category means any.

    Its words are never changed once an application has it: a new row takes its place, and
    `replaces_id` says of which.
    """

    __tablename__ = "requirements"
    __table_args__ = (
        one_of("topic", Topic),
        one_of("kind", OrganisationKind),
        CheckConstraint("ended_at is null or not is_active", "ended_is_not_active"),
        Index(
            "ix_requirements_active",
            "position",
            postgresql_where=text("is_active"),
        ),
    )

    id: Mapped[PrimaryKey]
    topic: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(20))
    province_code: Mapped[ProvinceCode | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    title_vi: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    help_vi: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    needs_file: Mapped[bool]
    needs_text: Mapped[bool]
    needs_two: Mapped[bool]
    position: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"))

    @property
    def wants_word(self) -> bool:
        """Whether a tick is all that is asked: neither a file nor a text."""
        return not self.needs_file and not self.needs_text


class Application(Base):
    """An organisation that wants to join, as somebody describes it step by step.

    `waiting_since` is when it last came to the alliance, while it is there; `step` the furthest
    step of the form that was saved.
    """

    __tablename__ = "applications"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("state", ApplicationState),
        CheckConstraint("email = lower(email)", "email_lower_case"),
        CheckConstraint("step between 1 and 5", "step_known"),
        CheckConstraint("charter_capital_minor >= 0", "charter_capital_not_negative"),
        CheckConstraint("member_count >= 0", "member_count_not_negative"),
        CheckConstraint(
            "(state = 'approved') = (organisation_id is not null)", "approved_has_organisation"
        ),
        Index(
            "ix_applications_waiting",
            "waiting_since",
            "id",
            postgresql_where=text("waiting_since is not null"),
        ),
        Index("ix_applications_state", "state", "id"),
        Index("ix_applications_tax_code", "tax_code"),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254))
    contact_name: Mapped[Name]
    phone: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(2))
    resume_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160), default="")
    tax_code: Mapped[str | None] = mapped_column(String(14))
    registration_number: Mapped[str | None] = mapped_column(String(30))
    legal_representative: Mapped[str | None] = mapped_column(String(160))
    founded_on: Mapped[date | None]
    charter_capital_minor: Mapped[int | None] = mapped_column(BigInteger)
    member_count: Mapped[int | None] = mapped_column(Integer)
    province_code: Mapped[ProvinceCode | None]
    commune_code: Mapped[CommuneCode | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    story_vi: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20), default=ApplicationState.DRAFT)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), unique=True)


class ApplicationCategory(Base):
    """A group of goods that an applicant mainly sells."""

    __tablename__ = "application_categories"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True)


class ApplicationItem(Base):
    """One requirement of an application: what the applicant gave, what the alliance said.

    `reviewed_…` is the officer who looked last; `second_…` the other one where two are asked for.
    """

    __tablename__ = "application_items"
    __table_args__ = (
        one_of("state", ItemState),
        UniqueConstraint("application_id", "requirement_id"),
        CheckConstraint("(state = 'waived') = (waived_until is not null)", "waived_has_an_end"),
        CheckConstraint(
            "second_by_id is null or second_by_id <> reviewed_by_id", "two_different_officers"
        ),
        Index(
            "ix_application_items_waived",
            "waived_until",
            postgresql_where=text("state = 'waived'"),
        ),
    )

    id: Mapped[PrimaryKey]
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=ItemState.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    waived_until: Mapped[date | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_by_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    reviewed_at: Mapped[datetime | None]
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    second_by_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    second_at: Mapped[datetime | None]
