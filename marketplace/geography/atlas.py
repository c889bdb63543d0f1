"""Reads the two data files, once, on first use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marketplace.geography.places import (
    Commune,
    CommuneKind,
    DatedName,
    Province,
    ProvinceKind,
    Region,
)
from marketplace.kernel.text import slug

_DATA = Path(__file__).parent / "data"
_KINDS = {
    "p": CommuneKind.WARD,
    "x": CommuneKind.COMMUNE,
    "d": CommuneKind.SPECIAL_ZONE,
}


@dataclass(frozen=True, slots=True)
class Provinces:
    """The first level, with the ways to find a unit of it."""

    regions: Mapping[str, Region]
    by_code: Mapping[str, Province]
    by_slug: Mapping[str, Province]
    codes_by_name: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Communes:
    """The second level, with the ways to find a unit of it."""

    by_code: Mapping[str, Commune]
    by_province: Mapping[str, tuple[Commune, ...]]


def name_key(text: str) -> str:
    """What is left of a name when two spellings of it are to meet: "ba ria vung tau"."""
    return slug(text).replace("-", " ")


@cache
def provinces() -> Provinces:
    """The provinces in Vietnamese alphabetical order and the regions from north to south."""
    data = _read("provinces.json")
    regions = [Region(**row) for row in data["regions"]]
    units = [_province(row) for row in data["provinces"]]
    codes: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.name, unit.name_en, *unit.former_names, *unit.aliases):
            codes.setdefault(name_key(name), set()).add(unit.code)
    return Provinces(
        regions=MappingProxyType({region.id: region for region in regions}),
        by_code=MappingProxyType({unit.code: unit for unit in units}),
        by_slug=MappingProxyType({unit.slug: unit for unit in units}),
        codes_by_name=MappingProxyType({key: frozenset(found) for key, found in codes.items()}),
    )


@cache
def communes() -> Communes:
    """The communes, within a province in Vietnamese alphabetical order."""
    data = _read("communes.json")
    changed = {
        code: date.fromisoformat(change["on"])
        for change in data["reclassified"]
        for code in change["codes"]
    }
    by_province = {
        province_code: tuple(_commune(province_code, row, changed) for row in rows)
        for province_code, rows in data["communes"].items()
    }
    return Communes(
        by_code=MappingProxyType(
            {unit.code: unit for units in by_province.values() for unit in units}
        ),
        by_province=MappingProxyType(by_province),
    )


def _read(name: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    with (_DATA / name).open(encoding="utf-8") as file:
        return json.load(file)


def _province(row: Mapping[str, Any]) -> Province:
    return Province(
        code=row["code"],
        slug=row["slug"],
        region_id=row["region"],
        lat=row["lat"],
        lon=row["lon"],
        name_en=row["en"],
        names=tuple(
            DatedName(None if day is None else date.fromisoformat(day), ProvinceKind(kind), name)
            for day, kind, name in row["names"]
        ),
        former_names=tuple(row["former"]),
        aliases=tuple(row["aliases"]),
    )


def _commune(province_code: str, row: str, changed: Mapping[str, date]) -> Commune:
    code, letter, name = row[:5], row[5], row[7:]
    return Commune(code, province_code, name, _KINDS[letter], changed.get(code))
