"""How large a plot is: on the ellipsoid WGS 84, not on a flat map."""

from collections.abc import Sequence
from functools import cache
from typing import Any


@cache
def _earth() -> Any:  # noqa: ANN401 - geographiclib has no types
    from geographiclib.geodesic import Geodesic  # noqa: PLC0415 - only who measures needs it

    return Geodesic.WGS84


def area_m2(ring: Sequence[tuple[float, float]]) -> float:
    """The area within a ring of (degrees east, degrees north), in square metres.

    The sides are geodesics, by Karney's method: exact to a millionth of a square metre at the
    size of a field. The ring need not be closed, and may run either way.
    """
    polygon = _earth().Polygon()
    for east, north in ring:
        polygon.AddPoint(north, east)
    _corners, _perimeter, area = polygon.Compute()
    return abs(float(area))


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two positions (degrees east, degrees north) are apart, in metres."""
    return float(_earth().Inverse(one[1], one[0], other[1], other[0])["s12"])
