"""Contracts, for both sides alike: everything under `/hop-dong/<code>`, `code` being the reader's.

Buyer and seller see the same pages; what only one of them may do is asked of the table of
permissions.
"""

from flask import Blueprint

contracts = Blueprint("contracts", __name__, url_prefix="/hop-dong")

from blueprints.contracts import statement  # noqa: E402 - it hangs its views here

__all__ = ["contracts", "statement"]
