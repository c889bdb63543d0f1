"""What every table shares: constraint names, column types, the primary key."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Identity,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

from marketplace.kernel.money import Money

PrimaryKey = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Name = Annotated[str, mapped_column(String(160))]
Code = Annotated[str, mapped_column(String(20))]
Slug = Annotated[str, mapped_column(String(120))]
ProvinceCode = Annotated[str, mapped_column(String(2))]
CommuneCode = Annotated[str, mapped_column(String(5))]
Currency = Annotated[str, mapped_column(String(3), default="VND")]


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times instead of guessing a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment, int: BigInteger}


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A check that `column` holds one of the words; the enum is the only list of them."""
    values = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({values})", name=f"{column}_known")


class Amount:
    """An attribute that reads `<name>_minor` and the row's `currency` as `Money`.

    A row has one currency for all its amounts, so no sum inside it can mix two.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._column = f"{name}_minor"

    def __get__(self, row: Any, owner: type | None = None) -> Money:  # noqa: ANN401
        return Money(getattr(row, self._column), row.currency)
