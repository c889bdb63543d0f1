"""How gunicorn serves us: `gunicorn --config python:marketplace.platform.webserver wsgi:app`."""

import gc
import logging
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from marketplace.platform.config import current_settings
from marketplace.platform.logs import configure_logs

_settings = current_settings()


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
    gc.collect()
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """No worker talks on a connection that it shares with another."""
    from marketplace.platform.database import db  # noqa: PLC0415 - the application is loaded by now
    from wsgi import app  # noqa: PLC0415

    with app.app_context():
        db.engine.dispose(close=False)
