"""Connections that wait to be used: dead ones are noticed, none begins transactions unasked."""

import select
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError

ALONE: Final = "statements_stand_alone"
"""The option of a connection whose statements are each sent for themselves."""


def tend_pool(engine: Engine) -> None:
    """Take care of the connections of an engine.

    A connection whose server is gone is replaced when it is taken from the pool: a server that
    stops closes its end, and that can be read from the socket at once, where the usual question
    ("are you there?") is a message there and back for every page.

    The driver begins no transactions by itself; SQLAlchemy's begin says BEGIN. So a page that only
    reads can do without (`platform/reading.py`), and no connection changes its manners for it.
    """
    event.listen(engine, "connect", _begin_nothing)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkout", _require_alive)


def _begin_nothing(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg's
    connection.autocommit = True


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(ALONE):
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")


def _require_alive(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401
    """Refuse a connection that is closed, or has something to say that nobody asked for.

    Raises:
        InvalidatePoolError: SQLAlchemy then connects anew, and so for all that wait.
    """
    if connection.closed:
        raise InvalidatePoolError("the connection was closed")
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    if poll.poll(0):
        raise InvalidatePoolError("the server closed the connection")
