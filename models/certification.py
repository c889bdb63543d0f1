"""Certificates and who checked them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.kernel.validity import Period
from models.accounts import Organisation
from models.base import Base, PrimaryKey, one_of
from models.media import MediaFile


class CertificateState(StrEnum):
    """What the alliance has said of a certificate. Expiry is a matter of dates, not of state."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Certificate(Base):
    """A document by which somebody vouches for what an organisation makes."""

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("state", CertificateState),
        CheckConstraint("valid_to is null or valid_to >= valid_from", "ends_after_it_begins"),
        CheckConstraint("level is null or level between 1 and 5", "level_is_stars"),
        Index("ix_certificates_waiting", "state", "claimed_at"),
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
    file_id: Mapped[int | None] = mapped_column(ForeignKey("media_files.id"))
    state: Mapped[str] = mapped_column(String(20), default=CertificateState.CLAIMED)
    claimed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    file: Mapped[MediaFile | None] = relationship(lazy="raise_on_sql")

    def holds_on(self, day: date) -> bool:
        """Whether a badge may be shown for `day`: verified, and the day is within its dates."""
        return self.state == CertificateState.VERIFIED and Period(
            self.valid_from, self.valid_to
        ).covers(day)
