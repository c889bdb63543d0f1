"""The operator's desk: money in, money out, and what a person has to decide."""

from flask import Blueprint

operator = Blueprint("operator", __name__, url_prefix="/van-hanh")

from blueprints.operator import (  # noqa: E402 - they hang their views here
    cash,
    lines,
    payments,
    payouts,
    refunds,
    statements,
    today,
)

__all__ = ["cash", "lines", "operator", "payments", "payouts", "refunds", "statements", "today"]
