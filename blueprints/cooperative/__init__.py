"""A seller's desk: one module for each group of pages under `/quay/<code>`."""

from flask import Blueprint

cooperative = Blueprint("cooperative", __name__, url_prefix="/quay")

from blueprints.cooperative import (  # noqa: E402 - they hang their views here
    bank_accounts,
    certificates,
    choose,
    consents,
    growing_areas,
    lots,
    member_data,
    member_files,
    members,
    money,
    orders,
    packs,
    photos,
    plots,
    products,
    revenue,
    settings,
    shares,
    standing,
    team,
    today,
    units,
    years,
)

__all__ = [
    "bank_accounts",
    "certificates",
    "choose",
    "consents",
    "cooperative",
    "growing_areas",
    "lots",
    "member_data",
    "member_files",
    "members",
    "money",
    "orders",
    "packs",
    "photos",
    "plots",
    "products",
    "revenue",
    "settings",
    "shares",
    "standing",
    "team",
    "today",
    "units",
    "years",
]
