"""What buyers ask sellers to quote for, the sealed quotes, and who is chosen."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, CommuneCode, Currency, PrimaryKey, ProvinceCode, one_of


class RequestState(StrEnum):
    """How far a request has come. That it is closed follows from `closes_at` alone."""

    DRAFT = "draft"
    OPEN = "open"
    OPENED = "opened"
    AWARDED = "awarded"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Request(Base):
    """A request for quotation: what a buyer needs, per month, at a place, until when to answer.

    `revision` counts what was changed after publishing. The target price is for the buyer's side
    alone. Quotes stay sealed until `opened_at`, which is never before `closes_at`. `end_reason`
    says why it was cancelled, or ended without an award.
    """

    __tablename__ = "requests"
    __table_args__ = (
        one_of("state", RequestState),
        CheckConstraint("tolerance_bps between 0 and 5000", "tolerance_sane"),
        CheckConstraint("target_minor > 0", "target_positive"),
        CheckConstraint("revision >= 1", "revision_counts"),
        CheckConstraint("opened_at is null or opened_at >= closes_at", "opened_after_closing"),
        CheckConstraint("(state = 'draft') = (published_at is null)", "published_has_a_moment"),
        CheckConstraint(
            "state not in ('opened', 'awarded') or opened_at is not null", "opened_has_a_moment"
        ),
        Index("ix_requests_desk", "organisation_id", "state", "id"),
        Index("ix_requests_open", "closes_at", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str] = mapped_column(String(160))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    grade: Mapped[str] = mapped_column(String(40), default="")
    specification: Mapped[str] = mapped_column(Text, default="")
    packing: Mapped[str] = mapped_column(String(200), default="")
    province_code: Mapped[ProvinceCode]
    commune_code: Mapped[CommuneCode | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    tolerance_bps: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[Currency]
    target_minor: Mapped[int | None] = mapped_column(BigInteger)
    wants_samples: Mapped[bool] = mapped_column(default=False)
    is_open_to_all: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(12), default=RequestState.DRAFT)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    closes_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    end_reason: Mapped[str] = mapped_column(String(500), default="")


class RequestPeriod(Base):
    """How much a buyer needs in a month, grams."""

    __tablename__ = "request_periods"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", "month_by_its_first_day"),
        CheckConstraint("quantity_g > 0", "asks_for_something"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    quantity_g: Mapped[int] = mapped_column(BigInteger)


class LimitOperator(StrEnum):
    """How a measured value stands to a limit."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class RequestLimit(Base):
    """A limit of quality: moisture at most 12.5 %, beans of screen 18 at least 90 %."""

    __tablename__ = "request_limits"
    __table_args__ = (
        one_of("operator", LimitOperator),
        UniqueConstraint("request_id", "position"),
    )

    id: Mapped[PrimaryKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(80))
    operator: Mapped[str] = mapped_column(String(10))
    value: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    unit: Mapped[str] = mapped_column(String(20), default="")


class RequestScheme(Base):
    """A certificate that the goods must carry when they are harvested."""

    __tablename__ = "request_schemes"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    scheme_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class RequestFile(Base):
    """A file that belongs to a request: a drawing of the pack, a standard of the firm."""

    __tablename__ = "request_files"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"), primary_key=True)


class RequestInvitation(Base):
    """That a seller was asked to quote, and why it was found to match: facts of that day."""

    __tablename__ = "request_invitations"
    __table_args__ = (Index("ix_request_invitations_seller", "organisation_id", "request_id"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    why: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    invited_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(String(500), default="")


class RequestQuestion(Base):
    """A question about a request. The answer is for everybody who may quote; who asked is not."""

    __tablename__ = "request_questions"
    __table_args__ = (
        CheckConstraint("(answer = '') = (answered_at is null)", "answered_has_a_moment"),
        Index("ix_request_questions_request_id", "request_id", "id"),
    )

    id: Mapped[PrimaryKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    text: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class RequestChange(Base):
    """What was changed in a published request, before and after. Rows are only ever added."""

    __tablename__ = "request_changes"
    __table_args__ = (UniqueConstraint("request_id", "revision"),)

    id: Mapped[PrimaryKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    revision: Mapped[int] = mapped_column(Integer)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class QuoteState(StrEnum):
    """How far a quote has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    WON = "won"
    LOST = "lost"


class Quote(Base):
    """What a seller answers to a request; a union may answer for several of its cooperatives.

    The offer stands sealed in its revisions until the opening; `draft` holds, sealed too, what is
    being written and has not been sent. `asked_at` is when the buyer last asked for a better offer
    after the opening, `asked_text` in which words.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        one_of("state", QuoteState),
        CheckConstraint("revision >= 0", "revision_counts"),
        Index(
            "uq_quotes_of_seller",
            "request_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_quotes_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    is_joint: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default=QuoteState.DRAFT)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    draft: Mapped[str] = mapped_column(Text, default="", server_default="")
    asked_at: Mapped[datetime | None]
    asked_text: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class QuoteRevision(Base):
    """An offer as it was sent, sealed: prices, volumes, deviations. Rows are only ever added."""

    __tablename__ = "quote_revisions"
    __table_args__ = (UniqueConstraint("quote_id", "revision"),)

    id: Mapped[PrimaryKey]
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    revision: Mapped[int] = mapped_column(Integer)
    request_revision: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class OpenedOffer(Base):
    """What a sealed revision says, written down at the opening. Rows are only ever added."""

    __tablename__ = "opened_offers"

    revision_id: Mapped[int] = mapped_column(ForeignKey("quote_revisions.id"), primary_key=True)
    offer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    opened_at: Mapped[datetime]


class RequestOpening(Base):
    """Who opened the quotes of a request, all together. Rows are only ever added."""

    __tablename__ = "request_openings"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    quote_count: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ShareState(StrEnum):
    """What a cooperative says to its share of a joint quote."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


class QuoteShare(Base):
    """What a cooperative would deliver of a joint quote in a month, grams."""

    __tablename__ = "quote_shares"
    __table_args__ = (
        one_of("state", ShareState),
        CheckConstraint("quantity_g > 0", "shares_something"),
        CheckConstraint("extract(day from month) = 1", "month_by_its_first_day"),
        Index("ix_quote_shares_organisation_id", "organisation_id", "quote_id"),
    )

    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity_g: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default=ShareState.PROPOSED)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Award(Base):
    """The decision about a request: one, for ever. Rows are only ever added."""

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("total_g > 0", "awards_something"),
        CheckConstraint("reason <> ''", "reason_given"),
    )

    id: Mapped[PrimaryKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    total_g: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class AwardPart(Base):
    """What a seller is to deliver in a month, with the offer and the papers of that day.

    The parts of an award add up to its `total_g`; the database checks that at the end of the
    transaction. Rows are only ever added.
    """

    __tablename__ = "award_parts"
    __table_args__ = (
        UniqueConstraint("award_id", "quote_id", "organisation_id", "month"),
        CheckConstraint("quantity_g > 0", "awards_something"),
        CheckConstraint("extract(day from month) = 1", "month_by_its_first_day"),
        Index("ix_award_parts_organisation_id", "organisation_id"),
    )

    id: Mapped[PrimaryKey]
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    month: Mapped[date] = mapped_column(Date)
    quantity_g: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
