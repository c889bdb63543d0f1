"""The database of the benchmarks: a server of its own, as safe as in production, filled once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import select

from marketplace.accounts.banks import sealed_columns
from marketplace.app import create_app
from marketplace.catalogue.categories import load_categories
from marketplace.kernel.clock import now
from marketplace.platform import migrations, provision, roles
from marketplace.platform.config import Settings
from marketplace.platform.database import db, session
from marketplace.platform.embedded import EmbeddedServer
from marketplace.platform.transaction import transaction
from models.accounts import Organisation
from models.bank_accounts import BankAccount
from tests.benchmarks.servers import ROOT

FOLDER = ROOT / "var" / "bench"
LONG_KEPT = 3600
"""Seconds for which this process keeps what it has read: its statements are counted, and what is
read beside a page is none of the page's."""
POPULATION = [
    Path(__file__).with_name(name) for name in ("population.sql", "nation.sql", "contracts.sql")
]


@dataclass(frozen=True)
class Filled:
    """A filled database.

    Attributes:
        settings: for an application on it.
        environment: the same for a process.
        pid: of the server's first process.
        admin_url: as the superuser.
    """

    settings: Settings
    environment: dict[str, str]
    pid: int
    admin_url: str


@contextmanager
def filled() -> Iterator[Filled]:
    """A server with ten thousand products, for as long as the block lasts."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(FOLDER / "pg")
    settings = Settings(var_dir=FOLDER)
    urls = provision.start(server, settings)
    try:
        admin_url = server.url(database=roles.DATABASE)
        settings = Settings(
            var_dir=FOLDER,
            database_url=urls.serving,
            database_owner_url=urls.owning,
            shelf_seconds=LONG_KEPT,
        )
        _fill(settings, admin_url)
        if server.pid is None:
            raise RuntimeError("the server is not running")
        environment = {
            **provision.environment(urls, roles.Haste.PAGE),
            "VAR_DIR": str(FOLDER),
            "APP_ENV": "development",
        }
        yield Filled(settings, environment, server.pid, admin_url)
    finally:
        server.stop()


def _fill(settings: Settings, admin_url: str) -> None:
    """Fill it anew whenever the schema or the population has changed."""
    population = b"".join(path.read_bytes() for path in POPULATION)
    mark = sha256(migrations.fingerprint().encode() + population).hexdigest()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        comment = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s",
            [roles.DATABASE],
        ).fetchone()
        if comment and comment[0] == mark:
            return
        connection.execute("drop schema public cascade; create schema public")
        connection.execute(
            sql.SQL("alter schema public owner to {}").format(sql.Identifier(roles.OWNER))
        )
    migrations.upgrade(settings.database_owner_url)
    app = create_app(settings)
    with app.app_context():
        with transaction():
            load_categories()
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute(population)
        with transaction():
            _add_collecting_account()
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")  # as a server that runs for a day does by itself
        connection.execute(
            sql.SQL("comment on database {} is {}").format(
                sql.Identifier(roles.DATABASE), sql.Literal(mark)
            )
        )


def _add_collecting_account() -> None:
    """Where buyers transfer to. Its number is sealed, which SQL alone cannot do."""
    operator = session.scalars(select(Organisation.id).where(Organisation.code == "BCHO")).one()
    session.add(
        BankAccount(
            organisation_id=operator,
            bank_bin="970405",
            bank_name="Agribank",
            **sealed_columns("970405", "5204205012345"),
            holder_name="CHO MUA",
            is_main=True,
            is_collecting=True,
            created_at=now(),
        )
    )
