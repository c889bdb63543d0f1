"""A buyer's desk: one module for each group of pages under `/mua-hang/<code>`."""

from flask import Blueprint

enterprise = Blueprint("enterprise", __name__, url_prefix="/mua-hang")

from blueprints.enterprise import awards, quotes, today  # noqa: E402 - it hangs its views here

__all__ = ["awards", "enterprise", "quotes", "today"]
