"""`marketplace run`, as a person starts, kills and stops it."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "marketplace.cli.main"]
PATIENCE_S = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status_of(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def processes_on(folder: Path) -> list[int]:
    """What runs with our folder in its command or its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            belongs = str(folder) in " ".join(process.cmdline()) or (
                process.environ().get("VAR_DIR") == str(folder)
            )
            if belongs and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """An environment with a folder and a port of its own.

    Not pytest's folder: that is closed to others, and the server may run as another user.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PROVISIONED", "APP_ENV"}
    }
    folder = tempfile.mkdtemp(prefix="mkt-")
    Path(folder).chmod(0o755)
    yield {**kept, "VAR_DIR": folder, "PORT": str(free_port()), "BASE_URL": ""}
    shutil.rmtree(folder)


@pytest.fixture
def start(surroundings: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start it without demonstration data, and leave nothing behind."""
    started: list[subprocess.Popen[str]] = []

    def call() -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "run", "--no-demo"],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def run_once(surroundings: dict[str, str], *arguments: str, **changes: str):
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        cwd=ROOT,
        env={**surroundings, **changes},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def test_it_starts_survives_a_kill_and_stops_without_a_trace(start, surroundings):
    port, folder = int(surroundings["PORT"]), Path(surroundings["VAR_DIR"])

    first = start()
    assert wait_for(lambda: status_of(port, "/readyz") == 200)
    second = run_once(surroundings, "run", "--no-demo")
    first.send_signal(signal.SIGKILL)
    first.wait()
    # What it left behind may still answer for a moment, and must not be taken for the next one.
    assert wait_for(lambda: status_of(port, "/readyz") != 200)

    again = start()
    assert wait_for(lambda: status_of(port, "/readyz") == 200)
    again.send_signal(signal.SIGINT)
    said, _ = again.communicate(timeout=PATIENCE_S)

    assert second.returncode == 2
    assert "is running" in second.stderr
    assert again.returncode == 0
    assert f"http://127.0.0.1:{port}" in said
    assert wait_for(lambda: processes_on(folder) == [])


def test_a_child_that_dies_is_started_again(start, surroundings):
    port, folder = int(surroundings["PORT"]), Path(surroundings["VAR_DIR"])
    start()
    assert wait_for(lambda: status_of(port, "/readyz") == 200)
    web = int((folder / "run" / "children").read_text().split()[0])

    os.kill(web, signal.SIGKILL)

    assert wait_for(lambda: (folder / "run" / "children").read_text().split()[0] != str(web))
    assert wait_for(lambda: status_of(port, "/healthz") == 200)


def test_a_database_that_dies_is_started_again(start, surroundings):
    port, folder = int(surroundings["PORT"]), Path(surroundings["VAR_DIR"])
    start()
    assert wait_for(lambda: status_of(port, "/readyz") == 200)
    mark = folder / "pg" / "postmaster.pid"
    database = mark.read_text().split()[0]

    os.kill(int(database), signal.SIGKILL)

    assert wait_for(lambda: mark.exists() and mark.read_text().split()[:1] not in ([], [database]))
    assert wait_for(lambda: status_of(port, "/readyz") == 200)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PORT": "many"}, "PORT must be a number from 1 to 65535"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL cannot be reached"),
        ({"VAR_DIR": "/proc/nowhere"}, "Cannot write to /proc/nowhere"),
        ({"APP_ENV": "production"}, "Production needs a SECRET_KEY"),
        (
            {"APP_ENV": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "https://cho.example"},
            "Production needs DATABASE_URL",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(surroundings, changes, sentence):
    done = run_once(surroundings, "run", **changes)

    assert done.returncode == 2
    assert done.stderr.startswith("marketplace: ")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_port_in_use_is_one_sentence(surroundings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(surroundings["PORT"])))
        other.listen()
        done = run_once(surroundings, "run", "--no-demo")

    assert done.returncode == 2
    assert re.fullmatch(r"marketplace: Cannot listen on .*address already in use.*\n", done.stderr)


def test_reset_says_what_it_removed(start, surroundings):
    port = int(surroundings["PORT"])
    process = start()
    assert wait_for(lambda: status_of(port, "/readyz") == 200)
    while_running = run_once(surroundings, "reset")
    process.terminate()
    process.communicate(timeout=PATIENCE_S)

    afterwards = run_once(surroundings, "reset")
    again = run_once(surroundings, "reset")

    assert while_running.returncode == 2
    assert str(Path(surroundings["VAR_DIR"]) / "pg") in afterwards.stdout
    assert again.stdout == "There was nothing to remove.\n"


def test_the_commands_are_there_under_flask_too():
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "--help"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0
    for name in ("demo", "ledger", "report", "jobs", "db"):
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
