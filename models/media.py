"""Files that people gave us, after checking."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PrimaryKey, one_of


class FileKind(StrEnum):
    """What a file is for: photos are public, papers need a right."""

    PHOTO = "photo"
    PAPER = "paper"


class MediaFile(Base):
    """One stored file. Its bytes lie under its own SHA-256, so the same file is kept once."""

    __tablename__ = "media_files"
    __table_args__ = (
        one_of("kind", FileKind),
        CheckConstraint("byte_size > 0", "not_empty"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", "sha256_is_hex"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(60))
    byte_size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    original_name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
