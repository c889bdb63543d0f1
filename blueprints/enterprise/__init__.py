"""A buyer's desk: one module for each group of pages under `/mua-hang/<code>`."""

from flask import Blueprint

enterprise = Blueprint("enterprise", __name__, url_prefix="/mua-hang")

from blueprints.enterprise import searches, sourcing, today  # noqa: E402 - they hang their views

__all__ = ["enterprise", "searches", "sourcing", "today"]
