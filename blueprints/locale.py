"""The language of the page: Vietnamese without a prefix, English under `/en`.

The prefix moves into `SCRIPT_NAME` before Flask sees the request, so every route exists once and
`url_for` writes the prefix by itself.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Flask, current_app, g, request

from marketplace.platform.translation import (
    current_locale,
    gettext,
    ngettext,
    using_locale,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIXES: Final = {"vi": "", "en": "/en"}


class LocaleMiddleware:
    """Takes `/en` off the path and answers in that language."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if path != "/en" and not path.startswith("/en/"):
            with using_locale("vi"):
                return self._app(environ, start_response)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
        environ["PATH_INFO"] = path[3:] or "/"
        with using_locale("en"):
            return self._app(environ, start_response)


def path(to: str) -> str:
    """For templates: a path of the marketplace in the language of the page.

    Much cheaper than `url_for`; for lists and menus.

    Args:
        to: begins with a slash, "/san-pham/ca-phe".
    """
    return request.script_root + to


def absolute_url(to: str, locale: str | None = None) -> str:
    """A full address, for mails, canonical links, the sitemap and QR codes.

    Args:
        to: begins with a slash, without a language prefix.
        locale: "vi" or "en"; the reader's when left out.
    """
    base = str(current_app.config["SETTINGS"].base_url).rstrip("/")
    return f"{base}{PREFIXES[locale or current_locale()]}{to}"


def canonical_url(locale: str, query: str = "") -> str:
    """For templates: the full address of the page at hand in a language.

    Args:
        locale: "vi" or "en".
        query: what of the query belongs to the page, encoded; may be empty.
    """
    return absolute_url(_with_query(quote(request.path), query), locale)


def switch_to(locale: str) -> str:
    """For templates: the same page, with its filters, in another language.

    What answers a form at an address that has no page says with `g.page_path` whose page it is.
    """
    is_page = request.method in {"GET", "HEAD"}
    query = request.query_string.decode("latin-1") if is_page else ""
    return PREFIXES[locale] + _with_query(quote(g.get("page_path", request.path)), query)


def _with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def init_app(app: Flask) -> None:
    """Put the middleware in front, and give templates their words."""
    app.wsgi_app = LocaleMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False
    )
    app.jinja_env.globals.update(
        market_name=app.config["SETTINGS"].market_name,
        _=gettext,
        path=path,
        absolute_url=absolute_url,
        canonical_url=canonical_url,
        switch_to=switch_to,
        current_locale=current_locale,
    )

    @app.context_processor
    def language() -> dict[str, str]:
        return {"lang": current_locale(), "root": request.script_root}
