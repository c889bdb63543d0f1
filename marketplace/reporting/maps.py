"""A map of the provinces in classes: where things lie on it, and which class a value is in.

The shapes stand in `static/img/vietnam.svg`; both archipelagos are drawn at their true place.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

WIDTH: Final = 590
HEIGHT: Final = 640
_WEST, _NORTH, _PER_DEGREE = 101.6, 23.7, 38
_NARROW: Final = cos(radians(16))
"""How much shorter a degree of longitude is than one of latitude, in the middle of the country."""

CLASSES: Final = 5
"""Classes of values above nothing; nothing is a class of its own, 0."""


def on_map(lon: float, lat: float) -> tuple[int, int]:
    """Where a point of the earth lies on the map."""
    return round((lon - _WEST) * _NARROW * _PER_DEGREE), round((_NORTH - lat) * _PER_DEGREE)


@dataclass(frozen=True, slots=True)
class Classes:
    """Values in classes of about the same number of provinces.

    Attributes:
        of: the class of each key, 0 for nothing.
        tops: the largest value of each class from 1 on.
        bottoms: the smallest value of each class from 1 on.
    """

    of: Mapping[str, int]
    bottoms: Sequence[int]
    tops: Sequence[int]


def classes_of(values: Mapping[str, int]) -> Classes:
    """Put values into at most `CLASSES` classes; equal values are in the same."""
    some = sorted(value for value in values.values() if value > 0)
    ends = [some[-(-len(some) * part // CLASSES) - 1] for part in range(1, CLASSES + 1) if some]
    tops = sorted(set(ends))
    bottoms = [
        min(value for value in some if place == 0 or value > tops[place - 1])
        for place in range(len(tops))
    ]
    return Classes(
        of={key: bisect_left(tops, value) + 1 if value > 0 else 0 for key, value in values.items()},
        bottoms=bottoms,
        tops=tops,
    )
