"""Reading lots: the public page behind a code, and a cooperative's own list."""

from marketplace.traceability.queries.own import (
    LotRow,
    OwnLot,
    lock_own_lot,
    lots_of,
    next_lot_number,
    own_lot,
)
from marketplace.traceability.queries.parts import TraceCertificate, TraceEvent, TracePhoto
from marketplace.traceability.queries.public import LotPage, lot_page, require_lot_code

__all__ = [
    "LotPage",
    "LotRow",
    "OwnLot",
    "TraceCertificate",
    "TraceEvent",
    "TracePhoto",
    "lock_own_lot",
    "lot_page",
    "lots_of",
    "next_lot_number",
    "own_lot",
    "require_lot_code",
]
