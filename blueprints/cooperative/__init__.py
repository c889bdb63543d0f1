"""A seller's desk: one module for each group of pages under `/quay/<code>`."""

from flask import Blueprint

cooperative = Blueprint("cooperative", __name__, url_prefix="/quay")

from blueprints.cooperative import choose, revenue, settings  # noqa: E402 - they hang their views here

__all__ = ["choose", "cooperative", "revenue", "settings"]
