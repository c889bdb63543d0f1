"""Connections that wait to be used: dead ones are noticed without asking the server."""

import select
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError


def watch_pool(engine: Engine) -> None:
    """Replace a connection whose server is gone when it is taken from the pool.

    A server that stops closes its end, and that can be read from the socket at once, where the
    usual question ("are you there?") is a message there and back for every page.
    """
    event.listen(engine, "checkout", _require_alive)


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
