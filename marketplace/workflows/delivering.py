"""Deliveries of contracts before they are packed: called off, moved, confirmed, cancelled.

Each step is one operation of `contracts.deliveries`; the other side is told.
"""

from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.contracts.deliveries import operations
from marketplace.contracts.deliveries.operations.moving import Days
from marketplace.contracts.deliveries.rules import Wanted
from marketplace.platform.database import session
from marketplace.workflows import delivery_mails
from models.deliveries import Delivery


def call_off(*, actor: Actor, contract_id: int, wanted: Wanted, key: str, at: datetime) -> Delivery:
    """Call goods off and ask the seller to confirm; see `operations.call_off`."""
    delivery = operations.call_off(
        actor=actor, contract_id=contract_id, wanted=wanted, key=key, at=at
    )
    if delivery.created_at == at:
        delivery_mails.tell_called_off(delivery, at=at)
    return delivery


def move_delivery(  # noqa: PLR0913 - as `operations.move_delivery`
    *,
    actor: Actor,
    delivery_id: int,
    days: Days,
    and_following: bool,
    reason: str,
    at: datetime,
) -> list[Delivery]:
    """Move a delivery or it and all that follow: one letter; see `operations.move_delivery`."""
    moved = operations.move_delivery(
        actor=actor,
        delivery_id=delivery_id,
        days=days,
        and_following=and_following,
        reason=reason,
        at=at,
    )
    delivery_mails.tell_moved(moved, reason=" ".join(reason.split()), at=at)
    return moved


def confirm_delivery(*, actor: Actor, delivery_id: int, at: datetime) -> bool:
    """Say that the goods will come, and tell the buyer; see `operations.confirm`."""
    changed = operations.confirm(actor=actor, delivery_id=delivery_id, at=at)
    if changed:
        delivery_mails.tell_confirmed(session.get_one(Delivery, delivery_id), at=at)
    return changed


def cancel_delivery(*, actor: Actor, delivery_id: int, reason: str, at: datetime) -> bool:
    """Call a delivery off and tell the other side; see `operations.cancel`."""
    changed = operations.cancel(actor=actor, delivery_id=delivery_id, reason=reason, at=at)
    if changed:
        delivery = session.get_one(Delivery, delivery_id)
        delivery_mails.tell_cancelled(delivery, actor=actor, at=at)
    return changed
