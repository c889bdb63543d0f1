"""Reading for pages that change nothing: each statement for itself, without a transaction around.

To PostgreSQL a transaction is two more messages, BEGIN and ROLLBACK, and each message costs a page
about as much as drawing a product card. A page of one or two statements that share no moment has
no use for them. Statements that hardly change are a `Question` (`platform/statements.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Select

from marketplace.platform.database import session
from marketplace.platform.pool import ALONE
from marketplace.platform.transaction import engine_outside


def read(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows of `statement`, all of them.

    Inside a transaction it is part of it, and sees what that has changed.

    Args:
        statement: a select of columns, never of entities: nothing is kept in the session.
        values: for its parameters.
    """
    engine = engine_outside()
    if engine is None:
        return session.execute(statement, values).all()
    with _by_itself(engine).connect() as connection:
        return connection.execute(statement, values).all()


def read_each(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> Iterator[Any]:
    """The rows of `statement` one after the other, for those who keep little of many rows.

    Only one of them is a Python object at a time; go through all of them, or close it.

    Args:
        statement: a select of columns, as for `read`.
        values: for its parameters.
    """
    engine = engine_outside()
    if engine is None:
        yield from session.execute(statement, values)
        return
    with _by_itself(engine).connect() as connection:
        yield from connection.execute(statement, values)


@lru_cache(maxsize=8)
def _by_itself(engine: Engine) -> Engine:
    return engine.execution_options(**{ALONE: True})
