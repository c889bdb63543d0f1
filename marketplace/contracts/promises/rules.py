"""Whether the promises of a delivery were kept: everything that can be known without a database.

Each promise is kept, missed, or neither yet; what neither the seller nor the calendar has settled
does not count. What was called off by agreement counts in nothing.

- on time: there on the last day of its window; missed as soon as that day is over and the goods
  have not left, or when they arrive or leave later.
- accepted: everything that was shipped was taken; weighed in grams, too.
- price: at the price that was first signed; missed where the seller proposed the amendment that
  made it dearer.
- certified: every certificate of the contract held for the product on the day of shipping, as is
  known today: one that was withdrawn since did not.
- answered: confirmed within `ANSWER_WITHIN` after it was called off or moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from marketplace.contracts.terms import Price, first_of
from marketplace.kernel.clock import business_day
from models.contracts import ContractSide
from models.deliveries import DeliveryState

COUNTED_FOR: Final = timedelta(days=180)
"""Deliveries whose last day is longer ago do not count."""
ANSWER_WITHIN: Final = timedelta(hours=24)
REPLY_MAX: Final = 500


class Promise(StrEnum):
    """What is promised; the value stands in addresses."""

    ON_TIME = "dung-hen"
    ACCEPTED = "nhan-du"
    PRICE = "giu-gia"
    CERTIFIED = "du-chung-nhan"
    ANSWERED = "tra-loi"


@dataclass(frozen=True, slots=True)
class SignedPrice:
    """The price of a version that both signed.

    Attributes:
        at: since when it was in force.
        side: who proposed the version.
    """

    at: datetime
    side: str
    price: Price


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a delivery; nothing of its buyer.

    Attributes:
        asked_at: when it was called off or last moved; None: it stands in the schedule.
        shipped_g, accepted_g: in all; accepted is None before the buyer said it.
        schemes: the certificates that the contract wants; `lacking` those that did not hold on
            the day of shipping.
        prices: of the signed versions, in their order.
        is_disputed: a dispute is open; `was_disputed`: there is or was one.
        reply: what the seller says beside it; None if nothing.
    """

    id: int
    number: str
    seller_id: int
    state: str
    due_on: date
    asked_at: datetime | None
    confirmed_at: datetime | None
    shipped_at: datetime | None
    arrived_on: date | None
    accepted_at: datetime | None
    shipped_g: int
    accepted_g: int | None
    schemes: Sequence[str]
    lacking: Sequence[str]
    prices: Sequence[SignedPrice]
    is_disputed: bool
    was_disputed: bool
    reply: str | None
    replied_at: datetime | None

    @property
    def came_on(self) -> date | None:
        """The day on which it arrived; the day of shipping where nobody noted another."""
        if self.accepted_at is None:
            return None
        return self.arrived_on or self.shipped_on

    @property
    def shipped_on(self) -> date | None:
        """The day on which it left."""
        return business_day(self.shipped_at) if self.shipped_at else None

    @property
    def refused_g(self) -> int:
        """What was shipped and not taken: short or rejected."""
        return 0 if self.accepted_g is None else self.shipped_g - self.accepted_g


Verdicts = Mapping[Promise, bool | None]


def judged(facts: Facts, at: datetime) -> Verdicts:
    """By promise: True: kept; False: missed; None: neither, or not promised."""
    if facts.state == DeliveryState.CANCELLED:
        return dict.fromkeys(Promise)
    is_accepted = facts.accepted_g is not None
    return {
        Promise.ON_TIME: _is_on_time(facts, business_day(at)),
        Promise.ACCEPTED: facts.refused_g == 0 if is_accepted else None,
        Promise.PRICE: not _is_dearer(facts) if is_accepted else None,
        Promise.CERTIFIED: not facts.lacking if facts.schemes and facts.shipped_at else None,
        Promise.ANSWERED: _is_answered(facts, at),
    }


def counts_against(facts: Facts, at: datetime) -> bool:
    """Whether anything about a delivery counts against its seller."""
    return False in judged(facts, at).values()


def _is_on_time(facts: Facts, today: date) -> bool | None:
    if facts.came_on is not None:
        return facts.came_on <= facts.due_on
    if facts.shipped_on is not None:
        return False if facts.shipped_on > facts.due_on else None
    return False if today > facts.due_on else None


def _is_answered(facts: Facts, at: datetime) -> bool | None:
    if facts.asked_at is None:
        return None
    until = facts.asked_at + ANSWER_WITHIN
    if facts.confirmed_at is not None:
        return facts.confirmed_at <= until
    return False if at > until else None


def _is_dearer(facts: Facts) -> bool:
    accepted_at = facts.accepted_at
    if accepted_at is None:
        return False
    in_force = [each for each in facts.prices if each.at <= accepted_at]
    if len(in_force) <= 1 or not _is_above(in_force[-1].price, in_force[0].price, facts.due_on):
        return False
    return any(
        later.side == ContractSide.SELLER and _is_above(later.price, sooner.price, facts.due_on)
        for sooner, later in pairwise(in_force)
    )


def _is_above(price: Price, other: Price, day: date) -> bool:
    """Whether a price asks for more than another one in the month of a day, in any of its parts."""
    return any(one > two for one, two in zip(_parts(price, day), _parts(other, day), strict=True))


def _parts(price: Price, day: date) -> tuple[int, int, int]:
    fixed = price.monthly.get(first_of(day), price.base_minor) if price.is_fixed else 0
    return fixed, price.premium_minor, price.floor_minor or 0
