"""The composition root: the only module that knows every part."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import models
from blueprints import register_blueprints
from marketplace.cli.main import Commands
from marketplace.platform.config import (
    ROOT,
    ConfigurationError,
    Settings,
    read_settings,
    use_settings,
)
from marketplace.platform.database import db
from marketplace.platform.logs import RequestLog
from marketplace.platform.migrations import present_revision, sqlalchemy_url
from marketplace.platform.pool import tend_pool
from marketplace.platform.revisions import expected_revision

MAPPED = models.__all__

LARGEST_UPLOAD = 12 * 1024 * 1024
LARGEST_FORM = 512 * 1024
MOST_FORM_PARTS = 500


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: how to run; what the environment says by default.

    Raises:
        ConfigurationError: the settings must not go live.
    """
    settings = settings or read_settings()
    settings.check()
    use_settings(settings)
    app = Flask(
        "marketplace",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
        instance_path=str(settings.var_dir),
    )
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.app_env == "test",
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(
            settings.database_url or "postgresql:///marketplace"
        ),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": settings.web_threads,
            "max_overflow": 2,
            "pool_timeout": 5,
        },
    )
    app.cli = Commands(app.name)
    db.init_app(app)
    with app.app_context():
        tend_pool(db.engine)
    register_blueprints(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    app.wsgi_app = RequestLog(app.wsgi_app)  # type: ignore[method-assign]
    return app


def require_schema(app: Flask) -> None:
    """Keep production from serving on a schema that the code was not written for.

    Raises:
        ConfigurationError: migrations are pending.
    """
    if not app.config["SETTINGS"].is_production:
        return
    with app.app_context(), db.engine.connect() as connection:
        present = present_revision(connection)
    if present != expected_revision():
        raise ConfigurationError(
            f"Migrations are pending (the database is at {present}, the code expects "
            f"{expected_revision()}): run `marketplace db upgrade` first."
        )
