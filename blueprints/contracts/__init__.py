"""Contracts, for both sides alike: everything under `/hop-dong/<code>`, `code` being the reader's.

Buyer and seller see the same pages; what only one of them may do is asked of the table of
permissions.
"""

from flask import Blueprint

contracts = Blueprint("contracts", __name__, url_prefix="/hop-dong")

from blueprints.contracts import (  # noqa: E402 - they hang their views here
    approving,
    arrivals,
    bargaining,
    beginning,
    contract,
    deliveries,
    delivery_papers,
    disputes,
    invoices,
    lists,
    order_names,
    packing,
    paying,
    returns,
    signing,
    statement,
    terms,
    trial,
)

__all__ = [
    "approving",
    "arrivals",
    "bargaining",
    "beginning",
    "contract",
    "contracts",
    "deliveries",
    "delivery_papers",
    "disputes",
    "invoices",
    "lists",
    "order_names",
    "packing",
    "paying",
    "returns",
    "signing",
    "statement",
    "terms",
    "trial",
]
