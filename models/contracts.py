"""Contracts between a buyer and a seller: versions, comments, approvals, signatures."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Code, Currency, PrimaryKey, one_of


class ContractOrigin(StrEnum):
    """What a contract came from."""

    AWARD = "award"
    OFFER = "offer"
    RENEWAL = "renewal"


class ContractState(StrEnum):
    """How far a contract has come.

    A draft is its maker's alone; while it is negotiated one side has the turn; agreed means that
    both want the same words, and that approvals and signatures are waited for.
    """

    DRAFT = "draft"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    ACTIVE = "active"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


class ContractSide(StrEnum):
    """One of the two who sign."""

    BUYER = "buyer"
    SELLER = "seller"


class Contract(Base):
    """A contract about one product of one seller for one buyer.

    `version` counts what was written, `signed_version` is the one in force. While `turn` is set,
    version `version` lies with that side: of a new contract or, in an active one, of an amendment.
    What can be looked for is kept in columns and always says what the terms say: of the signed
    version once there is one, else of the last. `led_by_id` is the union that quoted for the
    seller. A signed version never changes.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        one_of("origin", ContractOrigin),
        one_of("state", ContractState),
        one_of("turn", ContractSide),
        CheckConstraint("buyer_id <> seller_id", "two_sides"),
        CheckConstraint("version >= 1 and signed_version <= version", "version_counts"),
        CheckConstraint("total_g > 0 and value_minor > 0", "about_something"),
        CheckConstraint("starts_on <= ends_on", "days_in_order"),
        CheckConstraint(
            "state not in ('active', 'completed', 'terminated') or "
            "(signed_version is not null and signed_at is not null)",
            "signed_before_it_runs",
        ),
        CheckConstraint(
            "(state in ('completed', 'terminated', 'cancelled')) = (ended_at is not null)",
            "ended_has_a_moment",
        ),
        UniqueConstraint("award_id", "quote_id", "seller_id", "product_id"),
        Index("ix_contracts_buyer_id", "buyer_id", "state", "id"),
        Index("ix_contracts_seller_id", "seller_id", "state", "id"),
        Index("ix_contracts_led_by_id", "led_by_id"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(12), default=ContractState.DRAFT)
    origin: Mapped[str] = mapped_column(String(10))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("awards.id"))
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quotes.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    made_by_side: Mapped[str] = mapped_column(String(6))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(Integer, default=1)
    signed_version: Mapped[int | None] = mapped_column(Integer)
    turn: Mapped[str | None] = mapped_column(String(6))
    currency: Mapped[Currency]
    total_g: Mapped[int] = mapped_column(BigInteger)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    commission_bps: Mapped[int] = mapped_column(Integer, default=0)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    po_number: Mapped[str] = mapped_column(String(40), default="")
    cost_centre: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    agreed_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(500), default="")

    value = Amount()


class ContractVersion(Base):
    """What a side proposed: all terms, whole. Rows are only ever added."""

    __tablename__ = "contract_versions"
    __table_args__ = (CheckConstraint("version >= 1", "version_counts"),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    side: Mapped[str] = mapped_column(String(6))
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


def _of_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["contract_id", "version"], ["contract_versions.contract_id", "contract_versions.version"]
    )


class ContractComment(Base):
    """A word about one line of a version. It agrees to nothing. Rows are only ever added."""

    __tablename__ = "contract_comments"
    __table_args__ = (
        _of_version(),
        CheckConstraint("text <> ''", "says_something"),
        Index("ix_contract_comments_contract_id", "contract_id", "version"),
    )

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int]
    version: Mapped[int] = mapped_column(Integer)
    # The line, as `terms.lines_of` calls it: "price.base", "schedule.3", "clause.force-majeure".
    line: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(1000))
    side: Mapped[str] = mapped_column(String(6))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ContractAgreement(Base):
    """That a side wants exactly this version. Rows are only ever added."""

    __tablename__ = "contract_agreements"
    __table_args__ = (_of_version(),)

    contract_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    side: Mapped[str] = mapped_column(String(6), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class SpendingLimit(Base):
    """From which amount on an enterprise wants so many directors to approve. One or two steps."""

    __tablename__ = "spending_limits"
    __table_args__ = (
        CheckConstraint("approvals between 1 and 2", "one_or_two"),
        CheckConstraint("from_minor >= 0", "from_not_negative"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    approvals: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_minor: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ContractApproval(Base):
    """That somebody of the enterprise lets it sign a version. Rows are only ever added."""

    __tablename__ = "contract_approvals"
    __table_args__ = (_of_version(),)

    contract_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(500), default="")


class ContractDocument(Base):
    """The paper of a version, PDF/A, and the hash of its bytes. Rows are only ever added."""

    __tablename__ = "contract_documents"
    __table_args__ = (_of_version(), CheckConstraint("length(sha256) = 64", "hash_is_a_hash"))

    contract_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("media_files.id"))
    # How the terms were to be approved on the day they were agreed; a later limit changes nothing.
    approvals_needed: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]


class ContractSignature(Base):
    """That a side signed the bytes of a version. Rows are only ever added.

    `evidence` is what the provider of signatures gave: for ours, how the person proved who they
    are and when. `name` and `position` stand as on that day.
    """

    __tablename__ = "contract_signatures"
    __table_args__ = (_of_version(), one_of("side", ContractSide))

    contract_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    side: Mapped[str] = mapped_column(String(6), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(160))
    position: Mapped[str] = mapped_column(String(80))
    provider: Mapped[str] = mapped_column(String(30))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ReferencePrice(Base):
    """What a kilogram of something cost on a day, as the alliance published it.

    A correction is a later row for the same day; the latest counts for what is priced afterwards.
    Rows are only ever added.
    """

    __tablename__ = "reference_prices"
    __table_args__ = (
        CheckConstraint("price_minor > 0", "price_positive"),
        Index("ix_reference_prices_code", "code", "day", "id"),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    currency: Mapped[Currency]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
