"""How much is bought when, and what: months, days before Tết, weekdays, hours, tastes."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Final

from marketplace.inventory.rules import Plan, Want
from marketplace.kernel.clock import VIETNAM, business_day
from marketplace.workflows.demo.world import Crop, PackOnSale, World

TET: Final = (
    date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26),
    date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11),
    date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8), date(2036, 1, 28),
)  # fmt: skip
"""The first days of the lunar year."""
GIFTS: Final = frozenset(
    {
        "banh-keo", "hat-dieu-mac-ca", "hat-sen", "trai-cay-say", "mam-dua-muoi-gio-cha",
        "che-xanh", "che-shan-tuyet", "tra-hoa-thao-moc", "cam-buoi-quyt", "nam-mang",
        "bun-mien-banh-trang", "gao-nep-gao-lut", "thuy-san-kho", "gia-cam", "mat-ong",
    }
)  # fmt: skip
"""What people buy for Tết."""
BEFORE_TET: Final = range(4, 31)
"""From thirty to four days before Tết people buy twice as much, then hardly anything."""
AFTER_TET: Final = range(-6, 4)
GROWTH: Final = 2.4
"""How many times the orders of the first month the last one has."""
FLAGSHIPS: Final = {"CUMGAR": 2.6, "HUNGLOI": 2.0, "GIONGTROM": 1.5, "LANGBIANG": 1.3}
"""The sellers that sell most, and by how much."""
_HOURS: Final = (1, 1, 0, 0, 0, 1, 3, 6, 9, 10, 10, 9, 8, 7, 6, 6, 6, 6, 7, 10, 13, 13, 9, 4)
_QUANTITIES: Final = ((1, 68), (2, 22), (3, 7), (5, 3))
_PACKS: Final = (60, 30, 8, 2)
_HOUSEHOLD_G: Final = 12_000
_HOUSEHOLD_MINOR: Final = 1_300_000
"""A household hardly ever buys a pack that is heavier or dearer."""
_STRANGE: Final = 0.03
_TRIES: Final = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """Some packs of a product."""

    crop: Crop
    pack: PackOnSale
    quantity: int


def order_moments(first: date, last: date, total: int, chance: Random) -> list[datetime]:
    """About `total` moments at which somebody orders, oldest first."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rates = [_rate(day, number / len(days), chance) for number, day in enumerate(days)]
    scale = total / sum(rates)
    moments = []
    owed = 0.0
    for day, rate in zip(days, rates, strict=True):
        owed += rate * scale
        while owed >= 1:
            owed -= 1
            [hour] = chance.choices(range(24), _HOURS)
            clock = time(hour, chance.randint(0, 59), chance.randint(0, 59))
            moments.append(datetime.combine(day, clock, VIETNAM))
    return sorted(moments)


@cache
def days_to_tet(day: date) -> int | None:
    """How many days are left to the nearest Tết; below zero after it; None in years unknown."""
    distances = [(tet - day).days for tet in TET]
    return min((left for left in distances if abs(left) < 180), key=abs, default=None)  # noqa: PLR2004


def draw_wishes(world: World, at: datetime) -> tuple[list[Wish], Plan]:
    """What one household wants, and can have; empty when there is nothing."""
    day = business_day(at)
    crops = [crop for crop in world.crops.values() if not crop.seller.has_left]
    if not crops:
        return [], Plan((), ())
    weights = [_weight(crop, day) for crop in crops]
    count = world.chance.choices((1, 2, 3, 4), (46, 34, 15, 5))[0]
    wishes: list[Wish] = []
    for _ in range(_TRIES):
        if len(wishes) == count:
            break
        crop = _choose(world, crops, weights, wishes)
        if any(wish.crop is crop for wish in wishes):
            continue
        wish = _draw_wish(crop, world.chance)
        if world.shelf.has(crop.product_id, wish.pack.grams * wish.quantity, day):
            wishes.append(wish)
    return wishes, plan_for(world, wishes, day)


def plan_for(world: World, wishes: list[Wish], day: date) -> Plan:
    """Where the packs of some wishes would come from."""
    wants = [
        Want(number, wish.crop.product_id, wish.pack.grams, wish.quantity)
        for number, wish in enumerate(wishes)
    ]
    return world.shelf.plan(wants, day)


def _choose(world: World, crops: list[Crop], weights: list[float], wishes: list[Wish]) -> Crop:
    """A product; after the first one mostly of the same seller, which saves delivery."""
    if wishes and world.chance.random() < 0.78:  # noqa: PLR2004
        home = wishes[0].crop.seller
        near = [
            (crop, weight)
            for crop, weight in zip(crops, weights, strict=True)
            if crop.seller is home
        ]
        return world.chance.choices([crop for crop, _ in near], [weight for _, weight in near])[0]
    return world.chance.choices(crops, weights)[0]


def _draw_wish(crop: Crop, chance: Random) -> Wish:
    fitting = [
        pack
        for pack in crop.packs
        if pack.grams <= _HOUSEHOLD_G and pack.price_minor <= _HOUSEHOLD_MINOR
    ]
    packs = fitting if fitting and chance.random() > _STRANGE else list(crop.packs)
    pack = chance.choices(packs, _PACKS[: len(packs)])[0]
    quantities, shares = zip(*_QUANTITIES, strict=True)
    quantity = chance.choices(quantities, shares)[0]
    return Wish(crop, pack, 1 if pack.price_minor > _HOUSEHOLD_MINOR else quantity)


def _weight(crop: Crop, day: date) -> float:
    digit = int(crop.content.season[day.month - 1])
    weight = crop.content.weight * (0.6, 0.9, 1.2, 1.8)[digit]
    weight *= FLAGSHIPS.get(crop.seller.content.code, 1.0)
    left = days_to_tet(day)
    if left is not None and left in BEFORE_TET and crop.content.category in GIFTS:
        weight *= 2.4
    return weight


def _rate(day: date, progress: float, chance: Random) -> float:
    rate = 1 + (GROWTH - 1) * progress
    rate *= (1.0, 0.95, 0.95, 1.0, 1.1, 1.15, 1.2)[day.weekday()]
    left = days_to_tet(day)
    if left is not None and left in BEFORE_TET:
        rate *= 1.9
    elif left is not None and left in AFTER_TET:
        rate *= 0.15
    return rate * chance.uniform(0.75, 1.25)
