"""Structured logs: one JSON object a line, with the id of the request it belongs to.

Secrets are kept out at one place: whatever a caller passes under a name that sounds like
one is masked, query strings are never written, and path segments that look like tokens
are cut short.
"""

import logging
import re
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECRET_NAMES = re.compile(
    r"secret|password|token|cookie|authorization|session|csrf|signature", re.IGNORECASE
)
TOKEN_SEGMENT = re.compile(r"(?<=/)(?=[^/]*[A-Z_.]|[^/-]*(?:/|$))[\w.~-]{32,}")
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET_PATHS = ("/static/", "/media/", "/healthz", "/readyz")


def configure_logs(*, level: int = logging.INFO) -> None:
    """Send everything, our own lines and the libraries', to standard output as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Never with local variables: they hold what people typed.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        _mask_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("procrastinate", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def printable_path(path: str) -> str:
    """`path` with segments that look like tokens cut to their first four characters."""
    return TOKEN_SEGMENT.sub(lambda match: f"{match[0][:4]}…", path)


class RequestLog:
    """WSGI middleware: gives each request an id, answers with it, writes one line at its end."""

    def __init__(self, wsgi_app: "WSGIApplication") -> None:
        self.wsgi_app = wsgi_app
        self.log = structlog.get_logger("request")

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        environ["marketplace.request_id"] = request_id
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        method = environ.get("REQUEST_METHOD", "")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), [500]

        def start(code: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # noqa: ANN401
            status[0] = int(code[:3])
            return start_response(code, [*headers, ("X-Request-ID", request_id)], *rest)

        def finish() -> None:
            self.log.info(
                "request",
                request_id=request_id,
                method=method,
                path=printable_path(path),
                status=status[0],
                ms=round((time.perf_counter() - started) * 1000, 1),
            )

        if path.startswith(QUIET_PATHS):
            return self.wsgi_app(environ, start)  # files may go out by sendfile, unwrapped
        try:
            body = self.wsgi_app(environ, start)
        except BaseException:
            finish()
            raise
        return _Body(body, finish)


class _Body:
    """The body of an answer; the line is written when the server closes it."""

    def __init__(self, body: Iterable[bytes], finish: Any) -> None:  # noqa: ANN401
        self.body, self.finish = body, finish

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.body)

    def close(self) -> None:
        """Close what is inside, then write the line."""
        try:
            close = getattr(self.body, "close", None)
            if close is not None:
                close()
        finally:
            self.finish()


def _mask_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name in event:
        if SECRET_NAMES.search(name):
            event[name] = "…"
    return event
