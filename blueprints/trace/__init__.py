"""The page behind the code on a pack."""

from flask import Blueprint

trace = Blueprint("trace", __name__)

from blueprints.trace import views  # noqa: E402 - it hangs its views here

__all__ = ["trace", "views"]
