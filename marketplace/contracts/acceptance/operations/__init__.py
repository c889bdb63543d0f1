"""Saying what arrived, disagreeing with it, and what becomes of what was not taken."""

from marketplace.contracts.acceptance.operations.accepting import (
    accept_automatically,
    accept_delivery,
    keep_prices,
)
from marketplace.contracts.acceptance.operations.disputing import open_dispute, resolve_dispute
from marketplace.contracts.acceptance.operations.returning import end_return

__all__ = [
    "accept_automatically",
    "accept_delivery",
    "end_return",
    "keep_prices",
    "open_dispute",
    "resolve_dispute",
]
