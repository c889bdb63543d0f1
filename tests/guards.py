"""House rules that only a running application can show."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, before_render_template, g, has_app_context, template_rendered
from sqlalchemy import Engine, event

READS_OR_WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class QueryInTemplateError(AssertionError):
    """A template touched the database. Load it in the query function instead."""


class OutsideWorldError(AssertionError):
    """A test wanted to talk to another machine."""


def forbid_queries_while_rendering(app: Flask, engine: Engine) -> None:
    """Fail every request whose template sends SQL."""

    def enter(sender: Flask, **_extra: object) -> None:
        g.rendering = True

    def leave(sender: Flask, **_extra: object) -> None:
        g.rendering = False

    def check(_connection, _cursor, statement, *_rest) -> None:
        reads_or_writes = statement.lstrip().upper().startswith(READS_OR_WRITES)
        if reads_or_writes and has_app_context() and g.get("rendering"):
            raise QueryInTemplateError(statement)

    before_render_template.connect(enter, app, weak=False)
    template_rendered.connect(leave, app, weak=False)
    event.listen(engine, "before_cursor_execute", check)


@contextmanager
def recorded_statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL that the block sends, in order; savepoints of the test itself left out."""
    sent: list[str] = []

    def remember(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", remember)


def stay_on_this_machine() -> None:
    """Refuse every connection that leaves the machine, for the rest of the process."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(original: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
                raise OutsideWorldError(f"a test wanted to talk to {address}")
            return original(self, address)

        return call

    socket.socket.connect = checked(connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = checked(connect_ex)  # type: ignore[method-assign]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
