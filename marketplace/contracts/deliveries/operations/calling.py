"""Calling goods off."""

from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract, terms_in
from marketplace.contracts.deliveries.access import require_running
from marketplace.contracts.deliveries.balances import balance_left
from marketplace.contracts.deliveries.errors import (
    DayOutsideContractError,
    DaysReversedError,
    DayTooSoonError,
    NoGramsError,
    OverValueError,
    OverVolumeError,
    PlaceMissingError,
)
from marketplace.contracts.deliveries.operations.writing import (
    new_delivery,
    next_position,
    note,
    place_values,
)
from marketplace.contracts.deliveries.rules import (
    ADDRESS_MAX,
    NOTICE,
    TEXT_MAX,
    Wanted,
    expected_milli,
    place_for,
)
from marketplace.contracts.terms import Terms
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.formatting import day as written_day
from marketplace.platform.formatting import money, weight
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryOrigin


def call_off(*, actor: Actor, contract_id: int, wanted: Wanted, key: str, at: datetime) -> Delivery:
    """Call goods off; the same `key` again gives the delivery that it made.

    What was rejected or came short may be called off again, under a schedule, too.

    Args:
        actor: a buyer or director of the enterprise.
        contract_id: of a running contract.
        wanted: what, when and where to.
        key: made by the form, so that sending it twice calls off once.
        at: when.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not call off under this contract.
        ContractNotRunningError: it is not signed by both, or it is over.
        NoGramsError, DaysReversedError, DayTooSoonError, DayOutsideContractError,
        PlaceMissingError: the form makes no sense.
        OverVolumeError, OverValueError: the contract has less left, with its tolerance.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    made = session.scalar(
        select(Delivery).where(
            Delivery.contract_id == contract_id, Delivery.call_off_key == _key(contract, key)
        )
    )
    if made is not None:
        return made
    require_running(contract)
    require_days(contract, due_from=wanted.due_from, due_on=wanted.due_on, today=business_day(at))
    terms = terms_in(contract)
    _require_room(contract, terms, wanted)
    place = wanted.place or place_for(terms)
    if place is None or not place.province_code:
        raise PlaceMissingError(field="place")
    delivery = new_delivery(
        contract,
        DeliveryOrigin.CALL_OFF,
        position=next_position(contract_id),
        actor=actor,
        at=at,
    )
    delivery.call_off_key = _key(contract, key)
    delivery.due_from, delivery.due_on = wanted.due_from, wanted.due_on
    delivery.planned_g = wanted.grams
    delivery.note = " ".join(wanted.note.split())[:TEXT_MAX]
    for name, value in place_values(place).items():
        setattr(delivery, name, value)
    delivery.address = delivery.address[:ADDRESS_MAX]
    session.add(delivery)
    session.flush()
    note("call_off", delivery, actor=actor, at=at, after={"grams": wanted.grams})
    return delivery


def require_days(contract: Contract, *, due_from: date, due_on: date, today: date) -> None:
    """Refuse days that are no days of a delivery under this contract.

    Raises:
        DaysReversedError, DayTooSoonError, DayOutsideContractError: they are not.
    """
    if due_from > due_on:
        raise DaysReversedError(field="due_from")
    if due_on < today + NOTICE:
        raise DayTooSoonError(field="due_on", earliest=written_day(today + NOTICE))
    for name, each in (("due_from", due_from), ("due_on", due_on)):
        if not contract.starts_on <= each <= contract.ends_on:
            raise DayOutsideContractError(
                field=name,
                day=written_day(each),
                starts=written_day(contract.starts_on),
                ends=written_day(contract.ends_on),
            )


def _require_room(contract: Contract, terms: Terms, wanted: Wanted) -> None:
    if wanted.grams <= 0:
        raise NoGramsError(field="grams")
    left = balance_left(contract.id, terms)
    if wanted.grams > left.room_g:
        raise OverVolumeError(field="grams", left=weight(max(0, left.room_g)))
    if expected_milli(terms, wanted.due_on, wanted.grams) > left.room_milli:
        raise OverValueError(field="grams", left=money(max(0, left.room_minor)))


def _key(contract: Contract, key: str) -> str:
    """Two contracts never share a key, whatever a form sends."""
    return f"{contract.id}:{key}"[:64]
