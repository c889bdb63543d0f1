"""The seller's word that goods will come, and a delivery that will not be."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, NotAllowedError, Permission, allows, authorize
from marketplace.contracts.deliveries.access import lock_delivery, require_running
from marketplace.contracts.deliveries.errors import DeliveryReasonMissingError
from marketplace.contracts.deliveries.operations.writing import note
from marketplace.contracts.deliveries.rules import DELIVERY, NOT_BEGUN, TEXT_MAX
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryOrigin, DeliveryState


def confirm(*, actor: Actor, delivery_id: int, at: datetime) -> bool:
    """The seller says that the goods will come as planned. Again changes nothing.

    Returns:
        Whether anything changed.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not deliver for this seller, or it is past confirming.
        ContractNotRunningError: the contract is over.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    if delivery.state == DeliveryState.CONFIRMED:
        return False
    require_running(contract)
    change_state(delivery, DELIVERY, DeliveryState.CONFIRMED, actor=actor, at=at)
    delivery.confirmed_at = at
    note("confirm_delivery", delivery, actor=actor, at=at)
    return True


def cancel(*, actor: Actor, delivery_id: int, reason: str, at: datetime) -> bool:
    """Call a delivery off of which nothing is packed; its grams are the contract's again.

    The buyer may do so with every such delivery; the seller may decline what was called off and
    not confirmed yet, but not what the schedule says.

    Returns:
        Whether anything changed.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor may not, or goods are packed already.
        DeliveryReasonMissingError: no reason is given.
    """
    contract, delivery = lock_delivery(delivery_id)
    if not may_cancel(contract, delivery, actor=actor):
        raise NotAllowedError(permission=str(Permission.CALL_OFF_MAKE))
    if delivery.state == DeliveryState.CANCELLED:
        return False
    DELIVERY.require(delivery.state, DeliveryState.CANCELLED)
    given = " ".join(reason.split())[:TEXT_MAX]
    if not given:
        raise DeliveryReasonMissingError(field="reason")
    _end(delivery, actor=actor, reason=given, at=at)
    return True


def may_cancel(contract: Contract, delivery: Delivery, *, actor: Actor) -> bool:
    """Whether somebody may call this delivery off, as far as who they are and its origin go."""
    if allows(actor, Permission.CALL_OFF_MAKE, contract):
        return True
    is_declined = delivery.origin == DeliveryOrigin.CALL_OFF and delivery.state in (
        DeliveryState.PLANNED,
        DeliveryState.CANCELLED,
    )
    return is_declined and allows(actor, Permission.DELIVERY_FULFIL, contract)


def cancel_open_deliveries(
    *, actor: Actor, contract: Contract, reason: str, at: datetime
) -> list[Delivery]:
    """Call off everything that is not packed, because the contract ends.

    The caller holds the contract and was asked for their right to end it. Packed goods are taken
    back into the store first, by the workflow; shipped ones are still accepted and paid.

    Returns:
        Those that were called off.
    """
    found = session.scalars(
        select(Delivery)
        .where(Delivery.contract_id == contract.id, Delivery.state.in_(NOT_BEGUN))
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    ).all()
    for delivery in found:
        _end(delivery, actor=actor, reason=reason[:TEXT_MAX], at=at)
    return list(found)


def _end(delivery: Delivery, *, actor: Actor, reason: str, at: datetime) -> None:
    change_state(delivery, DELIVERY, DeliveryState.CANCELLED, actor=actor, at=at, reason=reason)
    delivery.cancelled_at, delivery.cancel_reason = at, reason
    session.flush()
    note("cancel_delivery", delivery, actor=actor, at=at, reason=reason)
