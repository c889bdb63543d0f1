"""When lots come in: pure, from the season of a product and the way it is made."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from marketplace.workflows.demo.content import ProductContent

_SHARES: Final = ((6, 0.14), (12, 0.16), (30, 0.2), (60, 0.3))
"""How much of a batch comes to the market, by how many days the goods keep: what spoils quickly
goes mostly to the wholesale market of the place."""
_SHARE_OF_LASTING: Final = 0.4
_LARGEST_PACKS: Final = 3
"""A lot is worth at least so many of the largest packs."""
_SINCE_HARVEST: Final = 35
"""Days that goods from the store have lain at least: drying and sorting take so long."""
_YEAR: Final = 366
_LAST_ONE_SOONER: Final = 0.75
"""The last of n lots is packed not a whole n-th of the time ago, but a quarter of that."""


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """A lot that will come in on the day on which it is packed."""

    harvested_on: date
    packed_on: date
    best_before_on: date | None
    grams: int


def plan_lots(
    product: ProductContent, *, first: date, last: date, chance: Random
) -> list[PlannedLot]:
    """The lots of a product that are packed from `first` to `last`, oldest first.

    Harvest days lie in the season. Where the season allows, the last lot is a fresh one.
    """
    if product.making.mode == "store":
        days = _from_store(product, first, last, chance)
    else:
        days = _from_field(product, first, last, chance)
    keep = product.making.keep_days
    return [
        PlannedLot(
            harvested_on=harvested_on,
            packed_on=packed_on,
            best_before_on=None if keep is None else packed_on + timedelta(days=keep),
            grams=_grams(product, chance),
        )
        for harvested_on, packed_on in days
    ]


def in_season(season: str, day: date) -> bool:
    """Whether anything is harvested in the month of `day`."""
    return season[day.month - 1] != "0"


def is_peak(season: str, day: date) -> bool:
    """Whether the month of `day` is one of the best of the season."""
    return season[day.month - 1] == max(season)


def _from_field(
    product: ProductContent, first: date, last: date, chance: Random
) -> list[tuple[date, date]]:
    """Harvest days spread over the days of the season; months with more of it have more."""
    lag = timedelta(days=product.making.lag_days)
    weighted = [
        day
        for day in _days(first - lag, last - lag)
        for _ in range(int(product.season[day.month - 1]))
    ]
    if not weighted:
        return []
    step = len(weighted) / product.lots
    chosen = {
        weighted[min(int(step * (number + chance.random())), len(weighted) - 1)]
        for number in range(product.lots)
    }
    chosen.discard(max(chosen))
    keep = product.making.keep_days or _YEAR
    fresh = max(0, min(keep // 3, 12))
    newest = weighted[-1]
    chosen.add(max(newest - timedelta(days=chance.randint(0, fresh)), weighted[0]))
    return [(day, day + lag) for day in sorted(chosen) if in_season(product.season, day)]


def _from_store(
    product: ProductContent, first: date, last: date, chance: Random
) -> list[tuple[date, date]]:
    """Packing days spread evenly; each lot comes from the last harvest before it."""
    span = (last - first).days
    found = []
    for number in range(product.lots):
        start = int(span * number / (product.lots - _LAST_ONE_SOONER))
        packed_on = first + timedelta(days=start + chance.randint(0, max(span // 12, 1)))
        packed_on = min(packed_on, last)
        harvested_on = _last_harvest(product.season, packed_on, chance)
        found.append((harvested_on, packed_on))
    return found


def _last_harvest(season: str, packed_on: date, chance: Random) -> date:
    """A day of the best month of the season before goods were packed."""
    day = packed_on - timedelta(days=_SINCE_HARVEST)
    while not is_peak(season, day):
        day -= timedelta(days=1)
    earliest = day.replace(day=1)
    return earliest + timedelta(days=chance.randint(0, (day - earliest).days))


def _grams(product: ProductContent, chance: Random) -> int:
    keep = product.making.keep_days
    share = next(
        (share for days, share in _SHARES if keep is not None and keep <= days),
        _SHARE_OF_LASTING,
    )
    kilograms = product.batch_kg * share * chance.uniform(0.7, 1.2)
    largest = max(pack.grams for pack in product.packs)
    smallest = min(pack.grams for pack in product.packs)
    grams = max(int(kilograms * 1000), _LARGEST_PACKS * largest)
    # What is packed is whole packs.
    return grams - grams % smallest


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
