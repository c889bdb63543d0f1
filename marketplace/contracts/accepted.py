"""What an accepted delivery means for the money: its lines, and what was breached."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.contracts.access import lock_contract, terms_in
from marketplace.contracts.pricing import Penalty, beyond_tolerance, penalties
from marketplace.contracts.terms import Terms, first_of, per_kg
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine, DeliveryState


@dataclass(frozen=True, slots=True)
class Judged:
    """A delivery with its contract locked, in any state.

    Attributes:
        terms: what the contract says, in the version in force.
        lines: of its lots, as accepted; in the order of packing.
    """

    contract: Contract
    delivery: Delivery
    terms: Terms
    lines: Sequence[DeliveryLine]

    @property
    def is_accepted(self) -> bool:
        """Whether somebody, or the deadline, said what arrived."""
        return self.delivery.state == DeliveryState.ACCEPTED

    @property
    def accepted_g(self) -> int:
        """Grams that the buyer kept."""
        return sum(line.accepted_g or 0 for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """What they cost."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def days_late(self) -> int:
        """Days after the last one agreed; goods that nobody wrote a day for came when shipped."""
        delivery = self.delivery
        came_on = delivery.arrived_on
        if came_on is None and delivery.shipped_at is not None:
            came_on = business_day(delivery.shipped_at)
        return 0 if came_on is None else max((came_on - delivery.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Breached:
    """What lateness and missing goods cost, and good work brings, of one delivery."""

    days_late: int
    missing_g: int
    missing_minor: int
    penalty: Penalty


def lock_judged(delivery_id: int) -> Judged:
    """A delivery and what was said of it; its contract is held until the end.

    Raises:
        ContractNotFoundError: it has no contract, which cannot be.
    """
    delivery = session.get_one(Delivery, delivery_id)
    contract = lock_contract(delivery.contract_id)
    # What was known of them before the contract was held may be out of date.
    session.refresh(delivery)
    lines = session.scalars(
        select(DeliveryLine)
        .where(DeliveryLine.delivery_id == delivery.id)
        .order_by(DeliveryLine.id)
        .execution_options(populate_existing=True)
    ).all()
    return Judged(contract, delivery, terms_in(contract), lines)


def breach_of(judged: Judged) -> Breached:
    """Penalties and bonus of an accepted delivery.

    Rejected goods are missing like those that never came.
    """
    missing_g = beyond_tolerance(
        terms=judged.terms, planned_g=judged.delivery.planned_g, accepted_g=judged.accepted_g
    )
    missing_minor = per_kg(missing_g, _usual_minor(judged))
    return Breached(
        judged.days_late,
        missing_g,
        missing_minor,
        penalties(
            terms=judged.terms,
            goods_minor=judged.goods_minor,
            days_late=judged.days_late,
            missing_g=missing_g,
            missing_minor=missing_minor,
            is_whole=not any(line.short_g or line.rejected_g for line in judged.lines),
        ),
    )


def _usual_minor(judged: Judged) -> int:
    """What a kilogram of the usual grade cost in this delivery, đồng.

    A line says so, for it was priced by the reference price of its day; without one it is what
    both expected when they signed.
    """
    for line in judged.lines:
        if "unit_minor" in line.calculation:
            found: int = line.calculation["unit_minor"] - line.calculation["difference_minor"]
            return found
    price = judged.terms.price
    return price.monthly.get(first_of(judged.delivery.due_on), price.base_minor)
