"""Saying what arrived: a person at unloading, or the clock at the deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.errors import (
    AcceptedByClockError,
    AlreadyAcceptedError,
    NotUnderwayError,
    PhotoUnknownError,
)
from marketplace.contracts.acceptance.rules import (
    Arrival,
    LineResult,
    as_shipped,
    checked,
    checked_arrival,
    is_overdue,
)
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.access import lock_delivery
from marketplace.contracts.deliveries.rules import DELIVERY
from marketplace.contracts.pricing import Priced
from marketplace.kernel.clock import business_day
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine, DeliveryReturn, DeliveryState
from models.media import MediaFile

SAID: Final = ("accepted_g", "short_g", "rejected_g", "moisture", "reason", "photo_id")


def accept_delivery(
    *,
    actor: Actor,
    delivery_id: int,
    arrival: Arrival,
    results: Sequence[LineResult],
    at: datetime,
) -> bool:
    """Say what arrived of each line, and between whom it changed hands.

    Args:
        actor: a director or a buyer of the enterprise.
        delivery_id: of which delivery.
        arrival: the day, who received and who handed over.
        results: one for each line.
        at: when; the deadline itself is too late, unless a dispute holds the clock.

    Returns:
        Whether anything changed; False when exactly this was said before.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor may not accept it.
        NotUnderwayError: it has not been sent.
        AcceptedByClockError: the deadline has passed.
        AlreadyAcceptedError: somebody said something else before.
        InvalidError: results or arrival make no sense; see `rules.checked`, `checked_arrival`.
        PhotoUnknownError: a photo is none of the enterprise.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_ACCEPT, contract)
    _require_time_left(delivery, at)
    lines, terms = lines_of(delivery.id), terms_in(contract)
    said = checked(lines, results, terms)
    if delivery.state == DeliveryState.ACCEPTED:
        if _is_what_was_said(lines, [result for _line, result in said]):
            return False
        raise AlreadyAcceptedError(received_by=delivery.received_by)
    if delivery.shipped_at is None or not DELIVERY.can(delivery.state, DeliveryState.ACCEPTED):
        raise NotUnderwayError
    shaken = checked_arrival(arrival, shipped_at=delivery.shipped_at, at=at)
    _require_photos(contract, lines, results)
    _write(lines, [result for _line, result in said], at)
    change_state(delivery, DELIVERY, DeliveryState.ACCEPTED, actor=actor, at=at)
    delivery.accepted_at, delivery.accepted_by_id = at, actor.user_id
    delivery.arrived_on = shaken.arrived_on
    delivery.received_by, delivery.handed_by = shaken.received_by, shaken.handed_by
    record(
        actor=actor,
        action="contracts.accept_delivery",
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        after=_totals(lines),
    )
    return True


def accept_automatically(*, delivery_id: int, at: datetime) -> bool:
    """Take everything that was shipped as accepted, since nobody said anything in time.

    It counts as arrived on the day on which it was sent: nobody says that it came later.

    Args:
        delivery_id: of which delivery.
        at: when; from the deadline on.

    Returns:
        Whether anything changed; False for one that is accepted, disputed or not yet due.

    Raises:
        DeliveryNotFoundError: there is none.
    """
    contract, delivery = lock_delivery(delivery_id)
    if delivery.shipped_at is None or not is_overdue(delivery, at):
        return False
    lines, terms = lines_of(delivery.id), terms_in(contract)
    _write(lines, [as_shipped(line, terms) for line in lines], at)
    change_state(delivery, DELIVERY, DeliveryState.ACCEPTED, actor=None, at=at)
    delivery.accepted_at, delivery.is_automatic = at, True
    delivery.arrived_on = business_day(delivery.shipped_at)
    record(
        actor=None,
        action="contracts.accept_automatically",
        subject_kind="delivery",
        subject_id=delivery.id,
        at=at,
        after=_totals(lines),
    )
    return True


def keep_prices(*, prices: Mapping[int, Priced]) -> None:
    """Write what lines cost and how that was found. Whoever calls it holds the contract.

    Args:
        prices: by line; lines that have just been accepted.
    """
    for line in session.scalars(select(DeliveryLine).where(DeliveryLine.id.in_(prices))):
        line.amount_minor = prices[line.id].amount_minor
        line.calculation = prices[line.id].inputs


def _require_time_left(delivery: Delivery, at: datetime) -> None:
    if delivery.is_automatic or is_overdue(delivery, at):
        raise AcceptedByClockError(number=delivery.number)


def _is_what_was_said(lines: Sequence[DeliveryLine], results: Sequence[LineResult]) -> bool:
    return all(
        line.accepted_grade == result.grade
        and all(getattr(line, name) == getattr(result, name) for name in SAID)
        for line, result in zip(lines, results, strict=True)
    )


def _require_photos(
    contract: Contract, lines: Sequence[DeliveryLine], results: Sequence[LineResult]
) -> None:
    """Refuse photos that are not the enterprise's own."""
    wanted = {each.photo_id for each in results if each.photo_id is not None}
    own = session.scalars(
        select(MediaFile.id).where(
            MediaFile.id.in_(wanted), MediaFile.organisation_id == contract.buyer_id
        )
    )
    missing = wanted - set(own)
    for line in lines:
        if any(each.line_id == line.id and each.photo_id in missing for each in results):
            raise PhotoUnknownError(lot=line.lot_code, field=f"photo_{line.id}")


def _write(lines: Sequence[DeliveryLine], results: Sequence[LineResult], at: datetime) -> None:
    """Put results into their lines; what was rejected is expected back."""
    for line, result in zip(lines, results, strict=True):
        for name in SAID:
            setattr(line, name, getattr(result, name))
        line.accepted_grade = result.grade
        if result.rejected_g:
            session.add(DeliveryReturn(line_id=line.id, grams=result.rejected_g, created_at=at))
    session.flush()


def _totals(lines: Sequence[DeliveryLine]) -> dict[str, Any]:
    return {
        "accepted_g": sum(line.accepted_g or 0 for line in lines),
        "short_g": sum(line.short_g for line in lines),
        "rejected_g": sum(line.rejected_g for line in lines),
    }
