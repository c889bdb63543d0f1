"""What every response says to the browser besides its body."""

from typing import Final

from flask import Flask, Response, current_app, g, request, session

from blueprints.assets import asset
from blueprints.security import TOKEN

CSP: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""Nothing inline, nothing from elsewhere; a page that needs more says so with `allow_in_csp`."""

FIXED: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)

PERMISSIONS: Final = {"camera": "()", "geolocation": "()", "microphone": "()", "payment": "()"}
"""What a page may ask the device for: nothing; one that needs more says so."""
_PLAIN_PERMISSIONS: Final = ", ".join(f"{name}={who}" for name, who in PERMISSIONS.items())

_PLAIN_CSP: Final = "; ".join(f"{name} {sources}" for name, sources in CSP.items())


def allow_in_csp(directive: str, source: str) -> None:
    """Let the page at hand load from one more place.

    Args:
        directive: "script-src", "frame-src", "connect-src" …
        source: an origin, "https://js.stripe.com".
    """
    g.setdefault("csp", []).append((directive, source))


def allow_on_device(feature: str) -> None:
    """Let the page at hand ask whoever reads it for the use of something of their device.

    Args:
        feature: "geolocation" …
    """
    g.setdefault("on_device", set()).add(feature)


def cache_publicly(response: Response, seconds: int) -> Response:
    """Let anybody keep `response`, which must be the same for everybody, for so long."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    g.is_public_response = True
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.extend(FIXED)
    headers.add("Permissions-Policy", _permissions())
    if "Content-Security-Policy" not in headers:
        headers.add("Content-Security-Policy", _csp())
    settings = current_app.config["SETTINGS"]
    if settings.is_production:
        headers.add("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in headers:
        # A page may hold a token, a cart or a name: never kept by anybody between us and the
        # reader, and not at all once somebody is signed in.
        is_signed_in = session.accessed and TOKEN in session
        headers.add("Cache-Control", "private, no-store" if is_signed_in else "private, no-cache")
    if response.mimetype == "text/html":
        if "Vary" in headers:
            response.vary.update(("Accept-Encoding", "HX-Request"))
        else:
            headers.add("Vary", "Accept-Encoding, HX-Request")
        is_page = response.status_code == 200 and not request.headers.get("HX-Request")  # noqa: PLR2004
        if is_page and "style-src 'self'" in headers["Content-Security-Policy"]:
            headers.add("Link", f"<{asset('css/site.css')}>; rel=preload; as=style")
    return response


def _permissions() -> str:
    allowed = g.get("on_device")
    if not allowed:
        return _PLAIN_PERMISSIONS
    features = PERMISSIONS | dict.fromkeys(allowed, "(self)")
    return ", ".join(f"{name}={who}" for name, who in features.items())


def _csp() -> str:
    extra = g.get("csp")
    if not extra:
        return _PLAIN_CSP
    directives = dict(CSP)
    for directive, source in extra:
        directives[directive] = f"{directives.get(directive, '')} {source}".strip()
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())
