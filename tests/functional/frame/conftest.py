"""The frame by itself: pages made for these tests, and no database."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask, Response, flash, render_template_string, session
from flask.testing import FlaskClient

from blueprints import csrf, headers, navigation, security
from marketplace.app import create_app
from marketplace.catalogue.categories import CategoryNode, CategoryTree
from marketplace.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from marketplace.platform.config import Settings, current_settings, use_settings

TREE = CategoryTree(
    tops=(CategoryNode(1, "ca-phe", "Cà phê", "Coffee", None),), by_id={}, by_slug={}
)

PAGE = '{% extends "layout.html" %}{% block main %}<p>Chè</p>{% endblock %}'
KINDS = {
    "404": NotFoundError,
    "403": ForbiddenError,
    "422": InvalidError,
    "409": ConflictError,
    "503": UnavailableError,
}


class ShortError(ConflictError):
    """Says how many are left."""

    code = "test.short"
    message = "Chỉ còn %(left)s gói."


samples = Blueprint("samples", __name__)


@samples.get("/mau")
@security.public
def show_page():
    return render_template_string(PAGE, canonical_query="nhom=che")


@samples.get("/rieng")
@security.public
def show_basket():
    session["cart_count"] = 3
    flash("Đã lưu.", "ok")
    return render_template_string(PAGE, htmx=True)


@samples.get("/kin")
def show_closed():
    return "kín"


@samples.post("/gui")
@security.public
def send():
    return "đã nhận"


@samples.post("/webhook")
@security.public
@csrf.csrf_exempt
def receive():
    return "đã nhận"


@samples.get("/token")
@security.public
def show_token():
    return csrf.csrf_token()


@samples.get("/loi/<kind>")
@security.public
def refuse(kind):
    raise KINDS[kind]


@samples.get("/thieu")
@security.public
def run_short():
    raise ShortError(left=2)


@samples.get("/hong")
@security.public
def break_down():
    raise RuntimeError("bí mật")


@samples.get("/the")
@security.public
def show_cards():
    headers.allow_in_csp("script-src", "https://js.stripe.com")
    headers.allow_in_csp("frame-src", "https://js.stripe.com")
    return "thẻ"


@samples.get("/cong-khai")
@security.public
def show_to_all():
    return headers.cache_publicly(Response("giống nhau"), 60)


@samples.get("/bang")
@security.public
def show_table():
    return Response("a;b\n" * 500, mimetype="text/csv")


def build(tmp_path: Path, **changes) -> Flask:
    settings = Settings(
        **{"app_env": "test", "secret_key": "x" * 40, "base_url": "https://cho.example"} | changes,
        var_dir=tmp_path,
        database_url="postgresql://nobody@127.0.0.1:1/none",
    )
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_blueprint(samples)
    return app


@pytest.fixture
def frame_app(tmp_path, monkeypatch) -> Flask:
    """The application with pages of the tests in it; its categories come from memory."""
    monkeypatch.setattr(navigation, "categories_tree", lambda: TREE)
    before = current_settings()
    yield build(tmp_path)
    use_settings(before)


@pytest.fixture
def page(frame_app) -> FlaskClient:
    """A browser on it."""
    return frame_app.test_client()
