"""The servers under measurement: the marketplace and the bare page, served the same way."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A gunicorn with its workers.

    Attributes:
        port: where it listens on the loopback.
        pid: of the master; its workers are below it.
        ready_after: seconds from its start to the first answer.
    """

    port: int
    pid: int
    ready_after: float


OURS = ("--config", "python:marketplace.platform.webserver")
# The same kind and number of workers, without our hooks.
BARE = (
    *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "15"),
    *("--preload", "--no-control-socket", "--bind"),
)


@contextmanager
def serving(
    application: str, probe: str, environment: Mapping[str, str], *, is_bare: bool = False
) -> Iterator[Server]:
    """Serve `application` on a free port while the block runs."""
    port = _free_port()
    options = (*BARE, f"127.0.0.1:{port}") if is_bare else OURS
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-OO", "-m", "gunicorn", *options, application],  # as `make run` does
        cwd=ROOT,
        env={**os.environ, **environment, "PORT": str(port), "HOST": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}{probe}", process)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=READY_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode} before answering")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer within {READY_SECONDS} seconds")
