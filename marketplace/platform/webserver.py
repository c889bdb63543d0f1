"""How gunicorn serves us: `gunicorn --config python:marketplace.platform.webserver wsgi:app`."""

import ctypes
import gc
import logging
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from marketplace.platform.config import current_settings
from marketplace.platform.logs import configure_logs

MOST_HEAPS = 2
"""In how many places of its own the C library gives memory to threads; by default eight a core."""

MAPPED_FROM = 128 * 1024
"""Bytes from which a block goes back to the system when it is freed; it would grow otherwise."""

# The words of mallopt(3) in glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def _keep_memory_together() -> None:
    """Let threads share their heaps and give large blocks back, where the C library is glibc."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    choose = getattr(library, "mallopt", None)
    if choose is not None:
        choose(_ARENA_MAX, MOST_HEAPS)
        choose(_MMAP_THRESHOLD, MAPPED_FROM)
        choose(_TRIM_THRESHOLD, MAPPED_FROM)


_settings = current_settings()
_keep_memory_together()
# While the application is loaded nothing becomes garbage, and looking for it takes a fifth of the
# time until the first answer; `when_ready` begins with it.
gc.disable()


class JsonLogger(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, through our structured log."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401, ARG002 - gunicorn's signature
        """Hand everything to the root logger; our middleware writes the line per request."""
        configure_logs()
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)
        self.access_log.disabled = True


_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host
bind = [f"{_host}:{_settings.port}"]
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
preload_app = True
control_socket_disable = True
max_requests = 0
timeout = 30
graceful_timeout = 8
keepalive = 15
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat files
logger_class = JsonLogger
accesslog = None
proc_name = "marketplace-web"


def when_ready(_server: object) -> None:
    """Before the workers fork: what is there now is shared by all of them and stays so."""
    gc.freeze()
    # A page makes thousands of small things and no cycles: looking for some after every 700 takes
    # a tenth of its time.
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def post_fork(_server: object, _worker: object) -> None:
    """No worker talks on a connection that it shares with another."""
    from marketplace.platform.database import db  # noqa: PLC0415 - the application is loaded by now
    from wsgi import app  # noqa: PLC0415

    with app.app_context():
        db.engine.dispose(close=False)
