"""States, balances and days of deliveries: everything that can be known without a database."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from marketplace.contracts.terms import Calling, Place, Planned, Terms, first_of
from marketplace.kernel.states import StateMachine
from models.contracts import ContractState
from models.deliveries import DeliveryState

DELIVERY: Final = StateMachine(
    "delivery",
    {
        DeliveryState.PLANNED: {DeliveryState.CONFIRMED, DeliveryState.CANCELLED},
        DeliveryState.CONFIRMED: {
            DeliveryState.PLANNED,
            DeliveryState.PACKED,
            DeliveryState.CANCELLED,
        },
        DeliveryState.PACKED: {DeliveryState.CONFIRMED, DeliveryState.SHIPPED},
        DeliveryState.SHIPPED: {DeliveryState.ACCEPTED},
        DeliveryState.ACCEPTED: (),
        DeliveryState.CANCELLED: (),
    },
)
"""A delivery. A confirmed one that is moved is planned again; a packed one may be unpacked."""

NOT_BEGUN: Final = (DeliveryState.PLANNED, DeliveryState.CONFIRMED)
"""The states in which nothing of a delivery has left the store."""
RUNNING: Final = (ContractState.ACTIVE,)
"""The states of a contract in which goods are called off, packed and shipped."""

NUMBER_PREFIX: Final = "GH"
NOTICE: Final = timedelta(days=2)
"""From today to the last day of a delivery that is called off or moved, at least."""
WHOLE_BPS: Final = 10_000
TEXT_MAX: Final = 500
ADDRESS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer calls off: so many grams between two days, at a place.

    Without a place they go where the contract says.
    """

    due_from: date
    due_on: date
    grams: int
    place: Place | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Packing:
    """What is packed of one lot."""

    lot_id: int
    grams: int
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one delivery draws of its contract.

    Attributes:
        milli: Thousandths of a đồng, so that sums are rounded once.
    """

    grams: int
    milli: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a contract is about, and what its deliveries draw of it.

    Attributes:
        total_g: Grams that were agreed; `total_milli` what they cost as planned.
        drawn_g: Grams of all deliveries that are not called off; `drawn_milli` their value: the
            price of what was accepted, and what the rest would cost as planned.
    """

    total_g: int
    total_milli: int
    tolerance_bps: int
    drawn_g: int
    drawn_milli: int

    @property
    def left_g(self) -> int:
        """Grams to go; below nothing where the tolerance was used."""
        return self.total_g - self.drawn_g

    @property
    def room_g(self) -> int:
        """Grams that may still be called off, with the tolerance."""
        return with_tolerance(self.total_g, self.tolerance_bps) - self.drawn_g

    @property
    def room_milli(self) -> int:
        """Thousandths of a đồng that may still be called off, with the tolerance."""
        return with_tolerance(self.total_milli, self.tolerance_bps) - self.drawn_milli

    @property
    def value_minor(self) -> int:
        """What was agreed, đồng."""
        return rounded(self.total_milli)

    @property
    def drawn_minor(self) -> int:
        """What is drawn, đồng."""
        return rounded(self.drawn_milli)

    @property
    def left_minor(self) -> int:
        """Đồng to go."""
        return self.value_minor - self.drawn_minor

    @property
    def room_minor(self) -> int:
        """Đồng that may still be called off, with the tolerance."""
        return self.room_milli // 1000


def with_tolerance(amount: int, tolerance_bps: int) -> int:
    """The most that an amount may become; the border itself is within."""
    return amount * (WHOLE_BPS + tolerance_bps) // WHOLE_BPS


def rounded(milli: int) -> int:
    """Thousandths of a đồng as whole đồng, half up."""
    return (milli * 2 + 1000) // 2000


def price_expected(terms: Terms, due_on: date) -> int:
    """Đồng per kilogram for goods due on a day, as long as nobody knows better."""
    return terms.price.monthly.get(first_of(due_on), terms.price.base_minor)


def expected_milli(terms: Terms, due_on: date, grams: int) -> int:
    """What goods would cost as planned, in thousandths of a đồng."""
    return grams * price_expected(terms, due_on)


def priced_milli(amount_minor: int, lines: int) -> int:
    """What accepted lines cost, without what rounding can have added to each of them.

    Otherwise the last gram of a contract could not be called off for half a đồng.
    """
    return max(0, amount_minor * 1000 - 500 * lines)


def balance_of(terms: Terms, draws: Iterable[Draw]) -> Balance:
    """What `draws` leave of terms."""
    drawn = list(draws)
    planned = terms.schedule
    total_milli = (
        sum(expected_milli(terms, each.due_on, each.grams) for each in planned)
        if planned
        else terms.total_g * terms.price.base_minor
    )
    return Balance(
        total_g=terms.total_g,
        total_milli=total_milli,
        tolerance_bps=terms.tolerance_bps,
        drawn_g=sum(each.grams for each in drawn),
        drawn_milli=sum(each.milli for each in drawn),
    )


def agreed_deliveries(terms: Terms) -> dict[str, Planned]:
    """The deliveries that terms themselves plan, the earliest first, each with its key.

    The key is what a delivery of the schedule is known by as long as the contract does not say
    otherwise; two that are alike are told apart by counting. What is only expected plans nothing.
    """
    if terms.calling == Calling.CALL_OFF:
        return {}
    keyed: dict[str, Planned] = {}
    for each in sorted(terms.schedule, key=lambda one: (one.due_on, one.due_from, one.grams)):
        place = each.place
        plain = (
            f"{each.due_from}/{each.due_on}/{each.grams}/"
            f"{place.province_code}/{place.commune_code or ''}/{place.address}"
        )
        alike = 0
        while (key := sha256(f"{plain}#{alike}".encode()).hexdigest()) in keyed:
            alike += 1
        keyed[key] = each
    return keyed


def place_for(terms: Terms) -> Place | None:
    """Where goods go if nobody says otherwise."""
    if terms.place is not None:
        return terms.place
    return terms.schedule[0].place if terms.schedule else None


def moved_along(day: date, was: date, becomes: date) -> date:
    """Where a later day goes when `was` goes to `becomes`.

    A move to the same day of another month, or from one month's end to another's, goes by months:
    a day that the month does not have becomes its last, and month's ends stay month's ends. Every
    other move goes by days.
    """
    months = (becomes.year - was.year) * 12 + becomes.month - was.month
    if _is_month_end(was) and _is_month_end(becomes):
        first = _months_from(day.replace(day=1), months)
        last = monthrange(first.year, first.month)[1]
        return first.replace(day=last if _is_month_end(day) else min(day.day, last))
    if was.day == becomes.day:
        first = _months_from(day.replace(day=1), months)
        return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))
    return day + (becomes - was)


def is_late(state: str, due_on: date, shipped_on: date | None, today: date) -> bool:
    """Whether goods were, or are, on their way later than agreed."""
    if state == DeliveryState.CANCELLED:
        return False
    return due_on < (shipped_on or today)


def is_short(planned_g: int, packed_g: int, tolerance_bps: int) -> bool:
    """Whether less was packed than planned, beyond the tolerance."""
    return packed_g * WHOLE_BPS < planned_g * (WHOLE_BPS - tolerance_bps)


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _months_from(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
