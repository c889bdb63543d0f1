"""The deliveries that a contract itself plans, when it is signed and when it is amended."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.contracts.deliveries.operations.writing import (
    change,
    new_delivery,
    next_position,
    note,
    place_values,
)
from marketplace.contracts.deliveries.rules import DELIVERY, NOT_BEGUN, agreed_deliveries
from marketplace.contracts.terms import Planned, Terms
from marketplace.kernel.translation import mark
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryOrigin, DeliveryState

AMENDED = mark("Theo phụ lục hợp đồng đã ký.")


def plan_deliveries(*, actor: Actor, contract: Contract, terms: Terms, at: datetime) -> int:
    """Plan what signed terms plan. The caller holds the contract and knows that both signed.

    The same terms again change nothing. Deliveries that amended terms still name stay as they are,
    moved ones too. One that they name no more becomes a new one in place, as long as nothing of it
    is packed, and has to be confirmed anew; without a new one it is cancelled. What is packed
    stays, whatever the terms say now.

    Args:
        actor: who signed last.
        contract: held by `contracts.access.lock_contract`.
        terms: of the version in force.
        at: when.

    Returns:
        How many deliveries are new, changed or cancelled.
    """
    agreed = agreed_deliveries(terms)
    known = _scheduled(contract.id)
    fresh = [key for key in agreed if key not in known]
    gone = [each for key, each in known.items() if key not in agreed and each.state in NOT_BEGUN]
    for delivery, key in zip(gone, fresh, strict=False):
        _amend(delivery, key, agreed[key], actor, at)
    for delivery in gone[len(fresh) :]:
        delivery.schedule_key = None
        _cancel(delivery, actor, at)
    position = next_position(contract.id)
    for offset, key in enumerate(fresh[len(gone) :]):
        delivery = new_delivery(
            contract, DeliveryOrigin.SCHEDULE, position=position + offset, actor=actor, at=at
        )
        delivery.schedule_key = key
        for name, value in _values(agreed[key]).items():
            setattr(delivery, name, value)
        session.add(delivery)
        session.flush()
        note("plan_delivery", delivery, actor=actor, at=at)
    session.flush()
    return max(len(fresh), len(gone))


def _scheduled(contract_id: int) -> dict[str, Delivery]:
    """The deliveries that terms planned, by their keys, the earliest first."""
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.contract_id == contract_id, Delivery.schedule_key.is_not(None))
        .order_by(Delivery.due_on, Delivery.position)
        .execution_options(populate_existing=True)
    )
    return {str(row.schedule_key): row for row in rows}


def _values(planned: Planned) -> dict[str, Any]:
    return {
        "due_from": planned.due_from,
        "due_on": planned.due_on,
        "planned_g": planned.grams,
        **place_values(planned.place),
    }


def _amend(delivery: Delivery, key: str, planned: Planned, actor: Actor, at: datetime) -> None:
    delivery.schedule_key = key
    change(delivery, _values(planned), actor=actor, reason=AMENDED, at=at)
    change_state(delivery, DELIVERY, DeliveryState.PLANNED, actor=actor, at=at, reason=AMENDED)
    delivery.confirmed_at = None
    note("amend_delivery", delivery, actor=actor, at=at, reason=AMENDED)


def _cancel(delivery: Delivery, actor: Actor, at: datetime) -> None:
    change_state(delivery, DELIVERY, DeliveryState.CANCELLED, actor=actor, at=at, reason=AMENDED)
    delivery.cancelled_at, delivery.cancel_reason = at, AMENDED
    note("cancel_delivery", delivery, actor=actor, at=at, reason=AMENDED)
