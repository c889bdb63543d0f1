"""Disagreeing with a delivery, which holds the clock, and saying that it is settled."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.acceptance.errors import (
    DisputeOfOthersError,
    DisputeOpenError,
    DisputeTextMissingError,
    NoDisputeError,
    NothingToDisputeError,
)
from marketplace.contracts.acceptance.rules import (
    DISPUTE_DAYS,
    DISPUTE_LENGTH,
    can_dispute,
    clock_after,
)
from marketplace.contracts.access import side_of
from marketplace.contracts.deliveries.access import lock_delivery
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.deliveries import DeliveryDispute, DeliveryState


def open_dispute(*, actor: Actor, delivery_id: int, text: str, at: datetime) -> DeliveryDispute:
    """Say that one's side does not agree: with the goods that are underway, or with the result.

    While goods are underway it stops the clock. The same words again are the same dispute.

    Args:
        actor: who bargains for one of the two sides.
        delivery_id: of which delivery.
        text: what is not agreed.
        at: when.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor bargains for neither side.
        DisputeTextMissingError: nothing is said.
        NothingToDisputeError: nothing is underway, or it was accepted too long ago.
        DisputeOpenError: another one is open.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_DISPUTE, contract)
    given = text.strip()[:DISPUTE_LENGTH]
    if not given:
        raise DisputeTextMissingError(field="text")
    side = side_of(contract, actor)
    open_one = find_open(delivery.id)
    if open_one is not None:
        if (open_one.side, open_one.text) == (side, given):
            return open_one
        raise DisputeOpenError
    if not can_dispute(delivery, at):
        raise NothingToDisputeError(days=DISPUTE_DAYS)
    dispute = DeliveryDispute(
        delivery_id=delivery.id, side=side, text=given, opened_at=at, opened_by_id=actor.user_id
    )
    session.add(dispute)
    delivery.dispute_open = True
    record(
        actor=actor,
        action="contracts.open_dispute",
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        reason=given,
    )
    session.flush()
    return dispute


def resolve_dispute(
    *, actor: Actor, delivery_id: int, resolution: str, at: datetime
) -> DeliveryDispute:
    """Say how the open dispute was settled. Goods that are underway get the rest of their time.

    Args:
        actor: who bargains for the side that opened it: it is settled when that side says so.
        delivery_id: of which delivery.
        resolution: what the two agreed on.
        at: when.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor bargains for neither side.
        NoDisputeError: none is open.
        DisputeOfOthersError: the other side opened it.
        DisputeTextMissingError: nothing is said.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_DISPUTE, contract)
    dispute = find_open(delivery.id)
    if dispute is None:
        raise NoDisputeError
    if dispute.side != side_of(contract, actor):
        raise DisputeOfOthersError
    given = resolution.strip()[:DISPUTE_LENGTH]
    if not given:
        raise DisputeTextMissingError(field="text")
    dispute.resolution, dispute.resolved_at = given, at
    dispute.resolved_by_id = actor.user_id
    delivery.dispute_open = False
    if delivery.state == DeliveryState.SHIPPED and delivery.accept_by_at is not None:
        delivery.accept_by_at = clock_after(
            delivery.accept_by_at, opened_at=dispute.opened_at, resolved_at=at
        )
    record(
        actor=actor,
        action="contracts.resolve_dispute",
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        reason=given,
    )
    session.flush()
    return dispute


def find_open(delivery_id: int) -> DeliveryDispute | None:
    """The dispute of a delivery that is not settled."""
    return session.scalar(
        select(DeliveryDispute).where(
            DeliveryDispute.delivery_id == delivery_id, DeliveryDispute.resolved_at.is_(None)
        )
    )
