"""Reading deliveries: the schedule of a contract, one of them, what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.contracts.deliveries.rules import DELIVERY, is_late, is_short
from marketplace.contracts.terms import Terms, first_of
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from models.accounts import Organisation, User
from models.deliveries import Delivery, DeliveryChange, DeliveryLine, DeliveryState
from models.platform import StateChange


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as the schedule shows it.

    Attributes:
        packed_g: What was packed of all lots; nothing before that.
        accepted_g: What the buyer took; None until it is accepted.
        is_late: It left, or is still to leave, after its last day.
        is_short: Less was packed than the tolerance allows.
    """

    number: str
    state: str
    origin: str
    due_from: date
    due_on: date
    planned_g: int
    packed_g: int
    accepted_g: int | None
    place: tuple[str, str | None, str]
    is_disputed: bool
    is_late: bool
    is_short: bool

    @property
    def month(self) -> date:
        """The first day of the month in which it is due."""
        return first_of(self.due_on)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a delivery: a state it came into, or words that were changed."""

    at: datetime
    state: str | None
    differences: Sequence[tuple[str, Any, Any]]
    by: str
    reason: str


DAYS: Final = ("due_from", "due_on")
_ROWS: Final = Question(
    select(
        Delivery.number,
        Delivery.state,
        Delivery.origin,
        Delivery.due_from,
        Delivery.due_on,
        Delivery.planned_g,
        Delivery.province_code,
        Delivery.commune_code,
        Delivery.address,
        Delivery.dispute_open,
        Delivery.shipped_at,
        func.coalesce(func.sum(DeliveryLine.shipped_g), 0),
        func.coalesce(func.sum(DeliveryLine.accepted_g), 0),
    )
    .outerjoin(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
    .where(Delivery.contract_id == bindparam("contract_id", type_=BigInteger))
    .group_by(Delivery.id)
    .order_by(Delivery.due_on, Delivery.due_from, Delivery.position)
)


def schedule_of(contract_id: int, terms: Terms, *, at: datetime) -> list[DeliveryRow]:
    """All deliveries of a contract by their last days; one statement.

    The reader was let in to the contract (`access.get_contract`).
    """
    today = business_day(at)
    return [_row(terms, today, row) for row in _ROWS.ask(contract_id=contract_id)]


def row_of(
    delivery: Delivery, lines: Sequence[DeliveryLine], terms: Terms, *, at: datetime
) -> DeliveryRow:
    """One delivery as the schedule shows it, from what is read already."""
    return _row(
        terms,
        business_day(at),
        (
            delivery.number,
            delivery.state,
            delivery.origin,
            delivery.due_from,
            delivery.due_on,
            delivery.planned_g,
            delivery.province_code,
            delivery.commune_code,
            delivery.address,
            delivery.dispute_open,
            delivery.shipped_at,
            sum(line.shipped_g for line in lines),
            sum(line.accepted_g or 0 for line in lines),
        ),
    )


def steps_of(delivery: Delivery) -> list[Step]:
    """What happened to a delivery, the latest first; two statements."""
    states = session.execute(
        select(StateChange.at, StateChange.to_state, StateChange.reason, Organisation.short_name)
        .outerjoin(Organisation, Organisation.id == StateChange.actor_organisation_id)
        .where(StateChange.subject_kind == DELIVERY.name, StateChange.subject_id == delivery.id)
        .order_by(StateChange.id)
    )
    changes = session.execute(
        select(DeliveryChange.at, DeliveryChange.differences, DeliveryChange.reason, User.full_name)
        .join(User, User.id == DeliveryChange.by_id)
        .where(DeliveryChange.delivery_id == delivery.id)
        .order_by(DeliveryChange.id)
    )
    steps = [Step(at, state, (), by or "", reason or "") for at, state, reason, by in states]
    steps += [
        Step(at, None, [_difference(each) for each in differences], by, reason)
        for at, differences, reason, by in changes
    ]
    return sorted(steps, key=lambda step: step.at)[::-1]


def _difference(kept: dict[str, Any]) -> tuple[str, Any, Any]:
    """What a column held and holds: days are days again."""
    field, before, after = kept["field"], kept["before"], kept["after"]
    if field in DAYS:
        return field, date.fromisoformat(before), date.fromisoformat(after)
    return field, before, after


def _row(terms: Terms, today: date, row: Sequence[Any]) -> DeliveryRow:
    number, state, origin, due_from, due_on, planned_g, *rest = row
    province, commune, address, is_disputed, shipped_at, packed_g, accepted_g = rest
    shipped_on = business_day(shipped_at) if shipped_at else None
    return DeliveryRow(
        number=number,
        state=state,
        origin=origin,
        due_from=due_from,
        due_on=due_on,
        planned_g=planned_g,
        packed_g=int(packed_g),
        accepted_g=int(accepted_g) if state == DeliveryState.ACCEPTED else None,
        place=(address, commune, province),
        is_disputed=is_disputed,
        is_late=is_late(state, due_on, shipped_on, today),
        is_short=bool(packed_g) and is_short(planned_g, int(packed_g), terms.tolerance_bps),
    )
