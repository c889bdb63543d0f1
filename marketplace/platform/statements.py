"""Statements that are sent all the time: put into SQL once, and from then on sent as they are.

What SQLAlchemy does around a statement (building it, finding it in its cache, describing its
columns) takes several times longer than the short answer to it. So the statements of the hot
pages and of the hot operations are built once, at import, with a parameter for everything that
changes. Values go to psycopg as they are: a JSON document is wrapped in `Jsonb`, a list for
`= any(...)` is a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Delete, Engine, Insert, Select, TextClause, Update
from sqlalchemy.engine import Connection

from marketplace.platform.database import session
from marketplace.platform.transaction import engine_outside

Changing = Insert | Update | Delete | TextClause


class _Sentence:
    """A statement and its SQL, which is written when it is first needed."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Changing) -> None:
        self.statement = statement
        self._sql = ""
        self._fixed: dict[str, Any] = {}

    def _write(self, bind: Engine | Connection) -> None:
        if not self._sql:
            compiled = self.statement.compile(bind)
            self._fixed = dict(compiled.params)
            self._sql = str(compiled)

    def _within_transaction(self, rows: Sequence[Mapping[str, object]]) -> Sequence[Any]:
        """Send it on the session's own connection, once for each row; all the answers."""
        if session.new or session.dirty or session.deleted:
            session.flush()
        connection = session.connection()
        self._write(connection)
        given = [{**self._fixed, **row} for row in rows]
        _tell_listeners(connection, self._sql, given)
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor:
                if len(given) == 1:
                    cursor.execute(self._sql, given[0])
                    return cursor.fetchall() if cursor.description else []
                returns = " RETURNING " in self._sql
                cursor.executemany(self._sql, given, returning=returns)
                return _all_of(cursor) if returns else []
        except psycopg.Error:
            if driver.closed:
                connection.invalidate()
            raise


class Question(_Sentence):
    """A select of columns, without lists of values (IN): ask `= any(array)` instead."""

    statement: Select[*tuple[Any, ...]]

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        super().__init__(statement)

    def ask(self, **values: object) -> Sequence[Any]:
        """The rows, all of them.

        Inside a transaction it is part of it and sees what that has changed; outside it is
        sent for itself, without BEGIN and ROLLBACK around it.

        Args:
            values: the parameters, by name.
        """
        engine = engine_outside()
        if engine is None:
            return self._within_transaction([values])
        self._write(engine)
        return _by_itself(engine, self._sql, {**self._fixed, **values})


class Change(_Sentence):
    """An insert, update or delete. What the session had loaded of these rows is not touched."""

    statement: Changing

    def __init__(self, statement: Changing) -> None:
        super().__init__(statement)

    def make(self, **values: object) -> Sequence[Any]:
        """Do it in the current transaction.

        Args:
            values: the parameters, by name.

        Returns:
            What it says with RETURNING; nothing without.
        """
        return self._within_transaction([values])

    def make_each(self, rows: Iterable[Mapping[str, object]]) -> Sequence[Any]:
        """Do it for each row of parameters, in their order, in one journey to the server.

        Returns:
            What all of them say with RETURNING, one after the other.
        """
        each = list(rows)
        return self._within_transaction(each) if each else []


def _all_of(cursor: psycopg.Cursor[Any]) -> list[Any]:
    """The rows of every answer of an `executemany`."""
    rows = cursor.fetchall()
    while cursor.nextset():
        rows += cursor.fetchall()
    return rows


def _by_itself(engine: Engine, sql: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Send it on a connection of its own, without a transaction."""
    _tell_listeners(engine, sql, values)
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


def _tell_listeners(bind: Engine | Connection, sql: str, values: object) -> None:
    """Whoever counts statements counts this one."""
    for listen in bind.dispatch.before_cursor_execute:
        listen(None, None, sql, values, None, False)
