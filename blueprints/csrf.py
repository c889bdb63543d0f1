"""Forms from elsewhere are refused, twice: by what the browser says, and by a token.

The token in a page is the secret of the visitor's session under a fresh mask each time: pages are
compressed, and a text that stays the same beside text that a stranger chooses could be guessed
letter by letter from the length (the attack called BREACH).
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from secrets import token_bytes
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request, session
from markupsafe import Markup
from wtforms.csrf.core import CSRF
from wtforms.fields.core import Field
from wtforms.validators import ValidationError

from marketplace.kernel.errors import ForbiddenError
from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext as _

FIELD: Final = "csrf_token"
HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SIZE: Final = 18
"""Bytes of the secret: 144 bits, and no padding in base64."""

View = TypeVar("View", bound=Callable[..., Any])

EXEMPT: Final[set[str]] = set()
"""Views that prove in another way who sends: an API key, a signature."""


class ForgedFormError(ForbiddenError):
    """A form that did not come from a page of ours, or from a page of another session."""

    code = "form.forged"
    message = mark("Trang đã mở quá lâu hoặc phiên đã đổi. Mời tải lại trang rồi gửi lại.")


def csrf_exempt(view: View) -> View:
    """Accept the view below without a token. Only for requests that carry their own proof."""
    EXEMPT.add(f"{view.__module__}.{view.__qualname__}")
    return view


def csrf_token() -> str:
    """For templates: the token of this visitor, under a new mask."""
    secret = _secret()
    cover = token_bytes(SIZE)
    return urlsafe_b64encode(cover + _xor(secret, cover)).decode()


def csrf() -> Markup:
    """For templates: the hidden field of a form written by hand."""
    if not is_on():
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def is_genuine(token: str | None) -> bool:
    """Whether `token` was written into a page of this visitor's session."""
    known = session.get("csrf")
    if not token or not isinstance(known, str):
        return False
    try:
        raw = urlsafe_b64decode(token)
    except ValueError:
        return False
    if len(raw) != 2 * SIZE:
        return False
    return hmac.compare_digest(_xor(raw[:SIZE], raw[SIZE:]), urlsafe_b64decode(known))


def is_on() -> bool:
    """Whether forms carry tokens; only tests switch it off."""
    return bool(current_app.config.get("WTF_CSRF_ENABLED", True))


class MaskedCSRF(CSRF):
    """The token as a field of a form."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:  # noqa: ARG002 - WTForms asks
        """What the hidden field holds."""
        return csrf_token()

    def validate_csrf_token(self, form: Any, field: Field) -> None:  # noqa: ANN401, ARG002
        """Refuse a token of another session; `check` has done so already for a request."""
        if not is_genuine(field.data):
            raise ValidationError(_(ForgedFormError.message))


def check() -> None:
    """Before each request: may this form change anything?

    Raises:
        ForgedFormError: it comes from another site, or without the token of the session.
    """
    if request.method in SAFE_METHODS or not is_on():
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or f"{view.__module__}.{view.__qualname__}" in EXEMPT:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedFormError(cause="site")
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise ForgedFormError(cause="origin")
    if not is_genuine(request.form.get(FIELD) or request.headers.get(HEADER)):
        raise ForgedFormError(cause="token")


def init_app(app: Flask) -> None:
    """Check every request, and give templates the token."""
    app.before_request(check)
    app.jinja_env.globals.update(csrf=csrf, csrf_token=csrf_token)


def _secret() -> bytes:
    known = session.get("csrf")
    if isinstance(known, str):
        return urlsafe_b64decode(known)
    secret = token_bytes(SIZE)
    session["csrf"] = urlsafe_b64encode(secret).decode()
    return secret


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(SIZE)
