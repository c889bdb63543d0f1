"""The basket: what somebody is about to buy."""

from flask import Blueprint

cart = Blueprint("cart", __name__)

from blueprints.cart import views  # noqa: E402 - it hangs its views here

__all__ = ["cart", "views"]
