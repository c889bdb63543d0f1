"""Joining the market: the public form, the page of an application, by its mailed link."""

from flask import Blueprint

joining = Blueprint("joining", __name__, url_prefix="/tham-gia")

from blueprints.joining import (  # noqa: E402 - they hang their views here
    own,
    starting,
    steps,
)

__all__ = ["joining", "own", "starting", "steps"]
