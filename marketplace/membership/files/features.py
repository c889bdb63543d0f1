"""A file of plots: a FeatureCollection whose properties say whose plot each shape is."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from marketplace.kernel.quantity import M2_PER_HECTARE
from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark
from marketplace.membership import rules
from marketplace.membership.errors import (
    MemberCodeInvalidError,
    NotAFileOfPlotsError,
    PlotFileEmptyError,
    PlotFileTooLargeError,
    ShapeInvalidError,
)
from marketplace.membership.files.values import Problem, plain
from marketplace.membership.land.shapes import MAX_AREA_M2, parse, shape_of

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_FEATURES: Final = 5_000
SHOWN: Final = 80
"""How much of a wrong value is shown again."""


class Property(StrEnum):
    """What a property says of a plot."""

    CODE = "code"
    OWNER = "owner_code"
    NAME = "owner_name"
    CROP = "crop"
    DECLARED = "declared_area_m2"


NAMES: Final[Mapping[str, Mapping[Property, str]]] = {
    "vi": {
        Property.CODE: "ma_thua",
        Property.OWNER: "ma_thanh_vien",
        Property.NAME: "ten_thanh_vien",
        Property.CROP: "cay_trong",
        Property.DECLARED: "dien_tich_giay_to_ha",
    },
    "en": {
        Property.CODE: "plot_code",
        Property.OWNER: "member_code",
        Property.NAME: "member_name",
        Property.CROP: "crop",
        Property.DECLARED: "declared_area_ha",
    },
}
"""The names that we write; in both languages they are read again, as are those of `ALIASES`."""

EXTRA_NAMES: Final = {
    "vi": ("dien_tich_do_ha", "tinh", "xa", "thoi_dung_tu"),
    "en": ("measured_area_ha", "province", "commune", "retired_on"),
}
"""What we write besides and never read: measured area, province, commune, the end of use."""

ALIASES: Final = {
    Property.CODE: ("thua", "ma thua dat", "plot"),
    Property.OWNER: ("ma ho", "ma tv", "member", "owner code"),
    Property.NAME: ("ho ten", "ho va ten", "ten", "chu ho", "ten chu ho", "name", "full name"),
    Property.CROP: ("cay", "vat nuoi", "cay trong, vat nuoi"),
    Property.DECLARED: ("dien tich giay to", "declared ha"),
}

WHOLE_SHAPE: Final = mark("Hình")
"""What a problem of the shape itself is listed under."""
BAD_CODE: Final = mark("Mã chỉ gồm chữ không dấu, số, dấu chấm, gạch nối, không quá 20 ký tự.")
CODE_TWICE: Final = mark("Mã thửa này đã có ở một hình phía trên. Mỗi thửa một hình.")
SHAPE_TWICE: Final = mark("Hình này giống hệt một hình phía trên.")
LONG_CROP: Final = mark("Cây trồng, vật nuôi ghi nhiều nhất 80 ký tự.")
LONG_NAME: Final = mark("Tên ghi nhiều nhất 160 ký tự.")
BAD_AREA: Final = mark("Diện tích giấy tờ là số héc-ta, từ 0,0001 đến 10.000.")
NO_FEATURE: Final = mark("Mục này không phải một Feature của GeoJSON.")
NOT_ONE_SHAPE: Final = mark("Mỗi thửa cần một hình: Point, Polygon hoặc MultiPolygon.")

_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_BY_NAME: Final = {
    **{name: which for which, names in ALIASES.items() for name in names},
    **{
        fold(name).replace("_", " "): which
        for names in NAMES.values()
        for which, name in names.items()
    },
}
_EXTRA: Final = frozenset(
    name.replace("_", " ") for names in EXTRA_NAMES.values() for name in names
)

Facts = dict[str, Any]
"""What one feature says of a plot; a key that is missing says nothing."""


def require_plausible(data: bytes) -> None:
    """Refuse at once what no file of plots is, before anybody waits for it.

    Raises:
        PlotFileEmptyError: nothing was sent.
        PlotFileTooLargeError: more than 5 MB.
        NotAFileOfPlotsError: it does not begin as JSON does.
    """
    if not data.strip():
        raise PlotFileEmptyError
    if len(data) > MAX_BYTES:
        raise PlotFileTooLargeError
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise NotAFileOfPlotsError


def read_features(data: bytes) -> list[Any]:
    """The features of a file as they are written, in their order.

    Raises:
        NotAFileOfPlotsError: no JSON, or no FeatureCollection.
        PlotFileEmptyError: a collection of nothing.
        PlotFileTooLargeError: more than 5,000 features.
    """
    try:
        parsed = parse(data.decode("utf-8-sig"))
    except ValueError as error:
        raise NotAFileOfPlotsError from error
    if isinstance(parsed, dict) and parsed.get("type") == "Feature":
        return [parsed]
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        raise NotAFileOfPlotsError
    if not features:
        raise PlotFileEmptyError
    if len(features) > MAX_FEATURES:
        raise PlotFileTooLargeError
    return features


def unknown_names(features: Iterable[Any]) -> list[str]:
    """Names of properties that mean nothing to us, each once, as they are written."""
    names = (
        str(name)
        for feature in features
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict)
        for name in feature["properties"]
    )
    known = _BY_NAME.keys() | _EXTRA
    return [name for name in dict.fromkeys(names) if _plain(name) not in known]


class FeatureReader:
    """Reads features one after the other and remembers which codes and shapes there were."""

    def __init__(self) -> None:
        """Begin with none seen."""
        self._codes: set[str] = set()
        self._shapes: set[str] = set()

    def read(
        self, features: Iterable[tuple[int, Any]]
    ) -> tuple[list[tuple[int, Facts]], list[Problem]]:
        """Numbered features as facts, and what is wrong with others."""
        kept: list[tuple[int, Facts]] = []
        problems: list[Problem] = []
        for number, feature in features:
            facts, wrong = _read(number, feature)
            wrong = wrong or self._repeated(number, facts)
            if wrong:
                problems.extend(wrong)
            else:
                kept.append((number, facts))
        return kept, problems

    def _repeated(self, number: int, facts: Facts) -> list[Problem]:
        code, shape = facts.get("code", ""), place_key(facts.get("geometry"))
        is_known = code in self._codes
        # Two plots that are known by one point each, the house, may stand at the same one.
        is_twice = shape in self._shapes and not (code and facts["geometry"]["type"] == "Point")
        self._codes |= {code} - {""}
        self._shapes |= {shape} - {""}
        if is_known:
            return [Problem(number, _written(Property.CODE), code, CODE_TWICE)]
        return [Problem(number, WHOLE_SHAPE, code, SHAPE_TWICE)] if is_twice else []


def place_key(geometry: Mapping[str, Any] | None) -> str:
    """What tells whether two kept geometries are the same; empty of none."""
    return "" if geometry is None else f"{geometry['type']}{geometry['coordinates']}"


def _read(number: int, feature: Any) -> tuple[Facts, list[Problem]]:  # noqa: ANN401 - from JSON
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return {}, [Problem(number, WHOLE_SHAPE, "", NO_FEATURE)]
    facts: Facts = {}
    problems: list[Problem] = []
    written = feature.get("properties")
    for name, value in (written if isinstance(written, dict) else {}).items():
        which, text = _BY_NAME.get(_plain(name)), _text(value)
        if which is None or not text or which in facts:
            continue
        try:
            facts[which] = _READERS[which](text)
        except ValueError as error:
            problems.append(Problem(number, str(name)[:SHOWN], text[:SHOWN], str(error)))
    geometry = feature.get("geometry")
    if geometry is not None:
        try:
            if not isinstance(geometry, dict):
                raise ShapeInvalidError(why=NOT_ONE_SHAPE)  # noqa: TRY301 - told as the others are
            shape = shape_of(geometry)
        except ShapeInvalidError as error:
            found = str(facts.get("code", ""))
            problems.append(Problem(number, WHOLE_SHAPE, found, str(error.details["why"])))
        else:
            facts |= {
                "geometry": shape.geometry,
                "area_m2": shape.area_m2,
                "warnings": list(shape.warnings),
            }
    return facts, problems


def _written(which: Property) -> str:
    return NAMES["vi"][which]


def _plain(name: object) -> str:
    return fold(str(name).replace("_", " ").replace("-", " "))


def _text(value: object) -> str:
    """A property as text; what is neither text nor number says nothing."""
    return "" if isinstance(value, bool | dict | list) else plain(value)


def _code(text: str) -> str:
    try:
        return rules.read_code(text)
    except MemberCodeInvalidError as error:
        raise ValueError(BAD_CODE) from error


def _short(text: str, longest: int, why: str) -> str:
    if len(text) > longest:
        raise ValueError(why)
    return text


def _declared(text: str) -> int:
    try:
        hectares = Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else Decimal(0)
    except InvalidOperation as error:
        raise ValueError(BAD_AREA) from error
    m2 = round(hectares * M2_PER_HECTARE)
    if not 1 <= m2 <= MAX_AREA_M2:
        raise ValueError(BAD_AREA)
    return m2


_READERS: Final = {
    Property.CODE: _code,
    Property.OWNER: _code,
    Property.NAME: lambda text: _short(text, rules.NAME_LENGTH, LONG_NAME),
    Property.CROP: lambda text: _short(text, rules.CROP_LENGTH, LONG_CROP),
    Property.DECLARED: _declared,
}
