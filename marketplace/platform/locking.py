"""Locking rows that are about to change: the only place that writes FOR UPDATE.

What the session knew of a row is read again (`populate_existing`): it was loaded
before the lock, so it may be out of date, and SQLAlchemy would keep it.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from marketplace.platform.database import session
from marketplace.platform.statements import Question

Row = TypeVar("Row")


def lock_one(statement: Select[Row]) -> Row | None:
    """The one row of `statement`, locked until the transaction ends; or None."""
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def locking(statement: Select[*tuple[Any, ...]]) -> Question:
    """A question whose rows are locked until the transaction ends, for the hot operations.

    The statement selects columns and says the order if it can find several rows.
    """
    return Question(statement.with_for_update())


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
    number: Any = int.from_bytes(digest[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(number)))
