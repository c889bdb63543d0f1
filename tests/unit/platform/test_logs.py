"""What a log line says, and what it never says."""

import io
import json
import logging

import pytest
import structlog

from marketplace.platform.logs import RequestLog, configure_logs, printable_path

SECRET = {"password": "hunter2"}


@pytest.fixture
def lines():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs()
    [handler] = root.handlers
    handler.setStream(written := io.StringIO())
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = before[0], before[1]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def request(*, environ=None, status="200 OK"):
    headers = {}

    def page(_environ, start_response):
        start_response(status, [("Content-Type", "text/plain")])
        return [b"chao"]

    def start_response(_status, given, *_rest):
        headers.update(given)

    body = RequestLog(page)(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/", **(environ or {})}, start_response
    )
    text = b"".join(body)
    body.close()
    return headers, text


def test_one_line_per_request_with_its_id(lines):
    headers, text = request(environ={"PATH_INFO": "/san-pham", "SCRIPT_NAME": "/en"})

    [line] = lines()
    assert text == b"chao"
    assert line["request_id"] == headers["X-Request-ID"]
    assert (line["event"], line["method"], line["path"], line["status"]) == (
        "request",
        "GET",
        "/en/san-pham",
        200,
    )


def test_an_id_from_outside_is_kept_if_it_is_sane(lines):
    kept, _ = request(environ={"HTTP_X_REQUEST_ID": "abc-123-def"})
    refused, _ = request(environ={"HTTP_X_REQUEST_ID": "a\r\nSet-Cookie: x"})

    assert kept["X-Request-ID"] == "abc-123-def"
    assert len(refused["X-Request-ID"]) == 32
    assert len(lines()) == 2


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("/san-pham/gao-st25-huu-co-soc-trang-tui-nam-can", None),
        ("/dat-lai-mat-khau/ImFiY0BkZWYi.aR3xYz.Qm9nDk2LsPqWzXy", "/dat-lai-mat-khau/ImFi…"),
        ("/xac-nhan-email/0123456789abcdefghijklmnopqrstuv0", "/xac-nhan-email/0123…"),
    ],
)
def test_tokens_in_paths_are_cut(path, printed):
    assert printable_path(path) == (printed or path)


def test_secrets_are_masked(lines):
    structlog.get_logger("test").info("signed in", user_id=3, **SECRET)
    logging.getLogger("library").warning("said %s", "so", extra={"api_token": "t0ps3cret"})

    first, second = lines()
    assert (first["password"], first["user_id"]) == ("…", 3)
    assert (second["event"], second["api_token"]) == ("said so", "…")


def test_an_error_is_told_without_what_people_typed(lines):
    typed = "số thẻ của tôi"
    try:
        _ = typed + 1
    except TypeError:
        structlog.get_logger("test").exception("failed")

    [line] = lines()
    assert line["exception"][0]["exc_type"] == "TypeError"
    assert typed not in json.dumps(line, ensure_ascii=False)
