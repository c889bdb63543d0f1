"""Plots as a picture without a map beneath: a plan in metres, north at the top, with a scale."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.membership.land.rings import Position
from marketplace.membership.land.shapes import outlines

SIZE: Final = 400
"""The width and height of the picture, in its own units."""
MARGIN: Final = 56
SMALLEST_M: Final = 60.0
"""A picture shows at least so many metres across: a single point needs a place to stand in."""
_METRES_A_DEGREE: Final = 111_320.0
_STEPS: Final = (1, 2, 5)
_Place = tuple[float, float]
"""A position in the picture: right of its left edge, below its upper one."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot in the picture.

    Attributes:
        path: what an SVG path draws, to be filled by the rule "evenodd"; empty for a point.
        dot: where a point stands; None for a polygon.
        is_own: it is the plot that the picture is of, not a neighbour.
    """

    path: str
    dot: tuple[float, float] | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture of plots.

    Attributes:
        east: degrees east of its middle.
        north: degrees north of its middle.
        metres: how many metres it is wide and high.
        scale_m: how many metres the bar of the scale stands for.
        bar: how long the bar is, in units of the picture.
    """

    plots: tuple[Drawn, ...]
    east: float
    north: float
    metres: float
    scale_m: int
    bar: float
    size: int = SIZE


def plan_of(
    geometry: dict[str, Any] | None,
    *,
    others: Iterable[dict[str, Any]] = (),
    middle: Position = (108.05, 12.68),
) -> Plan:
    """The picture of a plot, with its neighbours as far as they reach into it.

    Args:
        geometry: the plot; None if it has no shape yet.
        others: geometries of plots around.
        middle: where to look if there is no shape.
    """
    own = outlines(geometry)
    shown = [corner for ring in own for corner in ring] or [middle]
    east = (min(x for x, _ in shown) + max(x for x, _ in shown)) / 2
    north = (min(y for _, y in shown) + max(y for _, y in shown)) / 2
    narrow = math.cos(math.radians(north))
    reach = max(max(abs(x - east) * narrow, abs(y - north)) * _METRES_A_DEGREE for x, y in shown)
    metres = max(SMALLEST_M if own else 400.0, 2 * reach) * SIZE / (SIZE - 2 * MARGIN)
    units = SIZE / metres

    def place(position: Position) -> _Place:
        x = SIZE / 2 + (position[0] - east) * narrow * _METRES_A_DEGREE * units
        y = SIZE / 2 - (position[1] - north) * _METRES_A_DEGREE * units
        return round(x, 1), round(y, 1)

    placed = [[[place(corner) for corner in ring] for ring in outlines(other)] for other in others]
    drawn = [_draw(rings, is_own=False) for rings in placed if _is_seen(rings)]
    if own:
        drawn.append(_draw([[place(corner) for corner in ring] for ring in own], is_own=True))
    scale = _round_below(metres / 4)
    return Plan(
        plots=tuple(drawn),
        east=round(east, 7),
        north=round(north, 7),
        metres=round(metres, 1),
        scale_m=scale,
        bar=round(scale * units, 1),
    )


def _draw(rings: Sequence[Sequence[_Place]], *, is_own: bool) -> Drawn:
    if len(rings[0]) == 1:
        return Drawn("", rings[0][0], is_own)
    paths = (" ".join(f"{x:g},{y:g}" for x, y in ring) for ring in rings)
    return Drawn("".join(f"M{path}Z" for path in paths), None, is_own)


def _is_seen(rings: Sequence[Sequence[_Place]]) -> bool:
    places = [place for ring in rings for place in ring]
    return all(
        min(place[axis] for place in places) <= SIZE and max(place[axis] for place in places) >= 0
        for axis in (0, 1)
    )


def _round_below(metres: float) -> int:
    """The largest of 1, 2, 5, 10, 20 … that is not above `metres`, and at least 1."""
    power = 10 ** max(0, math.floor(math.log10(max(metres, 1))))
    return int(max(step * power for step in _STEPS if step * power <= max(metres, 1)))
