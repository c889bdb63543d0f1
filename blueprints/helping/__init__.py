"""Acting on behalf of a cooperative: for staff of alliances and unions, under `/lam-thay`."""

from flask import Blueprint

helping = Blueprint("helping", __name__, url_prefix="/lam-thay")

from blueprints.helping import views  # noqa: E402 - they hang themselves on the blueprint

__all__ = ["helping", "views"]
