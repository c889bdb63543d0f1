"""Which core of the machine a long load runs on.

A load is thousands of small statements one after another: our process and the server's take turns.
On two cores each of them falls asleep while the other works, and waking it takes about as long as
the statement; on one core they hand over at once, which saves a quarter of the time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marketplace.platform.transaction import connection_at_hand

_everywhere: set[int] = set()


@contextmanager
def beside_the_server() -> Iterator[None]:
    """Run this thread and the server's side of its connection on one core, where that can be.

    It cannot with a server on another machine, with one that belongs to somebody else, or on a
    system without such a call: then nothing changes.
    """
    backend = _backend_here()
    if backend is None:
        yield
        return
    known = os.sched_getaffinity(0)
    _everywhere.update(known)
    core = {max(known)}
    try:
        os.sched_setaffinity(backend, core)
        os.sched_setaffinity(0, core)
    except OSError:  # the server belongs to another user, or has just gone
        os.sched_setaffinity(0, known)
        yield
        return
    try:
        yield
    finally:
        os.sched_setaffinity(0, known)
        _let_go(backend, known)


def run_anywhere() -> None:
    """Let this thread use every core again; threads begin where the one that starts them is."""
    if _everywhere:
        os.sched_setaffinity(0, _everywhere)


def _backend_here() -> int | None:
    """The process that serves our connection, if it is one of this machine."""
    driver: Any = connection_at_hand().connection.driver_connection
    if not hasattr(os, "sched_setaffinity") or not driver.info.host.startswith("/"):
        return None
    pid: int = driver.info.backend_pid
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:  # in a container of its own, say
        return None
    return pid if name == "postgres" else None


def _let_go(backend: int, cores: set[int]) -> None:
    try:
        os.sched_setaffinity(backend, cores)
    except OSError:
        return  # it ended with its connection
