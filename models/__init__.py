"""Tables: columns, constraints, relationships and the questions a row can answer alone.

Importing this package maps every table. It imports SQLAlchemy and
`marketplace.kernel`, and nothing else of ours.
"""

from models import (
    accounts,
    bank_accounts,
    catalogue,
    certification,
    consents,
    contracts,
    deliveries,
    inventory,
    invoicing,
    ledger,
    media,
    membership,
    notifications,
    onboarding,
    orders,
    payments,
    platform,
    promises,
    requests,
    standing,
    statistics,
    supply,
    traceability,
    unions,
)

__all__ = [
    "accounts",
    "bank_accounts",
    "catalogue",
    "certification",
    "consents",
    "contracts",
    "deliveries",
    "inventory",
    "invoicing",
    "ledger",
    "media",
    "membership",
    "notifications",
    "onboarding",
    "orders",
    "payments",
    "platform",
    "promises",
    "requests",
    "standing",
    "statistics",
    "supply",
    "traceability",
    "unions",
]
