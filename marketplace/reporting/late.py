"""Deliveries under contracts that are late or short, for the top of both desks; goods to receive.

Late is what was not sent by its last day, or came after it; short is what the buyer took less of
than was agreed, beyond the tolerance. What is over is shown for two weeks.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.kernel.clock import VIETNAM, business_day
from marketplace.kernel.money import BPS
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.contracts import Contract, ContractSide, ContractVersion
from models.deliveries import Delivery, DeliveryLine, DeliveryState

SHOWN_FOR: Final = timedelta(days=14)
MOST: Final = 20
NOT_SENT: Final = (DeliveryState.PLANNED, DeliveryState.CONFIRMED, DeliveryState.PACKED)


@dataclass(frozen=True, slots=True)
class Slipped:
    """A delivery that wants somebody's eye.

    Attributes:
        contract: Its contract's number.
        other: Who is across.
        days_late: Whole days after the last day; 0: on time so far.
        missing_g: Less than was agreed, beyond the tolerance; only once it is accepted.
        accept_by_at: Until when the buyer says what arrived; a dispute holds that clock.
    """

    number: str
    contract: str
    title: str
    other: str
    state: str
    due_on: date
    planned_g: int
    days_late: int
    missing_g: int
    accept_by_at: datetime | None
    dispute_open: bool

    @property
    def has_slipped(self) -> bool:
        """Whether it is late or short, not only to be received."""
        return self.days_late > 0 or self.missing_g > 0

    @property
    def is_to_accept(self) -> bool:
        """Whether the buyer is to say what arrived."""
        return self.state == DeliveryState.SHIPPED


@dataclass(frozen=True, slots=True)
class _Sides:
    """The contracts of one organisation, for asking who may see them."""

    buyer_id: int | None = None
    seller_id: int | None = None
    led_by_id: int | None = None


def slipped_deliveries(side: ContractSide, *, viewer: Actor, at: datetime) -> list[Slipped]:
    """What is late or short of the viewer's organisation, and what it is to receive.

    One statement. What is not over comes first, then by the day it was due.

    Args:
        side: On which side the viewer's organisation is asked for.
        viewer: Somebody of it; who must not see its contracts gets nothing.
        at: Now.
    """
    own = viewer.organisation_id
    sides = _Sides(buyer_id=own) if side == ContractSide.BUYER else _Sides(seller_id=own)
    if own is None or not allows(viewer, Permission.CONTRACT_VIEW, sides):
        return []
    rows = _ASK[side].ask(own=own, today=business_day(at), since=at - SHOWN_FOR)
    return [Slipped(*row) for row in rows]


def _question(side: ContractSide) -> Question:
    is_buyer = side == ContractSide.BUYER
    own = Contract.buyer_id if is_buyer else Contract.seller_id
    other = aliased(Organisation)
    across = Contract.seller_id if is_buyer else Contract.buyer_id
    found = _rows(own).subquery()
    wanted = or_(found.c.days_late > 0, found.c.missing_g > 0)
    if is_buyer:
        wanted = or_(wanted, found.c.state == DeliveryState.SHIPPED)
    return Question(
        select(
            found.c.number,
            Contract.number,
            Contract.title,
            other.short_name,
            found.c.state,
            found.c.due_on,
            found.c.planned_g,
            found.c.days_late,
            found.c.missing_g,
            found.c.accept_by_at,
            found.c.dispute_open,
        )
        .join(Contract, Contract.id == found.c.contract_id)
        .join(other, other.id == across)
        .where(wanted)
        .order_by(found.c.state == DeliveryState.ACCEPTED, found.c.due_on, found.c.id)
        .limit(MOST)
    )


def _rows(own: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - a column of contracts
    """The deliveries that may be late or short, with how much."""
    today = bindparam("today", type_=Date)
    is_over = Delivery.state == DeliveryState.ACCEPTED
    is_sent = Delivery.state == DeliveryState.SHIPPED
    sent_on = cast(func.timezone(str(VIETNAM), Delivery.shipped_at), Date)
    came_on = case((is_over, Delivery.arrived_on), (is_sent, sent_on), else_=today)
    tolerance = Delivery.planned_g * ContractVersion.terms["tolerance_bps"].as_integer() / BPS
    taken = (
        select(func.coalesce(func.sum(DeliveryLine.accepted_g), 0))
        .where(DeliveryLine.delivery_id == Delivery.id)
        .scalar_subquery()
    )
    missing = Delivery.planned_g - func.floor(tolerance) - taken
    return (
        select(
            Delivery.id,
            Delivery.number,
            Delivery.contract_id,
            Delivery.state,
            Delivery.due_on,
            Delivery.planned_g,
            func.greatest(came_on - Delivery.due_on, 0).label("days_late"),
            cast(case((is_over, func.greatest(missing, 0)), else_=literal(0)), BigInteger).label(
                "missing_g"
            ),
            Delivery.accept_by_at,
            Delivery.dispute_open,
        )
        .join(Contract, Contract.id == Delivery.contract_id)
        .join(
            ContractVersion,
            and_(
                ContractVersion.contract_id == Contract.id,
                ContractVersion.version == Contract.signed_version,
            ),
        )
        .where(
            own == bindparam("own", type_=BigInteger),
            or_(
                and_(
                    or_(*(Delivery.state == state for state in NOT_SENT)),
                    Delivery.due_on < today,
                ),
                is_sent,
                and_(
                    is_over,
                    Delivery.accepted_at >= bindparam("since", type_=DateTime(timezone=True)),
                ),
            ),
        )
    )


_ASK: Final = {side: _question(side) for side in ContractSide}
