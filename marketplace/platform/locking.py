"""Locking rows that are about to change: the only place that writes FOR UPDATE.

What the session knew of a row is read again (`populate_existing`): it was loaded
before the lock, so it may be out of date, and SQLAlchemy would keep it.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select

from marketplace.platform.database import session
from marketplace.platform.rows import Loading, Rows, whole
from marketplace.platform.statements import Question
from models.base import Base

Row = TypeVar("Row")
Entity = TypeVar("Entity", bound=Base)
Other = TypeVar("Other", bound=Base)
_HOLD_KEY = Question(select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger))))


def lock_one(statement: Select[Row]) -> Row | None:
    """The one row of `statement`, locked until the transaction ends; or None."""
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


class RowLock(Generic[Entity]):
    """Locks rows of one kind with a statement that is written once, for the hot operations.

    The session has the row afterwards as if it had been loaded from there, up to date.
    """

    def __init__(self, kind: type[Entity], *conditions: ColumnElement[bool]) -> None:
        """Prepare it.

        Args:
            kind: the model of the rows.
            conditions: which row is meant, with `bindparam` for what changes.
        """
        statement = whole(kind, *conditions).with_for_update(of=kind.__table__)
        self._rows = Rows(kind, statement)

    def take(self, **values: object) -> Entity | None:
        """The one row that is meant, locked until the transaction ends; or None."""
        return self._rows.find(**values)


class PairLock(Generic[Entity, Other]):
    """Locks a row and one that belongs to it, in this order, with one statement."""

    def __init__(
        self, kind: type[Entity], other: type[Other], *conditions: ColumnElement[bool]
    ) -> None:
        """Prepare it.

        Args:
            kind: the model of the row that everybody locks first.
            other: the model of the row that belongs to it.
            conditions: how the two belong together, and which are meant.
        """
        self._first, self._second = Loading(kind), Loading(other)
        # Both are named: PostgreSQL reads again only those rows that it locks.
        self._question = Question(
            select(*self._first.columns, *self._second.columns)
            .where(*conditions)
            .with_for_update(of=[kind.__table__, other.__table__])
        )

    def take(self, **values: object) -> tuple[Entity, Other] | None:
        """The two rows that are meant, locked until the transaction ends; or None."""
        for row in self._question.ask(**values):
            width = len(self._first.columns)
            return self._first.put(row[:width]), self._second.put(row[width:])
        return None


def locking(statement: Select[*tuple[Any, ...]]) -> Question:
    """A question whose rows are locked until the transaction ends, for the hot operations.

    The statement selects columns and says the order if it can find several rows.
    """
    return Question(statement.with_for_update())


def sharing(statement: Select[*tuple[Any, ...]]) -> Question:
    """A question whose rows stay as they are until the transaction ends; others may share them.

    Who wants to change such a row waits for everybody who shares it.
    """
    return Question(statement.with_for_update(read=True))


def lock_all(statement: Select[Row]) -> Sequence[Row]:
    """Every row of `statement`, locked in one statement in ascending order of id.

    One order for everybody is what keeps two transactions from waiting for each
    other. The statement selects one entity; its own order is replaced.
    """
    entity = statement.column_descriptions[0]["entity"]
    ordered = statement.order_by(None).order_by(entity.id)
    return session.scalars(
        ordered.with_for_update(of=entity).execution_options(populate_existing=True)
    ).all()


def lock_next(statement: Select[Row]) -> Row | None:
    """The first row of `statement` that nobody else has locked; or None."""
    return session.scalar(
        statement.limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def lock_key(namespace: str, key: int | str) -> None:
    """Hold a name until the transaction ends, for things that have no row yet.

    Args:
        namespace: what kind of thing, "checkout"; it keeps equal keys apart.
        key: which one of them.
    """
    digest = hashlib.sha256(f"{namespace}:{key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    _HOLD_KEY.ask(number=number)
