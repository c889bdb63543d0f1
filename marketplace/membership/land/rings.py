"""Rings of corners: put in order, and whether their sides cross or meet."""

import math
from collections.abc import Iterator, Sequence

Position = tuple[float, float]
"""Degrees east, degrees north."""

Side = tuple[Position, Position]


def _side_of(side: Side, point: Position) -> float:
    (ax, ay), (bx, by) = side
    return (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)


def _within(side: Side, point: Position) -> bool:
    """Whether a point that lies in line with a side lies on it."""
    return all(
        min(side[0][axis], side[1][axis]) <= point[axis] <= max(side[0][axis], side[1][axis])
        for axis in (0, 1)
    )


def _meet(one: Side, other: Side) -> bool:
    first, second = _side_of(one, other[0]), _side_of(one, other[1])
    third, fourth = _side_of(other, one[0]), _side_of(other, one[1])
    if (
        (first > 0) != (second > 0)
        and (third > 0) != (fourth > 0)
        and 0
        not in {
            first,
            second,
            third,
            fourth,
        }
    ):
        return True
    return any(
        turned == 0 and _within(side, point)
        for turned, side, point in (
            (first, one, other[0]),
            (second, one, other[1]),
            (third, other, one[0]),
            (fourth, other, one[1]),
        )
    )


def _folds_back(one: Side, other: Side) -> bool:
    """Whether two sides that follow each other run over the same line backwards."""
    shared = set(one) & set(other)
    ends = [point for side in (one, other) for point in side if point not in shared]
    return any(
        _side_of(side, point) == 0 and _within(side, point)
        for side, point in zip((other, one), ends, strict=False)
    )


def tidy(positions: Sequence[Position]) -> list[Position]:
    """Without the corner that closes the ring and corners that stand twice, counter-clockwise."""
    kept = [
        each for place, each in enumerate(positions) if place == 0 or each != positions[place - 1]
    ]
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept if _turn(kept) >= 0 else backwards(kept)


def backwards(ring: Sequence[Position]) -> list[Position]:
    """The ring from the same corner the other way round."""
    return [ring[0], *reversed(ring[1:])]


def crosses_itself(ring: Sequence[Position]) -> bool:
    """Whether two sides of a ring meet anywhere but at the corner that they share."""
    sides = _sides(ring)
    for first, second in _near(sides):
        is_next = abs(first - second) in {1, len(sides) - 1}
        meets = _folds_back if is_next else _meet
        if meets(sides[first], sides[second]):
            return True
    return False


def meet(rings: Sequence[Sequence[Position]]) -> bool:
    """Whether a side of one ring crosses or touches a side of another."""
    owners = [number for number, ring in enumerate(rings) for _ in ring]
    sides = [side for ring in rings for side in _sides(ring)]
    return any(
        owners[first] != owners[second] and _meet(sides[first], sides[second])
        for first, second in _near(sides)
    )


def is_inside(point: Position, ring: Sequence[Position]) -> bool:
    """Whether a ring goes round a point that does not lie on it."""
    east, north = point
    is_in = False
    for (ax, ay), (bx, by) in _sides(ring):
        if (ay > north) != (by > north) and east < (bx - ax) * (north - ay) / (by - ay) + ax:
            is_in = not is_in
    return is_in


def _turn(ring: Sequence[Position]) -> float:
    """Twice the signed area in square degrees: above zero runs counter-clockwise."""
    return math.fsum(
        ring[place - 1][0] * ring[place][1] - ring[place][0] * ring[place - 1][1]
        for place in range(len(ring))
    )


def _sides(ring: Sequence[Position]) -> list[Side]:
    return [(ring[place - 1], ring[place]) for place in range(len(ring))]


def _near(sides: Sequence[Side]) -> Iterator[tuple[int, int]]:
    """The pairs of sides that overlap from west to east; no others can meet.

    A file of two thousand plots is looked through in this way in a second, not in minutes.
    """
    west = [min(one[0], other[0]) for one, other in sides]
    order = sorted(range(len(sides)), key=west.__getitem__)
    for place, first in enumerate(order):
        east = max(sides[first][0][0], sides[first][1][0])
        for later in range(place + 1, len(order)):
            second = order[later]
            if west[second] > east:
                break
            yield first, second
