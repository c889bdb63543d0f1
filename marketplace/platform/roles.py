"""The two roles of the database: `app_owner` migrates, `app_rw` serves.

`app_rw` owns nothing and is no superuser, so what grants and triggers protect stays
protected whatever the application does. Its time-outs are kept on the role, where no code
can forget them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from marketplace.platform.config import ConfigurationError

OWNER = "app_owner"
SERVANT = "app_rw"
DATABASE = "marketplace"

TIMEOUTS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "transaction_timeout": "15s",  # from PostgreSQL 17 on
}


class Haste(StrEnum):
    """How long a process may take in the database before it is cut off."""

    PAGE = "page"
    JOB = "job"
    COMMAND = "command"


# What differs from the role's own time-outs, which are those of a page.
CHANGES: dict[Haste, dict[str, str]] = {
    Haste.PAGE: {},
    Haste.JOB: {"statement_timeout": "60s", "transaction_timeout": "120s"},
    # A person waits at a terminal, and can stop it.
    Haste.COMMAND: {
        "statement_timeout": "0",
        "transaction_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    },
}
TRANSACTION_TIMEOUT_SINCE = 170000


@dataclass(frozen=True)
class DatabaseUrls:
    """Where the application and the migrations connect.

    Attributes:
        serving: as `app_rw`.
        owning: as `app_owner`.
        version: of the server, 180006; time-outs that it does not know are left out.
    """

    serving: str
    owning: str
    version: int


def with_options(url: str, options: dict[str, str]) -> str:
    """`url` whose sessions start with server settings, `-c name=value` each."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    flags = " ".join(f"-c {name}={value}" for name, value in options.items())
    query["options"] = f"{query.get('options', '')} {flags}".strip()
    # libpq and SQLAlchemy both read %20; neither reads "+" as a space.
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def taking_on(role: str, url: str, version: int) -> str:
    """`url` whose sessions act as one of our roles, whoever logs in.

    Settings of a role count at log-in only, so who takes on `app_rw` later brings them along.
    """
    options = {"role": role}
    if role == SERVANT:
        options |= {**_known_to(version, TIMEOUTS), "timezone": "UTC"}
    return with_options(url, options)


def role_of(url: str) -> str:
    """Who acts on a connection to `url`: the role it takes on, or the one that logs in."""
    parts = urlsplit(url)
    taken_on = re.search(r"-c role=(\w+)", dict(parse_qsl(parts.query)).get("options", ""))
    return taken_on[1] if taken_on else parts.username or ""


def in_haste(urls: DatabaseUrls, haste: Haste) -> str:
    """Where a kind of process connects, with its time-outs."""
    changes = _known_to(urls.version, CHANGES[haste])
    return with_options(urls.serving, changes) if changes else urls.serving


def ensure_roles(connection: psycopg.Connection) -> None:
    """Make both roles where they are missing and set the time-outs; needs CREATEROLE."""
    for role in (OWNER, SERVANT):
        _make_role(connection, role)
    timeouts = _known_to(connection.info.server_version, TIMEOUTS)
    for name, value in {**timeouts, "timezone": "UTC"}.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(
                sql.Identifier(SERVANT), sql.Identifier(name), sql.Literal(value)
            )
        )


def ensure_database(connection: psycopg.Connection, name: str) -> None:
    """Make a database that `app_owner` owns, unless it is there."""
    there = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
    if there is None:
        connection.execute(
            sql.SQL("create database {} owner {} template template0 encoding 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )


def urls_on_given_server(url: str, owner_url: str) -> DatabaseUrls:
    """Where to connect on a server that somebody else runs.

    With both URLs, they are used as they are. With one, its role makes ours and acts as
    them (`set role`), which it may if it has CREATEROLE or is a superuser.

    Args:
        url: DATABASE_URL.
        owner_url: DATABASE_OWNER_URL, or empty.

    Raises:
        ConfigurationError: with one sentence that says what is missing.
    """
    if owner_url:
        if role_of(url) == role_of(owner_url):
            raise ConfigurationError(
                "DATABASE_URL and DATABASE_OWNER_URL name the same role, but the role that "
                "serves must not own the tables."
            )
        _connect(owner_url, "DATABASE_OWNER_URL").close()
        with _connect(url, "DATABASE_URL") as connection:
            version = connection.info.server_version
        return DatabaseUrls(serving=url, owning=owner_url, version=version)
    with _connect(url, "DATABASE_URL") as connection:
        may = connection.execute(
            "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"
        ).fetchone()
        if may is None or not may[0]:
            raise ConfigurationError(
                "The role of DATABASE_URL may not create roles: give DATABASE_OWNER_URL too, "
                "the same database as a role that may create tables."
            )
        ensure_roles(connection)
        database = sql.Identifier(connection.info.dbname)
        owner, servant = sql.Identifier(OWNER), sql.Identifier(SERVANT)
        for role in (owner, servant):
            _become_member(connection, role)
        for statement in (
            sql.SQL("grant connect, create, temporary on database {} to {}").format(
                database, owner
            ),
            sql.SQL("grant connect on database {} to {}").format(database, servant),
            sql.SQL("grant usage, create on schema public to {}").format(owner),
        ):
            connection.execute(statement)
        version = connection.info.server_version
    return DatabaseUrls(
        serving=taking_on(SERVANT, url, version),
        owning=taking_on(OWNER, url, version),
        version=version,
    )


def _make_role(connection: psycopg.Connection, role: str) -> None:
    there = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if there is None:
        # A login without a password: only trust or peer authentication lets it in.
        connection.execute(
            sql.SQL("create role {} login nocreatedb nocreaterole").format(sql.Identifier(role))
        )


def _become_member(connection: psycopg.Connection, role: sql.Identifier) -> None:
    try:
        connection.execute(sql.SQL("grant {} to current_user").format(role))
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigurationError(
            "The role of DATABASE_URL may not act as app_owner and app_rw: give "
            "DATABASE_OWNER_URL too, or grant it both roles."
        ) from error


def _known_to(version: int, timeouts: dict[str, str]) -> dict[str, str]:
    is_old = version < TRANSACTION_TIMEOUT_SINCE
    return {
        name: value
        for name, value in timeouts.items()
        if not (is_old and name == "transaction_timeout")
    }


def _connect(url: str, name: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.Error as error:
        lines = [line.strip(" -\t") for line in str(error).splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "failed:" in line), lines[-1])
        raise ConfigurationError(f"{name} cannot be reached: {reason}") from error
