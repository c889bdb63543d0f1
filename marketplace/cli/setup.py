"""`marketplace run`, `serve` and `reset`: everything at once, the web server alone, and afresh."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click
import psycopg

from marketplace.platform import provision, roles
from marketplace.platform.config import ROOT, ConfigurationError, Settings, read_settings
from marketplace.platform.embedded import EmbeddedServer
from marketplace.platform.revisions import expected_revision
from marketplace.platform.roles import DatabaseUrls, Haste
from marketplace.platform.supervisor import Child, StartError, Supervisor, only_one

READY_SECONDS = 180.0
LEAST_FREE = 200 * 1024 * 1024
DEMO_PASSWORD = "demo-marketplace"  # noqa: S105 - printed for everybody to see
DEMO_ACCOUNTS = (
    ("khach@demo.example", "a consumer"),
    ("htx@demo.example", "a cooperative's director"),
    ("ketoan@demo.example", "its accountant"),
    ("doanhnghiep@demo.example", "an enterprise"),
    ("lienminh@demo.example", "the alliance"),
    ("vanhanh@demo.example", "the operator"),
)


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the demonstration data once.")
def run(*, demo: bool) -> None:
    """Start everything: database, web, jobs; stop it with Ctrl-C."""
    settings = read_settings()
    settings.check()
    with only_one(_writable(settings.var_dir) / "run"):
        supervisor = Supervisor(settings.var_dir / "run")
        supervisor.listen()
        supervisor.end_leftovers()
        _require_free_port(settings)
        try:
            _run(supervisor, settings, wants_demo=demo and not settings.is_production)
        except StartError as error:
            raise ConfigurationError(str(error)) from error


@click.command()
def serve() -> None:
    """Start the web server only, on DATABASE_URL."""
    settings = read_settings()
    settings.check()
    if not settings.database_url:
        raise ConfigurationError(
            "DATABASE_URL says where the data is; it is not set. "
            "`marketplace run` brings a database along."
        )
    _require_free_port(settings)
    with provision.database(settings) as urls:
        present = _revision(urls)
        if present != expected_revision():
            _require_development(settings, present)
        environment = {**os.environ, **provision.environment(urls, Haste.PAGE)}
    os.chdir(ROOT)
    os.execve(sys.executable, _gunicorn(), environment)  # noqa: S606 - our own server


@click.command()
def reset() -> None:
    """Remove the data of the embedded database and all uploads; the next run starts afresh."""
    settings = read_settings()
    if settings.is_production:
        raise ConfigurationError("Production data is not removed by a command.")
    removed = []
    with only_one(settings.var_dir / "run"):
        server = EmbeddedServer(settings.database_dir)
        server.stop()
        _served(settings).unlink(missing_ok=True)
        for path in (server.data, server.socket_dir, server.log, settings.media_dir):
            if path.is_dir():
                shutil.rmtree(path)
                removed.append(path)
            elif path.exists():
                path.unlink()
    names = ", ".join(map(str, removed))
    click.echo(f"Removed {names}." if removed else "There was nothing to remove.")
    if settings.database_url:
        click.echo("The database at DATABASE_URL was not touched.")


def _run(supervisor: Supervisor, settings: Settings, *, wants_demo: bool) -> None:
    log_dir = settings.var_dir / "log"
    log_dir.mkdir(exist_ok=True)
    os.chdir(ROOT)
    with ExitStack() as stack:
        server = EmbeddedServer(settings.database_dir)
        if settings.database_url:
            urls = stack.enter_context(provision.database(settings))
        else:
            urls = provision.urls_of(server)
            stack.callback(server.stop)
        stack.callback(supervisor.stop)
        # Loading the code takes longer than starting the database, so after a first run
        # both happen at once. Nothing is served before /readyz says so.
        is_known = _served(settings).exists() and _served(settings).read_text() == _state()
        if is_known:
            _start_children(supervisor, settings, urls)
        if not settings.database_url:
            provision.start(server, settings)
            supervisor.before_children = lambda: _keep_alive(server, settings)
        has_demo = _prepare(supervisor, settings, urls, wants_demo=wants_demo)
        if not is_known and not supervisor.should_stop:
            _start_children(supervisor, settings, urls)
        if supervisor.wait_until(lambda: _answers(settings), seconds=READY_SECONDS):
            _served(settings).write_text(_state())
            _greet(settings, has_demo=has_demo, log_dir=log_dir)
            supervisor.run()
        click.echo("\nStopping …")
    click.echo("Stopped.")


def _prepare(
    supervisor: Supervisor, settings: Settings, urls: DatabaseUrls, *, wants_demo: bool
) -> bool:
    """Bring schema and data to where the children expect them; whether there is demo data."""
    present = _revision(urls)
    if present != expected_revision():
        _require_development(settings, present)
        supervisor.stop()  # on a database that somebody else has put back
        _migrate(urls)
    has_demo = _has_demo(urls)
    if wants_demo and not has_demo and not supervisor.should_stop:
        has_demo = _load_demo(supervisor, _environment(settings, urls, Haste.COMMAND))
    return has_demo


def _keep_alive(server: EmbeddedServer, settings: Settings) -> None:
    """Start the embedded database again if something has killed it."""
    if server.pid is None:
        server.stop()
        provision.start(server, settings)


def _start_children(supervisor: Supervisor, settings: Settings, urls: DatabaseUrls) -> None:
    log_dir = settings.var_dir / "log"
    page = _environment(settings, urls, Haste.PAGE)
    supervisor.start(Child("web", _gunicorn(), page, log_dir / "web.log"))
    job = _environment(settings, urls, Haste.JOB)
    worker = [sys.executable, "-m", "marketplace.cli.main", "jobs", "work"]
    supervisor.start(Child("worker", worker, job, log_dir / "worker.log"))


def _environment(settings: Settings, urls: DatabaseUrls, haste: Haste) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    given = provision.environment(urls, haste)
    return {**kept, **given, "VAR_DIR": str(settings.var_dir), "PYTHONUNBUFFERED": "1"}


def _served(settings: Settings) -> Path:
    """Where it is written with which schema the marketplace was ready last."""
    return settings.var_dir / "run" / "served"


def _state() -> str:
    return f"{expected_revision()}\n"


def _require_development(settings: Settings, present: str | None) -> None:
    """In production somebody decides when the schema changes."""
    if settings.is_production:
        raise ConfigurationError(
            f"Migrations are pending (the database is at {present}, the code expects "
            f"{expected_revision()}): run `marketplace db upgrade` first."
        )


def _migrate(urls: DatabaseUrls) -> None:
    from marketplace.platform import migrations  # noqa: PLC0415 - slow to load, seldom needed

    click.echo("Bringing the database up to date …")
    try:
        migrations.upgrade(urls.owning, serving_role=roles.role_of(urls.serving))
    except migrations.MigrationError as error:
        raise ConfigurationError(str(error)) from error


def _revision(urls: DatabaseUrls) -> str | None:
    with psycopg.connect(urls.serving) as connection:
        try:
            row = connection.execute("select version_num from alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
        except psycopg.errors.InsufficientPrivilege:
            return None  # made, but the grants of the second migration are missing
    return row[0] if row else None


def _has_demo(urls: DatabaseUrls) -> bool:
    with psycopg.connect(urls.serving) as connection:
        return (
            connection.execute("select 1 from data_loads where name = 'demo'").fetchone()
            is not None
        )


def _load_demo(supervisor: Supervisor, environment: dict[str, str]) -> bool:
    """Load the demonstration data as a process of its own; False when asked to stop."""
    command = [sys.executable, "-m", "marketplace.cli.main", "demo", "load"]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    while process.poll() is None:
        if supervisor.should_stop:
            process.terminate()
            process.wait()
        time.sleep(0.05)
    if supervisor.should_stop:
        return False  # half of it was rolled back; the next start begins anew
    if process.returncode:
        raise ConfigurationError("The demonstration data could not be loaded; see above.")
    return True


def _gunicorn() -> list[str]:
    # Without the texts that explain the code to people: 5 MB of each web process.
    config = "python:marketplace.platform.webserver"
    return [sys.executable, "-OO", "-m", "gunicorn", "--config", config, "wsgi:app"]


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared
    connection = http.client.HTTPConnection(host, settings.port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _greet(settings: Settings, *, has_demo: bool, log_dir: Path) -> None:
    click.echo(f"\n{settings.market_name} is open: {settings.base_url}")
    if has_demo:
        click.echo(f"\nPeople to sign in as, password {DEMO_PASSWORD}:")
        for address, who in DEMO_ACCOUNTS:
            click.echo(f"  {address:<26} {who}")
    click.echo(f"\nLogs are in {log_dir}. Stop with Ctrl-C.")


def _require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"Cannot listen on {settings.host} port {settings.port} "
                f"({(error.strerror or str(error)).lower()}): stop what runs there, or choose "
                "another with PORT=8001 make run."
            ) from error


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "run").mkdir(exist_ok=True)
        probe = folder / "run" / "probe"
        probe.write_bytes(b"0" * 4096)
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(f"Cannot write to {folder}: {error.strerror}.") from error
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise ConfigurationError(
            f"The disk of {folder} is full: less than {LEAST_FREE // 1024**2} MB are free."
        )
    return folder
