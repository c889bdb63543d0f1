"""From the basket to the goods at the door: ordering, paying, following an order."""

from flask import Blueprint

checkout = Blueprint("checkout", __name__)

from blueprints.checkout import order, pay, placing  # noqa: E402 - they hang their views here

__all__ = ["checkout", "order", "pay", "placing"]
