"""What is not for shoppers: is it alive, the components in every state, the mails of a trial."""

from flask import Blueprint

system = Blueprint("system", __name__)

from blueprints.system import health, outbox, ui  # noqa: E402 - they hang their views on the blueprint

__all__ = ["health", "outbox", "system", "ui"]
