"""The formats of `platform.formatting` as filters for templates, and JSON for search engines."""

import json

from flask import Flask
from markupsafe import Markup

from marketplace.platform.formatting import FORMATS


def jsonld(value: object) -> Markup:
    """JSON for a `<script type="application/ld+json">`; nothing in it can end the script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    safe = text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
    return Markup(safe)  # noqa: S704 - the three characters of markup are escaped above


def init_app(app: Flask) -> None:
    """Give templates their filters, under the names of the functions."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update({write.__name__: write for write in FORMATS})
    app.jinja_env.filters["jsonld"] = jsonld
