"""A database to work on: the one that was given, or our own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from marketplace.platform import roles
from marketplace.platform.config import ConfigurationError, Settings
from marketplace.platform.embedded import EmbeddedServer, EmbeddedServerError
from marketplace.platform.roles import DatabaseUrls, Haste

PROVISIONED = "DATABASE_PROVISIONED"
"""Set for processes that are handed a database which is ready."""
EMBEDDED_VERSION = 180000


@contextmanager
def database(settings: Settings) -> Iterator[DatabaseUrls]:
    """Where to connect, for as long as the block lasts.

    With DATABASE_URL nothing is started. Without it the embedded server is used: the one
    that `marketplace run` has started, else one that is stopped after the block.

    Raises:
        ConfigurationError: with one sentence that says what is missing.
    """
    if os.environ.get(PROVISIONED):
        yield DatabaseUrls(settings.database_url, settings.database_owner_url, version=0)
        return
    if settings.database_url:
        yield roles.urls_on_given_server(settings.database_url, settings.database_owner_url)
        return
    server = EmbeddedServer(settings.database_dir)
    is_ours = server.pid is None
    if is_ours:
        start(server, settings)
    try:
        yield urls_of(server)
    finally:
        if is_ours:
            server.stop()


def start(server: EmbeddedServer, settings: Settings) -> DatabaseUrls:
    """Start the embedded server as our child, with its roles and its database.

    Raises:
        ConfigurationError: it does not come up, or production did not ask for it.
    """
    if settings.is_production and not settings.allow_embedded:
        raise ConfigurationError(
            "Production needs DATABASE_URL; the embedded database is one process on one disk. "
            "If that will do, set ALLOW_EMBEDDED_DATABASE=1."
        )
    try:
        server.start(attached=True)
    except EmbeddedServerError as error:
        raise ConfigurationError(str(error)) from error
    with psycopg.connect(server.url(), autocommit=True) as connection:
        roles.ensure_roles(connection)
        roles.ensure_database(connection, roles.DATABASE)
    return urls_of(server)


def urls_of(server: EmbeddedServer) -> DatabaseUrls:
    """Where the embedded server's database is, for both roles."""
    return DatabaseUrls(
        serving=server.url(user=roles.SERVANT, database=roles.DATABASE),
        owning=server.url(user=roles.OWNER, database=roles.DATABASE),
        version=EMBEDDED_VERSION,
    )


def environment(urls: DatabaseUrls, haste: Haste) -> dict[str, str]:
    """The variables by which a process of ours finds the database, and asks no more.

    Args:
        urls: where it is.
        haste: what kind of process it is.
    """
    return {"DATABASE_URL": roles.in_haste(urls, haste), PROVISIONED: "1"}
