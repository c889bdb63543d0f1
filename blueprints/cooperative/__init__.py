"""A seller's desk: one module for each group of pages under `/quay/<code>`."""

from flask import Blueprint

cooperative = Blueprint("cooperative", __name__, url_prefix="/quay")

from blueprints.cooperative import (  # noqa: E402 - they hang their views here
    certificates,
    choose,
    lots,
    money,
    orders,
    packs,
    photos,
    products,
    revenue,
    settings,
    standing,
    team,
    today,
    units,
    years,
)

__all__ = [
    "certificates",
    "choose",
    "cooperative",
    "lots",
    "money",
    "orders",
    "packs",
    "photos",
    "products",
    "revenue",
    "settings",
    "standing",
    "team",
    "today",
    "units",
    "years",
]
