"""A new delivery, and what every change of one leaves behind."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor
from marketplace.contracts.deliveries.rules import NUMBER_PREFIX
from marketplace.contracts.terms import Place
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ORDER_BITS, dated_number
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryChange, DeliveryOrigin, DeliveryState

CHANGEABLE = ("due_from", "due_on", "planned_g", "province_code", "commune_code", "address")


def next_position(contract_id: int) -> int:
    """The place in the row of deliveries after the last one; hold the contract."""
    last = session.scalar(
        select(func.max(Delivery.position)).where(Delivery.contract_id == contract_id)
    )
    return (last or 0) + 1


def new_delivery(
    contract: Contract, origin: DeliveryOrigin, *, position: int, actor: Actor, at: datetime
) -> Delivery:
    """A planned delivery of a contract, without days, grams and place; not in the session yet."""
    return Delivery(
        number=dated_number(NUMBER_PREFIX, business_day(at), draw_bits(ORDER_BITS)),
        contract_id=contract.id,
        position=position,
        origin=origin,
        state=DeliveryState.PLANNED,
        po_number=contract.po_number,
        cost_centre=contract.cost_centre,
        created_at=at,
        # A job that plans what two people signed has nobody behind it but who made the contract.
        created_by_id=actor.user_id or contract.created_by_id,
    )


def place_values(place: Place) -> dict[str, Any]:
    """The columns of a delivery that say where it goes."""
    return {
        "province_code": place.province_code,
        "commune_code": place.commune_code,
        "address": place.address,
    }


def change(
    delivery: Delivery, values: Mapping[str, Any], *, actor: Actor, reason: str, at: datetime
) -> bool:
    """Let a delivery say something else and keep what it said; whether anything differs."""
    differences = [
        {"field": name, "before": _plain(was), "after": _plain(values[name])}
        for name in CHANGEABLE
        if name in values and (was := getattr(delivery, name)) != values[name]
    ]
    if not differences:
        return False
    for each in differences:
        setattr(delivery, str(each["field"]), values[str(each["field"])])
    session.add(
        DeliveryChange(
            delivery_id=delivery.id,
            differences=differences,
            reason=reason,
            at=at,
            by_id=actor.user_id,
        )
    )
    session.flush()
    return True


def note(  # noqa: PLR0913 - the columns of one row
    verb: str,
    delivery: Delivery,
    *,
    actor: Actor,
    at: datetime,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add a row to the trail about a delivery."""
    record(
        actor=actor,
        action=f"contracts.{verb}",
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        after={"number": delivery.number, **(after or {})},
        reason=reason,
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value
    return value.isoformat() if isinstance(value, date) else value
