"""Who fits a search, how much they have, and where: answered from the yard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, pairwise
from operator import mul, sub
from typing import Final

from marketplace.kernel.text import fold
from marketplace.reporting.sourcing.search import MONTHS, Order, Search, tokens_of
from marketplace.reporting.sourcing.yard import Places, Yard

SUGGESTED: Final = 3
"""How many other provinces are named to whom finds nothing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What there is in a province: as much as the search finds when only it is chosen."""

    sellers: int
    grams: int


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search.

    Attributes:
        order: the sellers, by their place in the yard, in the order that was asked for.
        grams: what each of them has free in these months.
        km: how far each of them is, where a place of delivery is known.
        tallies: every province, within reach or not, as if it alone were chosen.
        months: what is free in each month that can be searched, whichever was chosen.
        lines: the lines that fit, by their places.
    """

    order: Sequence[int]
    grams: Mapping[int, int]
    km: Mapping[int, int]
    tallies: Mapping[str, Tally]
    months: Sequence[int]
    lines: Sequence[int]

    @property
    def total_g(self) -> int:
        """What all of them have free together."""
        return sum(self.grams.values())


def find(yard: Yard, search: Search) -> Found:
    """Answer a search.

    Args:
        yard: in what.
        search: what is asked. A typed place that nobody knows finds nothing.
    """
    chosen = _fitting(yard, search)
    distances = search.distances()
    weights = _weights(yard, search, chosen)
    there = {
        code: _by_seller(yard.owners, weights, places)
        for code, places in yard.provinces(search.area)
    }
    lines = _within(yard, search, weights, distances)
    grams = _at_least(_by_seller(yard.owners, weights, lines), search.at_least_g)
    km = _nearest(there, _allowed(search, distances), distances)
    order = sorted(grams, key=grams.__getitem__, reverse=True)
    if search.order is Order.DISTANCE and km:
        order.sort(key=km.__getitem__)
    return Found(
        order=order,
        grams=grams,
        km=km,
        tallies={code: _tally(_at_least(each, search.at_least_g)) for code, each in there.items()},
        months=_by_month(yard, search, chosen, distances),
        lines=lines,
    )


def nearest_with_supply(
    found: Found, search: Search, distances: Mapping[str, int]
) -> list[tuple[str, Tally, int | None]]:
    """The provinces to suggest to whom finds nothing: nearest first, else those with most.

    Args:
        found: the answer.
        search: what was asked.
        distances: from where the reader wants goods; may be empty.
    """
    others = [
        (code, tally, distances.get(code))
        for code, tally in found.tallies.items()
        if tally.grams and code not in search.wanted_codes
    ]
    others.sort(key=lambda each: (each[2] if each[2] is not None else 0, -each[1].grams))
    return others[:SUGGESTED]


def _flags(size: int, places: Iterable[int]) -> bytearray:
    flags = bytearray(size)
    for place in places:
        flags[place] = 1
    return flags


def _both(first: bytearray | None, second: bytearray) -> bytearray:
    if first is None:
        return second
    meet = int.from_bytes(first, "little") & int.from_bytes(second, "little")
    return bytearray(meet.to_bytes(len(first), "little"))


def _fitting(yard: Yard, search: Search) -> bytearray | None:
    """The lines that fit by group, grade and words, one byte for each; None: all of them."""
    wanted: list[Iterable[int]] = []
    if search.category:
        wanted.append(yard.places("category", search.category))
    if search.grade:
        wanted.append(yard.places("grade", fold(search.grade)))
    wanted.extend(_with_word(yard, token) for token in tokens_of(search.words))
    flags = None
    for places in wanted:
        flags = _both(flags, _flags(yard.size, places))
    return flags


def _with_word(yard: Yard, token: str) -> Iterable[int]:
    """The lines that have a word which begins so."""
    return chain.from_iterable(
        places for word, places in yard.words.items() if word.startswith(token)
    )


def _weights(yard: Yard, search: Search, chosen: bytearray | None) -> Sequence[int]:
    """What counts of each line in the months of the search."""
    span = yard.span(search.first, search.last)
    if not span:
        return [0] * yard.size
    if not search.scheme:
        free = map(sub, yard.upto[span.stop], yard.upto[span.start])
        return list(free if chosen is None else map(mul, free, chosen))
    weights = [0] * yard.size
    for number in span:
        before, after = yard.upto[number], yard.upto[number + 1]
        for place in yard.places("scheme", (search.scheme, number)):
            if chosen is None or chosen[place]:
                weights[place] += after[place] - before[place]
    return weights


def _allowed(search: Search, distances: Mapping[str, int]) -> frozenset[str] | None:
    """The provinces that count; None: all."""
    wanted = search.wanted_codes
    if search.place and search.named is None:
        return wanted  # what nobody knows is nowhere
    if not distances or search.within_km is None:
        return wanted or None
    near = frozenset(code for code, km in distances.items() if km <= search.within_km)
    return near & wanted if wanted else near


def _within(
    yard: Yard, search: Search, weights: Sequence[int], distances: Mapping[str, int]
) -> Places:
    """The lines with something to give in the provinces that count, by seller."""
    allowed = _allowed(search, distances)
    if allowed is None:
        return list(compress(range(yard.size), weights))
    places = {
        place
        for code, there in yard.provinces(search.area)
        if code in allowed
        for place in there
        if weights[place]
    }
    return sorted(places)


def _by_seller(owners: Sequence[int], weights: Sequence[int], places: Places) -> dict[int, int]:
    """What each seller has in these lines; in the order of the names, as the lines are."""
    sums: dict[int, int] = {}
    for owner, grams in zip(
        map(owners.__getitem__, places), map(weights.__getitem__, places), strict=True
    ):
        if grams:
            sums[owner] = sums.get(owner, 0) + grams
    return sums


def _at_least(sums: dict[int, int], least: int) -> dict[int, int]:
    if not least:
        return sums
    return {owner: grams for owner, grams in sums.items() if grams >= least}


def _tally(sums: Mapping[int, int]) -> Tally:
    return Tally(len(sums), sum(sums.values()))


def _nearest(
    there: Mapping[str, Mapping[int, int]],
    allowed: frozenset[str] | None,
    distances: Mapping[str, int],
) -> dict[int, int]:
    """How far the nearest of a seller's goods are; nothing without distances."""
    km: dict[int, int] = {}
    # The farthest province first: what is nearer overwrites it.
    for code in sorted(there, key=lambda each: -distances.get(each, 0)):
        if distances and (allowed is None or code in allowed):
            km.update(dict.fromkeys(there[code], distances[code]))
    return km


def _by_month(
    yard: Yard, search: Search, chosen: bytearray | None, distances: Mapping[str, int]
) -> Sequence[int]:
    """What is free in each month, for all filters but the months and the least quantity."""
    allowed = _allowed(search, distances)
    if allowed is not None:
        there = (
            place
            for code, places in yard.provinces(search.area)
            if code in allowed
            for place in places
        )
        chosen = _both(chosen, _flags(yard.size, there))
    if search.scheme:
        return [
            sum(
                yard.upto[number + 1][place] - yard.upto[number][place]
                for place in yard.places("scheme", (search.scheme, number))
                if chosen is None or chosen[place]
            )
            for number in range(MONTHS)
        ]
    if chosen is None:
        return yard.months
    before = [sum(compress(each, chosen)) for each in yard.upto]
    return [after - until for until, after in pairwise(before)]
