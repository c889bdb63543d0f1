"""Tables: columns, constraints, relationships and the questions a row can answer alone.

Importing this package maps every table. It imports SQLAlchemy and
`marketplace.kernel`, and nothing else of ours.
"""

from models import (
    accounts,
    catalogue,
    certification,
    inventory,
    ledger,
    media,
    notifications,
    orders,
    payments,
    platform,
    standing,
    statistics,
    traceability,
    unions,
)

__all__ = [
    "accounts",
    "catalogue",
    "certification",
    "inventory",
    "ledger",
    "media",
    "notifications",
    "orders",
    "payments",
    "platform",
    "standing",
    "statistics",
    "traceability",
    "unions",
]
