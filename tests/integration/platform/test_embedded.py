"""The PostgreSQL that comes with us."""

import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from marketplace.platform import provision, roles
from marketplace.platform.config import Settings
from marketplace.platform.embedded import EmbeddedServer, EmbeddedServerError, program


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A short path that the system user of the server may walk to, whoever runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="mkt-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(folder / "pg")
    yield made
    made.stop()


def test_it_starts_and_knows_our_roles(server, folder):
    urls = provision.start(server, Settings(var_dir=folder))

    with psycopg.connect(urls.serving) as connection:
        who = connection.execute("select current_user, current_database()").fetchone()
        timeout = connection.execute("show statement_timeout").fetchone()
    assert who == (roles.SERVANT, roles.DATABASE)
    assert timeout == ("5s",)
    with psycopg.connect(roles.in_haste(urls, roles.Haste.JOB)) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("1min",)
    with psycopg.connect(roles.in_haste(urls, roles.Haste.COMMAND)) as connection:
        assert connection.execute("show transaction_timeout").fetchone() == ("0",)
        assert connection.execute("show lock_timeout").fetchone() == ("2s",)


def test_only_its_own_user_may_enter(server):
    for path in (server.data, server.socket_dir):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)


def test_what_was_committed_survives_a_kill(server):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table kept as select 7 as number")
    os.kill(server.pid, signal.SIGKILL)
    time.sleep(0.1)

    again = EmbeddedServer(server.data)
    again.start(attached=True)

    try:
        with psycopg.connect(again.url()) as connection:
            assert connection.execute("select number from kept").fetchone() == (7,)
    finally:
        again.stop()
    assert again.pid is None


def test_an_interrupted_first_start_is_begun_anew(folder):
    server = EmbeddedServer(folder / "half")
    server.data.mkdir()
    (server.data / "base").mkdir()
    (server.data / "postgresql.conf").write_text("half written")

    server.start(attached=True)

    try:
        assert server.pid is not None
    finally:
        server.stop()


def test_a_place_that_cannot_be_written_is_one_sentence():
    with pytest.raises(EmbeddedServerError, match="Cannot write to"):
        EmbeddedServer(Path("/proc/nowhere/pg")).start(attached=True)


def test_a_long_path_gets_a_short_socket():
    server = EmbeddedServer(Path("/" + "very-long-name/" * 12) / "pg")

    assert len(str(server.socket_dir)) < 100
    assert server.socket_dir != EmbeddedServer(Path("/other/" + "x" * 200)).socket_dir


@pytest.mark.parametrize("name", ["pg_dump", "pg_restore", "pg_basebackup", "psql"])
def test_its_tools_are_at_hand(name):
    assert program(name).exists()
