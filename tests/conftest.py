"""The application, a browser, and a database that every test leaves as it found it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

os.environ["APP_ENV"] = "test"

from marketplace.app import create_app
from marketplace.catalogue.categories import forget_categories
from marketplace.platform import roles
from marketplace.platform.catalogues import compile_catalogues
from marketplace.platform.config import Settings, current_settings, use_settings
from marketplace.platform.database import db
from tests.browsers import find_chromium
from tests.guards import forbid_queries_while_rendering, recorded_statements, stay_on_this_machine
from tests.postgres import TestServer, borrowed_server, fresh_database

pytest_plugins = ["tests.signing_in"]

TEST_SECRET = "only for tests, where nobody's data is at stake"  # noqa: S105 - indeed


class Browser(FlaskClient):
    """A client whose requests get their own session, as in production."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request that sees nothing of the test but the rows it wrote."""
        return Context().run(super().open, *args, **kwargs)


@dataclass(frozen=True)
class CommittedDatabase:
    """A database of its own, for what a rolled-back transaction cannot show.

    Attributes:
        app: the application on it; push `app.app_context()` in each thread.
        url: as the role that serves, with its time-outs; for processes of the test.
        owner_url: as the role that owns the tables.
        admin_url: as the superuser.
    """

    app: Flask
    url: str
    owner_url: str
    admin_url: str


def pytest_configure(config: pytest.Config) -> None:
    """Set up what must be there before the first import of a test."""
    config.addinivalue_line("markers", "browser: needs a Chromium")
    if os.environ.get("CI") == "true" and find_chromium() is None:
        raise pytest.UsageError("CI needs a Chromium: install one or set CHROMIUM to its path.")
    stay_on_this_machine()
    compile_catalogues()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser."""
    if find_chromium() is None:
        left_out = [item for item in items if item.get_closest_marker("browser")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what was not tested."""
    if find_chromium() is None:
        terminalreporter.write_line(
            "The browser tests were left out: no Chromium was found. "
            "Install one, or set CHROMIUM to its path."
        )


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """The PostgreSQL of this run, shared with other runs."""
    with borrowed_server() as running:
        yield running


@pytest.fixture(scope="session")
def app(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a fresh database; one for the whole run."""
    with fresh_application(server, tmp_path_factory.mktemp("var")) as made:
        with made.app.app_context():
            forbid_queries_while_rendering(made.app, db.engine)
            db.session.configure(join_transaction_mode="create_savepoint")
        yield made.app


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The session of the test; whatever anyone commits is undone afterwards."""
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection, connection.begin() as outer:
            db.engines[None] = connection  # type: ignore[index]
            forget_categories()
            try:
                yield db.session
            finally:
                db.session.remove()
                outer.rollback()
                db.engines[None] = engine  # type: ignore[index]


@pytest.fixture
def client(app: Flask, session: scoped_session[Session]) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def statements(app: Flask) -> Any:
    """`with statements() as sent:` gathers the SQL that a block sends."""
    with app.app_context():
        engine = db.engine
    return lambda: recorded_statements(engine)


@pytest.fixture
def committed_database(server: TestServer, tmp_path: Path) -> Iterator[CommittedDatabase]:
    """A database where commits are real: for races, killed processes, several connections."""
    before = current_settings()
    with fresh_application(server, tmp_path) as made:
        yield made
    use_settings(before)


@contextmanager
def fresh_application(server: TestServer, var_dir: Path) -> Iterator[CommittedDatabase]:
    with ExitStack() as stack:
        name = stack.enter_context(fresh_database(server))
        app = create_app(
            Settings(
                app_env="test",
                secret_key=TEST_SECRET,
                database_url=server.patient_url(roles.SERVANT, name),
                database_owner_url=server.url_as(roles.OWNER, name),
                var_dir=var_dir,
                base_url="http://localhost",
                web_threads=20,
                shelf_seconds=0,
            )
        )
        app.test_client_class = Browser
        app.config["WTF_CSRF_ENABLED"] = False
        yield CommittedDatabase(
            app=app,
            url=server.url_as(roles.SERVANT, name),
            owner_url=server.url_as(roles.OWNER, name),
            admin_url=server.admin_url(name),
        )
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
