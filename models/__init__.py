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
    onboarding,
    orders,
    payments,
    platform,
    traceability,
)

__all__ = [
    "accounts",
    "catalogue",
    "certification",
    "inventory",
    "ledger",
    "media",
    "notifications",
    "onboarding",
    "orders",
    "payments",
    "platform",
    "traceability",
]
