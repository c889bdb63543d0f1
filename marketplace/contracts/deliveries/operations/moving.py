"""Moving a delivery, or it and all that follow."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.deliveries.access import lock_delivery, require_running
from marketplace.contracts.deliveries.errors import DeliveryReasonMissingError
from marketplace.contracts.deliveries.operations.calling import require_days
from marketplace.contracts.deliveries.operations.writing import change, note
from marketplace.contracts.deliveries.rules import DELIVERY, NOT_BEGUN, TEXT_MAX, moved_along
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.deliveries import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Days:
    """Between which days a delivery is to come."""

    due_from: date
    due_on: date


def move_delivery(  # noqa: PLR0913 - which, where to, how far, why
    *,
    actor: Actor,
    delivery_id: int,
    days: Days,
    and_following: bool,
    reason: str,
    at: datetime,
) -> list[Delivery]:
    """Move a delivery, or it and every later one of which nothing is packed.

    The following ones go along as `rules.moved_along` says, and keep the length of their windows.
    Whatever moves has to be confirmed by the seller anew. To move to the days that it has changes
    nothing, so the same form sent twice moves once.

    Args:
        actor: a buyer or director of the enterprise.
        delivery_id: which.
        days: where it goes.
        and_following: whether those due later under the contract go along.
        reason: why; the seller reads it.
        at: when.

    Returns:
        Those that moved, in the order of their days.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not decide about days, or goods are packed already.
        ContractNotRunningError: the contract is over.
        DeliveryReasonMissingError: no reason is given.
        DaysReversedError, DayTooSoonError, DayOutsideContractError: one of them cannot go there;
            nothing moves.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    require_running(contract)
    if delivery.state not in NOT_BEGUN:
        DELIVERY.require(delivery.state, DeliveryState.PLANNED)
    was = Days(delivery.due_from, delivery.due_on)
    if was == days:
        return []
    given = " ".join(reason.split())[:TEXT_MAX]
    if not given:
        raise DeliveryReasonMissingError(field="reason")
    goals = {delivery.id: days}
    moving = [delivery]
    if and_following:
        for each in _after(delivery):
            due_on = moved_along(each.due_on, was.due_on, days.due_on)
            goals[each.id] = Days(due_on - (each.due_on - each.due_from), due_on)
            moving.append(each)
    today = business_day(at)
    for each in moving:
        goal = goals[each.id]
        require_days(contract, due_from=goal.due_from, due_on=goal.due_on, today=today)
    for each in moving:
        goal = goals[each.id]
        values = {"due_from": goal.due_from, "due_on": goal.due_on}
        change(each, values, actor=actor, reason=given, at=at)
        change_state(each, DELIVERY, DeliveryState.PLANNED, actor=actor, at=at, reason=given)
        each.confirmed_at = None
        note("move_delivery", each, actor=actor, at=at, reason=given)
    session.flush()
    return moving


def _after(delivery: Delivery) -> list[Delivery]:
    """The later deliveries of the same contract that may still move."""
    later = (Delivery.due_on > delivery.due_on) | (
        (Delivery.due_on == delivery.due_on) & (Delivery.position > delivery.position)
    )
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.contract_id == delivery.contract_id, Delivery.state.in_(NOT_BEGUN), later
            )
            .order_by(Delivery.due_on, Delivery.position)
            .execution_options(populate_existing=True)
        )
    )
