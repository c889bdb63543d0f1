"""A plot's place as people bring it: GeoJSON (RFC 7946), understood, put right, or refused."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final, Self

from marketplace.kernel.translation import mark
from marketplace.membership.errors import ShapeInvalidError
from marketplace.membership.land import rings as ring_rules
from marketplace.membership.land.measuring import area_m2
from marketplace.membership.land.rings import Position

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
    "Có nhiều hình trong đoạn này. Mỗi thửa một hình; nhiều thửa một lúc thì nhập từ tệp GeoJSON."
)
NOT_THIS_KIND: Final = mark(
    "Chỉ nhận điểm (Point) hoặc vùng (Polygon, MultiPolygon), không nhận đường."
)
NOT_APART: Final = mark(
    "Các phần hoặc lỗ của hình chạm hay chồng lên nhau. "
    "Hãy gộp phần chạm nhau thành một vùng; lỗ phải nằm hẳn bên trong vùng."
)
METRES: Final = mark(
    "Toạ độ này tính bằng mét, có lẽ theo VN-2000. Hãy xuất lại theo WGS 84, tính bằng độ."
)
NOT_NUMBERS: Final = mark("Toạ độ phải là số: kinh độ trước, vĩ độ sau, ví dụ [108.05, 12.68].")
SWAPPED: Final = mark("Kinh độ và vĩ độ bị đổi chỗ. GeoJSON ghi kinh độ trước: [108.05, 12.68].")
TOO_FEW: Final = mark(
    "Chưa đủ ba góc khác nhau để thành vùng. "
    "Hãy chấm thêm góc, hoặc chỉ giữ một góc nếu muốn ghi một điểm."
)
CROSSES: Final = mark("Đường ranh tự cắt nhau. Hãy đi vòng quanh thửa theo một chiều.")
TOO_SMALL: Final = mark("Vùng này nhỏ hơn 1 m². Hãy xem lại các góc.")
TOO_LARGE: Final = mark("Vùng này lớn hơn 100 km². Hãy xem lại các góc.")

OUTSIDE: Final = mark("Thửa nằm ngoài Việt Nam. Hãy xem lại toạ độ.")
HEIGHTS: Final = mark("Độ cao trong hình đã được bỏ.")
COARSE: Final = mark("Toạ độ có ít hơn 6 số lẻ: sai vài mét, chưa đủ cho hàng đi châu Âu.")

_ENOUGH_DIGITS: Final = 6
_FARTHEST_M: Final = 1e8
"""Beyond it no number is a place, whether in degrees or in metres."""
_LEAST_CORNERS: Final = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A place that can be kept.

    Attributes:
        geometry: a GeoJSON Point, Polygon or MultiPolygon. Rings are closed; outer ones run
            counter-clockwise, holes clockwise.
        area_m2: of the outer rings less their holes, on the ellipsoid, rounded; None of a point.
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
        parsed = parse(text)
    except ValueError as error:
        raise _wrong(NOT_JSON) from error
    return shape_of(_only_geometry(parsed))


def parse(text: str) -> object:
    """JSON, in which numbers still know how many digits they were written with.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(text, parse_float=_Written, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError(text[:20]) from error


def shape_of(geometry: dict[str, Any]) -> Shape:
    """The shape that a geometry gives, if it was read by `parse`.

    Raises:
        ShapeInvalidError: what is wrong, in words.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        positions = _positions([coordinates])
        warnings = _warnings([coordinates])
        return Shape({"type": "Point", "coordinates": list(positions[0])}, None, warnings)
    written = _parts(str(kind), coordinates)
    parts = [[ring_rules.tidy(_positions(ring)) for ring in part] for part in written]
    area = _require_sound(parts)
    closed = [
        [_closed(ring, is_hole=place > 0) for place, ring in enumerate(part)] for part in parts
    ]
    warnings = _warnings([each for part in written for ring in part for each in ring])
    if len(closed) == 1:
        return Shape({"type": "Polygon", "coordinates": closed[0]}, area, warnings)
    return Shape({"type": "MultiPolygon", "coordinates": closed}, area, warnings)


def outlines(geometry: dict[str, Any] | None) -> list[list[Position]]:
    """All rings of a kept geometry, without the corners that close them; of a point, it alone."""
    if geometry is None:
        return []
    if geometry["type"] == "Point":
        east, north = geometry["coordinates"]
        return [[(east, north)]]
    coordinates = geometry["coordinates"]
    parts = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [[(east, north) for east, north in ring[:-1]] for part in parts for ring in part]


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


def _parts(kind: str, coordinates: object) -> list[list[list[Any]]]:
    """The polygons of a geometry, each with its outer ring first, as they were written."""
    if kind not in {"Polygon", "MultiPolygon"}:
        raise _wrong(NOT_THIS_KIND)
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list) or not parts:
        raise _wrong(NOT_NUMBERS)
    for part in parts:
        if not isinstance(part, list) or not part or not all(isinstance(r, list) for r in part):
            raise _wrong(NOT_NUMBERS)
    rings = [ring for part in parts for ring in part]
    if sum(map(len, rings)) > MAX_CORNERS + len(rings):
        raise _wrong(TOO_LONG)
    return parts


def _positions(written: Sequence[Any]) -> list[Position]:
    return [_position(each) for each in written]


def _position(written: object) -> Position:
    if not isinstance(written, list) or len(written) < 2:  # noqa: PLR2004 - east and north
        raise _wrong(NOT_NUMBERS)
    east, north = written[0], written[1]
    for number in (east, north):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _wrong(NOT_NUMBERS)
        if not -_FARTHEST_M < number < _FARTHEST_M:
            raise _wrong(NOT_NUMBERS)
    if WEST <= north <= EAST and SOUTH <= east <= NORTH:
        raise _wrong(SWAPPED)
    if abs(east) > 180 or abs(north) > 90:  # noqa: PLR2004 - the globe
        raise _wrong(METRES)
    if not (WEST <= east <= EAST and SOUTH <= north <= NORTH):
        raise _wrong(OUTSIDE)
    return round(float(east), DIGITS), round(float(north), DIGITS)


def _closed(ring: Sequence[Position], *, is_hole: bool) -> list[list[float]]:
    turned = ring_rules.backwards(ring) if is_hole else ring
    return [list(position) for position in (*turned, turned[0])]


def _require_sound(parts: Sequence[Sequence[Sequence[Position]]]) -> int:
    """The area of polygons in square metres, if they are some."""
    rings = [ring for part in parts for ring in part]
    for ring in rings:
        if len(set(ring)) < _LEAST_CORNERS:
            raise _wrong(TOO_FEW)
        if len(set(ring)) < len(ring) or ring_rules.crosses_itself(ring):
            raise _wrong(CROSSES)
    if len(rings) > 1 and not _are_apart(parts):
        raise _wrong(NOT_APART)
    area = math.fsum(
        -area_m2(ring) if place else area_m2(ring)
        for part in parts
        for place, ring in enumerate(part)
    )
    if area < 1:
        raise _wrong(TOO_SMALL)
    if area > MAX_AREA_M2:
        raise _wrong(TOO_LARGE)
    return round(area)


def _are_apart(parts: Sequence[Sequence[Sequence[Position]]]) -> bool:
    """Whether holes lie within their own part only, and parts beside each other.

    As no two rings meet, one corner says for a whole ring where it lies.
    """
    if ring_rules.meet([ring for part in parts for ring in part]):
        return False
    for outer, *holes in parts:
        if not all(ring_rules.is_inside(hole[0], outer) for hole in holes):
            return False
        if any(ring_rules.is_inside(one[0], other) for one, other in permutations(holes, 2)):
            return False
    return not any(_covers(one, other[0][0]) for one, other in permutations(parts, 2))


def _covers(part: Sequence[Sequence[Position]], point: Position) -> bool:
    outer, *holes = part
    return ring_rules.is_inside(point, outer) and not any(
        ring_rules.is_inside(point, hole) for hole in holes
    )


def _warnings(written: Sequence[Any]) -> tuple[str, ...]:
    found = []
    if any(len(each) > 2 for each in written):  # noqa: PLR2004 - east and north
        found.append(HEIGHTS)
    if any(
        getattr(number, "decimals", 0) < _ENOUGH_DIGITS for each in written for number in each[:2]
    ):
        found.append(COARSE)
    return tuple(found)
