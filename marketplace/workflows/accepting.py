"""The story of a delivery that arrives: accepted, priced, invoiced, sent back, disputed.

The price is reckoned here once, in the transaction that accepts, from the terms in force and the
reference price of the day of shipping; what it was reckoned from stays with the line.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.contracts.acceptance import operations
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.rules import Arrival, LineResult
from marketplace.contracts.access import terms_in
from marketplace.contracts.pricing import Priced, price_line
from marketplace.contracts.references.queries import price_on
from marketplace.contracts.terms import Terms
from marketplace.inventory.returning import take_back
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.queue import defer
from marketplace.workflows.contract_billing import invoice_delivery
from models.contracts import Contract
from models.deliveries import (
    Delivery,
    DeliveryDispute,
    DeliveryLine,
    DeliveryReturn,
    ReturnState,
)

TELL_ACCEPTED: Final = "contracts.tell_accepted"
TELL_DISPUTED: Final = "contracts.tell_disputed"
TELL_SETTLED: Final = "contracts.tell_settled"
TELL_RETURNED: Final = "contracts.tell_returned"


def accept_delivery(
    *,
    actor: Actor,
    delivery_id: int,
    arrival: Arrival,
    results: Sequence[LineResult],
    at: datetime,
) -> bool:
    """Say what arrived, and with it what it costs; see `operations.accept_delivery`.

    Returns:
        Whether anything changed.

    Raises:
        ReferenceMissingError: the price follows a reference that nobody has published.
    """
    changed = operations.accept_delivery(
        actor=actor, delivery_id=delivery_id, arrival=arrival, results=results, at=at
    )
    if changed:
        _settle(delivery_id, at)
    return changed


def accept_automatically(*, delivery_id: int, at: datetime) -> bool:
    """Accept what nobody spoke of until the deadline; see `operations.accept_automatically`."""
    changed = operations.accept_automatically(delivery_id=delivery_id, at=at)
    if changed:
        _settle(delivery_id, at)
    return changed


def open_dispute(*, actor: Actor, delivery_id: int, text: str, at: datetime) -> DeliveryDispute:
    """Disagree, and let the other side know; see `operations.open_dispute`."""
    dispute = operations.open_dispute(actor=actor, delivery_id=delivery_id, text=text, at=at)
    if dispute.opened_at == at:
        defer(TELL_DISPUTED, dispute_id=dispute.id)
    return dispute


def resolve_dispute(
    *, actor: Actor, delivery_id: int, resolution: str, at: datetime
) -> DeliveryDispute:
    """Say how it was settled, and let the other side know; see `operations.resolve_dispute`."""
    dispute = operations.resolve_dispute(
        actor=actor, delivery_id=delivery_id, resolution=resolution, at=at
    )
    defer(TELL_SETTLED, dispute_id=dispute.id)
    return dispute


def receive_return(*, actor: Actor, line_id: int, at: datetime) -> bool:
    """Rejected goods are back: they go into the lot they came from; see `operations.end_return`.

    Returns:
        Whether anything changed.

    Raises:
        StockNotFoundError: the lot is none of the seller's.
    """
    ended = operations.end_return(
        actor=actor, line_id=line_id, outcome=ReturnState.RECEIVED, reason="", at=at
    )
    if ended is None:
        return False
    line, contract = _of_return(ended)
    take_back(
        actor=actor,
        organisation_id=contract.seller_id,
        lot_id=line.lot_id,
        grams=ended.grams,
        ref=f"returned:{line.id}",
        at=at,
    )
    defer(TELL_RETURNED, line_id=line.id)
    return True


def write_off_return(*, actor: Actor, line_id: int, reason: str, at: datetime) -> bool:
    """Rejected goods do not come back into the store; see `operations.end_return`.

    Returns:
        Whether anything changed.
    """
    ended = operations.end_return(
        actor=actor, line_id=line_id, outcome=ReturnState.WRITTEN_OFF, reason=reason, at=at
    )
    if ended is not None:
        defer(TELL_RETURNED, line_id=line_id)
    return ended is not None


def _settle(delivery_id: int, at: datetime) -> None:
    """What follows from acceptance, whoever said it. The contract is held."""
    delivery = session.get_one(Delivery, delivery_id)
    contract = session.get_one(Contract, delivery.contract_id)
    terms = terms_in(contract)
    operations.keep_prices(
        prices={line.id: _priced(line, delivery, terms) for line in lines_of(delivery_id)}
    )
    session.flush()
    invoice_delivery(delivery_id=delivery_id, at=at)
    defer(TELL_ACCEPTED, delivery_id=delivery_id)


def _priced(line: DeliveryLine, delivery: Delivery, terms: Terms) -> Priced:
    shipped_on = business_day(delivery.shipped_at or delivery.created_at)
    reference = None if terms.price.is_fixed else price_on(terms.price.reference_code, shipped_on)
    return price_line(
        terms=terms,
        shipped_on=shipped_on,
        grade=line.accepted_grade,
        net_g=line.accepted_g or 0,
        moisture=line.moisture,
        reference_minor=None if reference is None else reference.price_minor,
    )


def _of_return(row: DeliveryReturn) -> tuple[DeliveryLine, Contract]:
    line = session.get_one(DeliveryLine, row.line_id)
    delivery = session.get_one(Delivery, line.delivery_id)
    return line, session.get_one(Contract, delivery.contract_id)
