"""A plot's place as people bring it: GeoJSON (RFC 7946), understood, put right, or refused."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Self

from marketplace.kernel.translation import mark
from marketplace.membership.errors import ShapeInvalidError
from marketplace.membership.land.measuring import area_m2

MAX_TEXT: Final = 200_000
MAX_CORNERS: Final = 500
MAX_AREA_M2: Final = 100_000_000
"""100 km²: more than any member farms; the largest fields of a state farm are a tenth of it."""
DIGITS: Final = 7
"""Decimals of a degree that are kept: one centimetre. Buyers in the EU ask for six or more."""

WEST, EAST = 102.0, 117.9
SOUTH, NORTH = 6.3, 23.5
"""Việt Nam with its islands, Trường Sa included, in degrees."""

NOT_JSON: Final = mark("Đây không phải GeoJSON. Hãy chép nguyên cả đoạn, từ dấu { đầu tới } cuối.")
TOO_LONG: Final = mark("Hình quá lớn: tối đa 500 góc.")
NO_SHAPE: Final = mark("Không thấy hình nào: cần một điểm (Point) hoặc một vùng (Polygon).")
MANY_SHAPES: Final = mark(
    "Có nhiều hình trong đoạn này. Mỗi thửa một hình: hãy chép riêng từng hình."
)
NOT_THIS_KIND: Final = mark("Chỉ nhận điểm (Point) hoặc vùng (Polygon), không nhận đường.")
HOLES: Final = mark("Vùng này có lỗ ở giữa. Hãy vẽ một vùng liền, hoặc chia thành nhiều thửa.")
NOT_NUMBERS: Final = mark("Toạ độ phải là số: kinh độ trước, vĩ độ sau, ví dụ [108.05, 12.68].")
SWAPPED: Final = mark("Kinh độ và vĩ độ bị đổi chỗ. GeoJSON ghi kinh độ trước: [108.05, 12.68].")
TOO_FEW: Final = mark("Một vùng cần ít nhất ba góc khác nhau.")
CROSSES: Final = mark("Đường ranh tự cắt nhau. Hãy đi vòng quanh thửa theo một chiều.")
TOO_SMALL: Final = mark("Vùng này nhỏ hơn 1 m². Hãy xem lại các góc.")
TOO_LARGE: Final = mark("Vùng này lớn hơn 100 km². Hãy xem lại các góc.")

OUTSIDE: Final = mark("Thửa nằm ngoài Việt Nam. Hãy xem lại toạ độ.")
HEIGHTS: Final = mark("Độ cao trong hình đã được bỏ.")
COARSE: Final = mark("Toạ độ có ít hơn 6 số lẻ: sai vài mét, chưa đủ cho hàng đi châu Âu.")

Position = tuple[float, float]
"""Degrees east, degrees north."""

_ENOUGH_DIGITS: Final = 6
_LEAST_CORNERS: Final = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A place that can be kept.

    Attributes:
        geometry: a GeoJSON Point, or a Polygon with one closed ring, counter-clockwise.
        area_m2: of a polygon, on the ellipsoid, rounded; None of a point.
        warnings: marked sentences about what may be wrong.
    """

    geometry: dict[str, Any]
    area_m2: int | None
    warnings: tuple[str, ...] = ()


def read_shape(text: str) -> Shape:
    """The shape in a piece of GeoJSON: a geometry, a Feature or a collection of one.

    Raises:
        ShapeInvalidError: what is wrong, in words.
    """
    if len(text) > MAX_TEXT:
        raise _wrong(TOO_LONG)
    try:
        # Numbers stay texts for now: how many digits were written says how exact they are.
        parsed = json.loads(text, parse_float=_Written, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _wrong(NOT_JSON) from error
    geometry = _only_geometry(parsed)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        positions = _positions([coordinates])
        warnings = _warnings(positions, [coordinates])
        return Shape({"type": "Point", "coordinates": list(positions[0])}, None, warnings)
    rings = _rings(str(kind), coordinates)
    ring = _tidy(_positions(rings[0]))
    area = _require_sound(ring)
    closed = [list(position) for position in (*ring, ring[0])]
    return Shape({"type": "Polygon", "coordinates": [closed]}, area, _warnings(ring, rings[0]))


def corners(geometry: dict[str, Any] | None) -> list[Position]:
    """The corners of a kept geometry, without the one that closes the ring; none of nothing."""
    if geometry is None:
        return []
    if geometry["type"] == "Point":
        east, north = geometry["coordinates"]
        return [(east, north)]
    return [(east, north) for east, north in geometry["coordinates"][0][:-1]]


class _Written(float):
    """A number that knows how many decimals it was written with."""

    decimals: int

    def __new__(cls, text: str) -> Self:
        """Read it."""
        number = super().__new__(cls, text)
        number.decimals = len(text.partition(".")[2].partition("e")[0])
        return number


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _wrong(message: str) -> ShapeInvalidError:
    return ShapeInvalidError(field="shape", why=message)


def _only_geometry(parsed: object) -> dict[str, Any]:
    found = list(_geometries(parsed))
    if not found:
        raise _wrong(NO_SHAPE)
    if len(found) > 1:
        raise _wrong(MANY_SHAPES)
    return found[0]


def _geometries(parsed: object) -> list[dict[str, Any]]:
    if not isinstance(parsed, dict):
        return []
    kind = parsed.get("type")
    if kind == "FeatureCollection":
        features = parsed.get("features")
        return [
            geometry
            for feature in (features if isinstance(features, list) else [])
            if isinstance(feature, dict) and feature.get("type") == "Feature"
            for geometry in _geometries(feature)
        ]
    if kind == "Feature":
        return _geometries(parsed.get("geometry"))
    return [parsed] if "coordinates" in parsed else []


def _rings(kind: str, coordinates: object) -> list[Any]:
    """The one ring of a polygon, as it was written."""
    if kind == "MultiPolygon" and isinstance(coordinates, list):
        if len(coordinates) > 1:
            raise _wrong(MANY_SHAPES)
        coordinates = coordinates[0] if coordinates else None
    elif kind != "Polygon":
        raise _wrong(NOT_THIS_KIND)
    if not isinstance(coordinates, list) or not coordinates or not isinstance(coordinates[0], list):
        raise _wrong(NOT_NUMBERS)
    if len(coordinates) > 1:
        raise _wrong(HOLES)
    if len(coordinates[0]) > MAX_CORNERS + 1:
        raise _wrong(TOO_LONG)
    return coordinates


def _positions(written: Sequence[Any]) -> list[Position]:
    return [_position(each) for each in written]


def _position(written: object) -> Position:
    if not isinstance(written, list) or len(written) < 2:  # noqa: PLR2004 - east and north
        raise _wrong(NOT_NUMBERS)
    east, north = written[0], written[1]
    for number in (east, north):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _wrong(NOT_NUMBERS)
        if not math.isfinite(number):
            raise _wrong(NOT_NUMBERS)
    if WEST <= north <= EAST and SOUTH <= east <= NORTH:
        raise _wrong(SWAPPED)
    if not (-180 <= east <= 180 and -90 <= north <= 90):  # noqa: PLR2004 - the globe
        raise _wrong(NOT_NUMBERS)
    return round(float(east), DIGITS), round(float(north), DIGITS)


def _tidy(positions: list[Position]) -> list[Position]:
    """Without the corner that closes the ring and corners that stand twice, counter-clockwise."""
    kept = [
        each for place, each in enumerate(positions) if place == 0 or each != positions[place - 1]
    ]
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept if _turn(kept) >= 0 else [kept[0], *reversed(kept[1:])]


def _turn(ring: Sequence[Position]) -> float:
    """Twice the signed area in square degrees: above zero runs counter-clockwise."""
    return math.fsum(
        ring[place - 1][0] * ring[place][1] - ring[place][0] * ring[place - 1][1]
        for place in range(len(ring))
    )


def _require_sound(ring: Sequence[Position]) -> int:
    if len(set(ring)) < _LEAST_CORNERS:
        raise _wrong(TOO_FEW)
    if len(set(ring)) < len(ring) or crosses_itself(ring):
        raise _wrong(CROSSES)
    area = area_m2(ring)
    if area < 1:
        raise _wrong(TOO_SMALL)
    if area > MAX_AREA_M2:
        raise _wrong(TOO_LARGE)
    return round(area)


def crosses_itself(ring: Sequence[Position]) -> bool:
    """Whether two sides of a ring meet anywhere but at the corner that they share."""
    sides = [(ring[place - 1], ring[place]) for place in range(len(ring))]
    for (first, one), (second, other) in combinations(enumerate(sides), 2):
        is_next = second - first == 1 or (first == 0 and second == len(sides) - 1)
        if is_next:
            if _folds_back(one, other):
                return True
        elif _meet(one, other):
            return True
    return False


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


def _warnings(positions: Sequence[Position], written: Sequence[Any]) -> tuple[str, ...]:
    found = []
    if not all(WEST <= east <= EAST and SOUTH <= north <= NORTH for east, north in positions):
        found.append(OUTSIDE)
    if any(len(each) > 2 for each in written):  # noqa: PLR2004 - east and north
        found.append(HEIGHTS)
    if any(
        getattr(number, "decimals", 0) < _ENOUGH_DIGITS for each in written for number in each[:2]
    ):
        found.append(COARSE)
    return tuple(found)
