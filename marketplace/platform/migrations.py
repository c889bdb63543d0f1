"""Bringing the database to the schema this code expects.

Alembic is imported where it is used: a web process only asks which revision it needs.
"""

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from psycopg import errors as postgres
from sqlalchemy import Connection, TypeDecorator, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from marketplace.platform.revisions import FOLDER, expected_revision
from marketplace.platform.roles import SERVANT
from models.base import Base

if TYPE_CHECKING:
    from alembic.config import Config

ATTEMPTS = 5
PAUSE_SECONDS = 1.0
NAMESPACE = 7_241_000  # of the advisory lock that lets one process migrate at a time


class MigrationError(Exception):
    """The schema cannot be brought up to date. The text is for the operator."""


def fingerprint() -> str:
    """A short hash of everything that shapes a fresh database, to know a template by."""
    digest = hashlib.sha256()
    files = [*FOLDER.rglob("*.py"), Path(__file__), Path(__file__).with_name("roles.py")]
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def present_revision(connection: Connection) -> str | None:
    """The revision the database is at; None for one that was never migrated."""
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("select version_num from alembic_version"))
    return revision


def revision_of(url: str) -> str | None:
    """The same for a database by its URL."""
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        return present_revision(connection)


def upgrade(owner_url: str, *, serving_role: str = SERVANT) -> bool:
    """Run every migration that is missing, each in its own transaction, as the owner.

    A migration gives up after two seconds of waiting for a lock, so that nobody queues
    behind it, and is tried again a few times.

    Args:
        owner_url: the database as the role that owns the tables.
        serving_role: who gets the right to use what the migrations make.

    Returns:
        Whether anything had to be done.

    Raises:
        MigrationError: somebody held a lock for too long.
    """
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    with engine.connect() as guard:
        guard.execute(text("select pg_advisory_lock(:key)"), {"key": NAMESPACE})
        if present_revision(guard) == expected_revision():
            return False
        guard.rollback()
        with engine.connect() as connection:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    _run(connection, serving_role)
                except DBAPIError as error:
                    connection.rollback()
                    if not isinstance(error.orig, postgres.LockNotAvailable):
                        raise
                    if attempt == ATTEMPTS:
                        raise MigrationError(
                            "The migration gave up: somebody holds a table it needs. "
                            "Try again when the long transaction has ended."
                        ) from error
                    time.sleep(PAUSE_SECONDS * attempt)
                else:
                    return True
    raise AssertionError("unreachable")


def differences(connection: Connection) -> list[Any]:
    """What autogenerate would still change: empty when models and migrations agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - not in web processes
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": is_ours}
    )
    return list(compare_metadata(context, Base.metadata))


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:  # noqa: ANN401
    """Whether autogenerate should look at a table; procrastinate's are its own affair."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def render_item(kind: str, item: object, _context: Any) -> str | Literal[False]:  # noqa: ANN401
    """Write a column type of ours as the plain type beneath it.

    A migration must still run when `models` has moved on, so it may not import it.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def alembic_config(folder: Path = FOLDER) -> "Config":
    """Alembic's own settings; there is no ini file to keep in step."""
    from alembic.config import Config  # noqa: PLC0415 - not in web processes

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def sqlalchemy_url(url: str) -> str:
    """`url` for SQLAlchemy: by way of psycopg, whatever driver or none it named."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


def _run(connection: Connection, serving_role: str) -> None:
    from alembic import command  # noqa: PLC0415 - not in web processes

    config = alembic_config()
    config.attributes["connection"] = connection
    config.attributes["serving_role"] = serving_role
    command.upgrade(config, "head")
