"""Reading lots: the public page behind a code, and a cooperative's own list."""

from marketplace.traceability.queries.own import (
    LotOfMember,
    LotRow,
    OwnLot,
    Receivable,
    harvested_by_area,
    lock_own_lot,
    lots_of,
    lots_of_member,
    next_lot_number,
    own_lot,
    products_to_receive,
    suggested_code,
)
from marketplace.traceability.queries.parts import (
    AbsentCertificate,
    TraceCertificate,
    TraceEvent,
    TracePhoto,
)
from marketplace.traceability.queries.public import (
    LotPage,
    find_lot_code,
    lot_page,
    lot_with_most_to_tell,
)

__all__ = [
    "AbsentCertificate",
    "LotOfMember",
    "LotPage",
    "LotRow",
    "OwnLot",
    "Receivable",
    "TraceCertificate",
    "TraceEvent",
    "TracePhoto",
    "find_lot_code",
    "harvested_by_area",
    "lock_own_lot",
    "lot_page",
    "lot_with_most_to_tell",
    "lots_of",
    "lots_of_member",
    "next_lot_number",
    "own_lot",
    "products_to_receive",
    "suggested_code",
]
