"""The alliance's desk: which organisations and certificates it vouches for."""

from flask import Blueprint

alliance = Blueprint("alliance", __name__, url_prefix="/lien-minh")

from blueprints.alliance import (  # noqa: E402 - they hang their views here
    alliances,
    appeals,
    applications,
    certificates,
    figures,
    organisations,
    promises,
    references,
    requirements,
    today,
)

__all__ = [
    "alliance",
    "alliances",
    "appeals",
    "applications",
    "certificates",
    "figures",
    "organisations",
    "promises",
    "references",
    "requirements",
    "today",
]
