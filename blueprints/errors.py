"""Refusals and accidents, as HTTP: the one place where a kind of error gets a status."""

from typing import Final

import structlog
from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from marketplace.kernel import errors
from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext

STATUS: Final[dict[type[errors.DomainError], int]] = {
    errors.NotFoundError: 404,
    errors.ForbiddenError: 403,
    errors.InvalidError: 422,
    errors.ConflictError: 409,
    errors.UnavailableError: 503,
}

SERVER_ERROR: Final = 500

TITLES: Final = {
    400: mark("Yêu cầu chưa đúng"),
    401: mark("Mời bạn đăng nhập"),
    403: mark("Bạn không có quyền làm việc này"),
    404: mark("Không có trang này"),
    405: mark("Trang này không nhận cách gửi đó"),
    409: mark("Dữ liệu vừa thay đổi"),
    413: mark("Tệp gửi lên quá lớn"),
    415: mark("Không đọc được kiểu tệp này"),
    422: mark("Thông tin gửi lên chưa đúng"),
    429: mark("Bạn thao tác hơi nhanh"),
    500: mark("Chợ đang gặp trục trặc"),
    503: mark("Chợ đang tạm nghỉ ít phút"),
}

SENTENCES: Final = {
    400: mark("Mời bạn quay lại trang trước và thử lại."),
    401: mark("Trang này dành cho người đã đăng nhập."),
    404: mark("Đường dẫn có thể đã cũ, hoặc món hàng đã hết mùa. Mùa sau sẽ có lại."),
    405: mark("Mời bạn quay lại trang trước và thử lại."),
    413: mark("Mời bạn chọn tệp nhỏ hơn, hoặc chụp lại ảnh ở cỡ vừa."),
    429: mark("Mời bạn đợi một phút rồi thử lại."),
    500: mark("Lỗi đã được ghi lại. Mời bạn thử lại sau ít phút."),
}

log = structlog.get_logger(__name__)


def sentence(error: errors.DomainError) -> str:
    """What people read about a refusal, in their language."""
    text = gettext(error.message)
    return text % error.details if "%(" in text else text


def status_of(error: errors.DomainError) -> int:
    """The HTTP status for a kind of refusal; 400 for a kind without one."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def init_app(app: Flask) -> None:
    """Answer every refusal of the marketplace, of HTTP, and every bug, as a page or as JSON."""
    app.register_error_handler(errors.DomainError, _refuse)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_bug)


def _refuse(error: errors.DomainError) -> ResponseReturnValue:
    status = status_of(error)
    return _answer(status, sentence(error), code=error.code, details=error.details)


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004
        return error
    text = gettext(SENTENCES[error.code]) if error.code in SENTENCES else ""
    answer = make_response(_answer(error.code, text, code=f"http.{error.code}", details={}))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _answer_bug(error: Exception) -> ResponseReturnValue:
    log.error("bug", path=request.path, method=request.method, exc_info=error)
    return _answer(SERVER_ERROR, gettext(SENTENCES[500]), code="bug", details={})


def _answer(
    status: int, message: str, *, code: str, details: dict[str, object]
) -> ResponseReturnValue:
    title = gettext(TITLES.get(status, TITLES[400]))
    if _wants_json():
        body = {
            "type": f"/problems/{code}",
            "title": message or title,
            "status": status,
            "details": {name: str(value) for name, value in details.items()},
        }
        return jsonify(body), status, {"Content-Type": "application/problem+json"}
    if request.headers.get("HX-Request"):
        page = render_template("errors/fragment.html", message=message or title)
    elif status >= SERVER_ERROR:
        # Without the context of the other pages: it may need the very thing that is broken.
        crash = current_app.jinja_env.get_template("errors/crash.html")
        page = crash.render(status=status, title=title, message=message)
    else:
        page = render_template("errors/page.html", status=status, title=title, message=message)
    return page, status


def _wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(("text/html", "application/json")) == "application/json"
