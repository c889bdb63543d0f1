"""Sending SQL that is written already: what is left of SQLAlchemy there is its connection."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

_CURSOR: Final = "marketplace.cursor"


def send(connection: Connection, sql: str, rows: Sequence[Mapping[str, object]]) -> Sequence[Any]:
    """Send it on this connection, once for each row of parameters; all the answers.

    Raises:
        psycopg.Error: the server refuses it. A connection that broke is given up.
    """
    tell_listeners(connection, sql, rows)
    driver: Any = connection.connection.driver_connection
    # One cursor for as long as the connection lives: its answers are read at once.
    cursor = connection.info.get(_CURSOR)
    if cursor is None or cursor.connection is not driver:
        cursor = connection.info[_CURSOR] = driver.cursor()
    try:
        if len(rows) == 1:
            cursor.execute(sql, rows[0])
            # Whether it answers with rows; `description` would describe every column.
            return cursor.fetchall() if cursor.pgresult.nfields else []
        returns = " RETURNING " in sql
        cursor.executemany(sql, rows, returning=returns)
        return _all_of(cursor) if returns else []
    except psycopg.Error:
        if driver.closed:
            connection.invalidate()
        raise


def tell_listeners(bind: Engine | Connection, sql: str, values: object) -> None:
    """Whoever counts statements counts this one."""
    for listen in bind.dispatch.before_cursor_execute:
        listen(None, None, sql, values, None, False)


def _all_of(cursor: psycopg.Cursor[Any]) -> list[Any]:
    """The rows of every answer of an `executemany`."""
    rows = cursor.fetchall()
    while cursor.nextset():
        rows += cursor.fetchall()
    return rows
