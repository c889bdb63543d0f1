"""A buyer's desk: one module for each group of pages under `/mua-hang/<code>`."""

from flask import Blueprint

enterprise = Blueprint("enterprise", __name__, url_prefix="/mua-hang")

from blueprints.enterprise import (  # noqa: E402 - they hang their views here
    awards,
    contract_goods,
    dues,
    limits,
    publishing,
    quotes,
    requests,
    searches,
    sourcing,
    today,
)

__all__ = [
    "awards",
    "contract_goods",
    "dues",
    "enterprise",
    "limits",
    "publishing",
    "quotes",
    "requests",
    "searches",
    "sourcing",
    "today",
]
