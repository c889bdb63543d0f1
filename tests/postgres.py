"""The PostgreSQL of the tests: one server for all runs, a database for each.

A run borrows the server: whoever comes first starts it, whoever leaves last stops it, and
several runs at once do not meet, since each gets a database of its own, copied from a
template that is migrated once for each state of `migrations/`. `TEST_DATABASE_URL`, a
superuser on another server, takes the place of the embedded one.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from marketplace.platform import migrations, roles
from marketplace.platform.embedded import EmbeddedServer

_lent: list[EmbeddedServer] = []
"""Servers that this run has started and others still use: Python would complain of a lost child."""

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "test"
PREFIX = "run"

UNSAFE_AND_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "deadlock_timeout": "200ms",
    "max_connections": "120",
    # The matrix asks every route within one transaction: each table and each index is a lock.
    "max_locks_per_transaction": "512",
}

# A test may wait for slow neighbours, and holds one transaction from start to end.
PATIENT = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
}


@dataclass(frozen=True)
class TestServer:
    """A server to test on, by the URL of its superuser."""

    __test__ = False

    url: str

    def admin_url(self, database: str = "postgres") -> str:
        """As the superuser."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def url_as(self, role: str, database: str) -> str:
        """As one of our roles, with no time-out changed."""
        parts = urlsplit(self.admin_url(database))
        host = parts.netloc.rpartition("@")[2]
        if parts.password is None:
            return urlunsplit(parts._replace(netloc=f"{role}@{host}"))
        # A server that asks for passwords: the superuser takes the role on.
        return roles.taking_on(role, self.admin_url(database), self.version)

    def patient_url(self, role: str, database: str) -> str:
        """As one of our roles, without the haste of production."""
        options = dict(PATIENT)
        if self.version < roles.TRANSACTION_TIMEOUT_SINCE:
            del options["transaction_timeout"]
        return roles.with_options(self.url_as(role, database), options)

    @property
    def version(self) -> int:
        """Such as 180006."""
        with psycopg.connect(self.admin_url()) as connection:
            return connection.info.server_version


@contextmanager
def borrowed_server() -> Iterator[TestServer]:
    """A running server, for as long as the block lasts."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        server = TestServer(given)
        _prepare(server)
        yield server
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    embedded = EmbeddedServer(FOLDER / "pg", UNSAFE_AND_FAST)
    with (FOLDER / "borrowers.lock").open("w") as borrowers:
        with _alone("start"):
            fcntl.flock(borrowers, fcntl.LOCK_SH)
            embedded.start(attached=False)
            server = TestServer(embedded.url())
            _prepare(server)
        try:
            yield server
        finally:
            with _alone("start"):
                if _is_last(borrowers):
                    embedded.stop()
                else:
                    _lent.append(embedded)


@contextmanager
def fresh_database(server: TestServer) -> Iterator[str]:
    """The name of a database that nobody has used, migrated; dropped afterwards."""
    name = f"{PREFIX}_{os.getpid()}_{secrets.token_hex(3)}"
    with _alone("template"), psycopg.connect(server.admin_url(), autocommit=True) as connection:
        _create(connection, name, template=_template(server, connection))
    try:
        yield name
    finally:
        with psycopg.connect(server.admin_url(), autocommit=True) as connection:
            _drop(connection, name)


def _prepare(server: TestServer) -> None:
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        roles.ensure_roles(connection)


def _template(server: TestServer, connection: psycopg.Connection) -> str:
    """The name of the migrated template for the present migrations; made when missing."""
    name = f"template_{migrations.fingerprint()}"
    known = [row[0] for row in connection.execute("select datname from pg_database")]
    if name in known:
        return name
    for old in known:
        if old.startswith(("template_", f"{PREFIX}_")) and not _in_use(connection, old):
            _drop(connection, old)
    draft = f"{name}_draft"
    _create(connection, draft, template="template0")
    migrations.upgrade(server.url_as(roles.OWNER, draft))
    connection.execute(
        sql.SQL("alter database {} rename to {}").format(
            sql.Identifier(draft), sql.Identifier(name)
        )
    )
    return name


def _create(connection: psycopg.Connection, name: str, *, template: str) -> None:
    connection.execute(
        sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(roles.OWNER), sql.Identifier(template)
        )
    )


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    )


def _in_use(connection: psycopg.Connection, name: str) -> bool:
    """Whether a living run owns the database; its process id is in the name."""
    _, _, rest = name.partition("_")
    owner = rest.split("_")[0]
    return name.startswith(f"{PREFIX}_") and Path(f"/proc/{owner}").exists()


@contextmanager
def _alone(what: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(borrowers: IO[str]) -> bool:
    try:
        fcntl.flock(borrowers, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
