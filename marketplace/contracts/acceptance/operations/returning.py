"""What became of rejected goods: they are back with the seller, or written off."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.acceptance.errors import (
    ReturnEndedError,
    ReturnUnknownError,
    WriteOffReasonMissingError,
)
from marketplace.contracts.acceptance.rules import REASON_LENGTH
from marketplace.contracts.deliveries.access import lock_delivery
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.deliveries import DeliveryLine, DeliveryReturn, ReturnState

ACTIONS: Final = {
    ReturnState.RECEIVED: "contracts.receive_return",
    ReturnState.WRITTEN_OFF: "contracts.write_off_return",
}


def end_return(
    *, actor: Actor, line_id: int, outcome: ReturnState, reason: str, at: datetime
) -> DeliveryReturn | None:
    """Say that rejected goods are back in the store, or that they will not be.

    Args:
        actor: whoever handles the seller's deliveries.
        line_id: the line that the goods were rejected of.
        outcome: `RECEIVED` or `WRITTEN_OFF`.
        reason: why they are written off.
        at: when.

    Returns:
        The return if it ended just now; None when exactly this was said before.

    Raises:
        ReturnUnknownError: nothing is expected back of such a line.
        NotAllowedError: the actor does not handle the seller's deliveries.
        WriteOffReasonMissingError: written off without a reason.
        ReturnEndedError: the other was said before.
    """
    delivery_id = session.scalar(select(DeliveryLine.delivery_id).where(DeliveryLine.id == line_id))
    if delivery_id is None:
        raise ReturnUnknownError(line_id=line_id)
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    row = get_return(line_id)
    if row.state == outcome:
        return None
    if row.state != ReturnState.EXPECTED:
        raise ReturnEndedError
    given = " ".join(reason.split())[:REASON_LENGTH]
    if outcome == ReturnState.WRITTEN_OFF and not given:
        raise WriteOffReasonMissingError(field="reason")
    row.state, row.reason = outcome, given
    row.ended_at, row.ended_by_id = at, actor.user_id
    record(
        actor=actor,
        action=ACTIONS[outcome],
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        after={"line": line_id, "grams": row.grams},
        reason=given or None,
    )
    session.flush()
    return row


def get_return(line_id: int) -> DeliveryReturn:
    """What is expected back of a line, as it is now.

    Raises:
        ReturnUnknownError: nothing.
    """
    row = session.get(DeliveryReturn, line_id, populate_existing=True)
    if row is None:
        raise ReturnUnknownError(line_id=line_id)
    return row
