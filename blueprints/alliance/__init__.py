"""The alliance's desk: which organisations and certificates it vouches for."""

from flask import Blueprint

alliance = Blueprint("alliance", __name__, url_prefix="/lien-minh")

from blueprints.alliance import organisations, today  # noqa: E402 - they hang their views here

__all__ = ["alliance", "organisations", "today"]
