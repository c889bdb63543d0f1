"""Certificates and who checked them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.kernel.validity import Period
from models.accounts import Organisation
from models.base import Base, PrimaryKey, one_of
from models.media import MediaFile


class CertificateState(StrEnum):
    """What has become of a certificate.

    `EXPIRED` is written down by a job in the minute after the last day of a verified one. Nothing
    waits for it: whether a certificate holds on a day is always asked of its dates.
    """

    CLAIMED = "claimed"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"
    EXPIRED = "expired"


TRUSTED: Final = (CertificateState.VERIFIED, CertificateState.EXPIRED)
"""The states in which a certificate counts for the days within its dates."""

PUBLIC: Final = (*TRUSTED, CertificateState.REVOKED)
"""The states that everybody may read of; what was never verified is the holder's own affair."""


class CheckKind(StrEnum):
    """What an officer has looked at: the paper itself, or the issuer's own register."""

    DOCUMENT = "document"
    REGISTER = "register"


class Certificate(Base):
    """A document by which somebody vouches for what an organisation makes."""

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("state", CertificateState),
        CheckConstraint("valid_to is null or valid_to >= valid_from", "ends_after_it_begins"),
        CheckConstraint("level is null or level between 1 and 5", "level_is_stars"),
        CheckConstraint("area_m2 > 0", "area_positive"),
        CheckConstraint("yearly_g > 0", "yearly_positive"),
        Index("ix_certificates_waiting", "state", "claimed_at"),
        Index("ix_certificates_ending", "valid_to", postgresql_where=text("state = 'verified'")),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    scheme_code: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(160))
    issued_on: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    scope: Mapped[str] = mapped_column(Text, default="")
    facility: Mapped[str] = mapped_column(String(200), default="", server_default="")
    area_m2: Mapped[int | None] = mapped_column(BigInteger)
    yearly_g: Mapped[int | None] = mapped_column(BigInteger)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    state: Mapped[str] = mapped_column(String(20), default=CertificateState.CLAIMED)
    claimed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    holder_shows_file: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    file: Mapped[MediaFile | None] = relationship(lazy="raise_on_sql")

    def holds_on(self, day: date) -> bool:
        """Whether it counts for `day`: the alliance trusts it, and the day is within its dates."""
        return self.state in TRUSTED and Period(self.valid_from, self.valid_to).covers(day)


class CertificateCheck(Base):
    """That an officer has compared a certificate with its paper or with a register. Only added.

    `source` is what was looked at, for everybody to read; `note` is for the alliance alone.
    """

    __tablename__ = "certificate_checks"
    __table_args__ = (one_of("kind", CheckKind),)

    id: Mapped[PrimaryKey]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    checker_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    checker_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class CertificatePlot(Base):
    """That a certificate names a plot; one that names none reaches every lot of its products."""

    __tablename__ = "certificate_plots"

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates.id"), primary_key=True, autoincrement=False
    )
    plot_id: Mapped[int] = mapped_column(
        ForeignKey("plots.id"), primary_key=True, autoincrement=False, index=True
    )


class CertificateNotice(Base):
    """That the holder was told so many days before the end. Only added, once for each number."""

    __tablename__ = "certificate_notices"
    __table_args__ = (
        UniqueConstraint("certificate_id", "days_before"),
        CheckConstraint("days_before > 0", "before_the_end"),
    )

    id: Mapped[PrimaryKey]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    days_before: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime]
