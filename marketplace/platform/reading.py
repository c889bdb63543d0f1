"""Reading for pages that change nothing: each statement for itself, without a transaction around.

To PostgreSQL a transaction is two more messages, BEGIN and ROLLBACK, and each message costs a page
about as much as drawing a product card. A page of one or two statements that share no moment has
no use for them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Engine, Select
from sqlalchemy.engine import Connection

from marketplace.platform.database import db, session


def read(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows of `statement`, all of them.

    Inside a transaction it is part of it, and sees what that has changed.

    Args:
        statement: a select of columns, never of entities: nothing is kept in the session.
        values: for its parameters.
    """
    engine = _engine_outside_transactions()
    if engine is None:
        return session.execute(statement, values).all()
    with _by_itself(engine).connect() as connection:
        return connection.execute(statement, values).all()


class Question:
    """A select that is asked all the time: put into SQL once, and sent as it is.

    What SQLAlchemy does around a statement (finding it in its cache, describing its columns)
    takes longer than a short answer does.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        # Columns only, with a parameter for everything that changes, and no lists of values (IN).
        self.statement = statement
        self._sql = ""
        self._fixed: dict[str, Any] = {}

    def ask(self, **values: object) -> Sequence[Any]:
        """The rows, all of them; within a transaction as for `read`.

        Args:
            values: the parameters, by name.
        """
        engine = _engine_outside_transactions()
        if engine is None:
            return session.execute(self.statement, values).all()
        if not self._sql:
            self._write(engine)
        return _send(engine, self._sql, {**self._fixed, **values})

    def _write(self, engine: Engine) -> None:
        compiled = self.statement.compile(engine)
        self._fixed = dict(compiled.params)
        self._sql = str(compiled)


def _send(engine: Engine, sql: str, values: Mapping[str, Any]) -> Sequence[Any]:
    for listen in engine.dispatch.before_cursor_execute:
        listen(None, None, sql, values, None, False)  # whoever counts statements counts this one
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        connection.autocommit = True
        rows: Sequence[Any] = connection.execute(sql, values).fetchall()
        connection.autocommit = False
    except psycopg.Error:
        pooled.invalidate()
        raise
    finally:
        pooled.close()
    return rows


def _engine_outside_transactions() -> Engine | None:
    """The engine; None inside a transaction, where the session must be asked."""
    bind: Engine | Connection = db.engine
    if not isinstance(bind, Engine) or (session.registry.has() and session().in_transaction()):
        return None
    return bind


@lru_cache(maxsize=8)
def _by_itself(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")
