"""That an alliance or a union may do certain things for a cooperative, while it agrees."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey


class ConsentScope(StrEnum):
    """What may be done on behalf of a cooperative. Money, people and accounts never."""

    PRODUCTS = "products"
    CERTIFICATES = "certificates"
    LOTS = "lots"
    ORDERS = "orders"


_WORDS = ", ".join(f"'{scope}'" for scope in ConsentScope)


class Consent(Base):
    """A cooperative lets the staff of another organisation act for it, within `scopes`.

    It holds from the beginning of `from_on` to the end of `until_on`, days in Việt Nam, unless it
    was ended before.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(
            f"scopes <@ array[{_WORDS}]::varchar[] and cardinality(scopes) > 0", "scopes_known"
        ),
        CheckConstraint("until_on >= from_on", "ends_after_it_begins"),
        CheckConstraint("organisation_id <> helper_organisation_id", "of_two_organisations"),
        Index(
            "uq_consents_open",
            "organisation_id",
            "helper_organisation_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    helper_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
