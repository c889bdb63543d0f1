"""Joining, signing in and out, and what a person may see and change about themselves."""

from flask import Blueprint

account = Blueprint("account", __name__)

from blueprints.account import (  # noqa: E402 - they hang their views on the blueprint
    addresses,
    home,
    invitations,
    passwords,
    proving,
    sessions,
    signing_in,
    signing_up,
)

__all__ = [
    "account",
    "addresses",
    "home",
    "invitations",
    "passwords",
    "proving",
    "sessions",
    "signing_in",
    "signing_up",
]
