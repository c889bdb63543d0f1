"""HTTP: a request in, one call into the marketplace, a response out."""

from flask import Flask

from blueprints.system import system


def register_blueprints(app: Flask) -> None:
    """Mount every page and endpoint."""
    app.register_blueprint(system)
