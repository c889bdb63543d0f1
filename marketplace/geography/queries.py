"""Reads: regions, provinces and communes by code, by name and in order."""

from datetime import date

from marketplace.geography import atlas
from marketplace.geography.errors import (
    ProvinceNotFoundError,
    RegionNotFoundError,
    UnknownCommuneError,
    UnknownProvinceError,
)
from marketplace.geography.places import Commune, Place, Province, Region
from marketplace.kernel.text import fold

_KIND_PREFIXES = ("thanh pho ", "tinh ", "tp ")


def regions() -> tuple[Region, ...]:
    """The six regions, from north to south."""
    return tuple(atlas.provinces().regions.values())


def region(region_id: str) -> Region:
    """The region with this id.

    Raises:
        RegionNotFoundError: there is none.
    """
    found = find_region(region_id)
    if found is None:
        raise RegionNotFoundError(region_id=region_id)
    return found


def find_region(region_id: str) -> Region | None:
    """The region with this id, if there is one."""
    return atlas.provinces().regions.get(region_id)


def provinces() -> tuple[Province, ...]:
    """The 34 provinces and cities, in Vietnamese alphabetical order."""
    return tuple(atlas.provinces().by_code.values())


def provinces_of_region(region_id: str) -> tuple[Province, ...]:
    """The provinces that lie in a region, in Vietnamese alphabetical order.

    Raises:
        RegionNotFoundError: there is no such region.
    """
    wanted = region(region_id).id
    return tuple(unit for unit in provinces() if unit.region_id == wanted)


def province(code: str) -> Province:
    """The province with this code of two digits.

    Raises:
        ProvinceNotFoundError: there is none.
    """
    found = find_province(code)
    if found is None:
        raise ProvinceNotFoundError(code=code)
    return found


def find_province(code: str) -> Province | None:
    """The province with this code of two digits, if there is one."""
    return atlas.provinces().by_code.get(code)


def province_by_slug(slug: str) -> Province:
    """The province with this slug.

    Raises:
        ProvinceNotFoundError: there is none.
    """
    found = atlas.provinces().by_slug.get(slug)
    if found is None:
        raise ProvinceNotFoundError(slug=slug)
    return found


def region_of(province_code: str) -> Region:
    """The region in which a province lies.

    Raises:
        ProvinceNotFoundError: there is no such province.
    """
    return region(province(province_code).region_id)


def communes_of(province_code: str) -> tuple[Commune, ...]:
    """The communes of a province, in Vietnamese alphabetical order.

    Raises:
        ProvinceNotFoundError: there is no such province.
    """
    return atlas.communes().by_province[province(province_code).code]


def find_commune(code: str) -> Commune | None:
    """The commune with this code of five digits, if there is one."""
    return atlas.communes().by_code.get(code)


def require_place(province_code: str, commune_code: str | None) -> Place:
    """The place that an address names by its codes.

    Raises:
        UnknownProvinceError: there is no such province.
        UnknownCommuneError: there is no such commune, or it lies in another province.
    """
    unit = find_province(province_code)
    if unit is None:
        raise UnknownProvinceError(province_code=province_code)
    if commune_code is None:
        return Place(unit, None)
    commune = find_commune(commune_code)
    if commune is None or commune.province_code != unit.code:
        raise UnknownCommuneError(province_code=province_code, commune_code=commune_code)
    return Place(unit, commune)


def full_name(code: str, *, on: date) -> str:
    """Kind and name of the province with this code on a day: "Tỉnh Đồng Nai".

    Raises:
        ProvinceNotFoundError: there is no such province.
    """
    return province(code).named_on(on).full_name


def province_codes_named(text: str) -> frozenset[str]:
    """The provinces that `text` names, with today's name, a former one or an alias.

    "Bến Tre", "ben tre" and "tỉnh Bến Tre" all give Vĩnh Long (86), into which Bến Tre went.
    Tones, case and punctuation do not count; nothing is found inside a longer text.
    """
    key = atlas.name_key(text)
    names = atlas.provinces().codes_by_name
    if key in names:
        return names[key]
    for prefix in _KIND_PREFIXES:
        if key.startswith(prefix):
            return names.get(key.removeprefix(prefix), frozenset())
    return frozenset()


def search_words(province_code: str) -> str:
    """The folded names by which goods from a province are searched: today's, former, aliases.

    Raises:
        ProvinceNotFoundError: there is no such province.
    """
    unit = province(province_code)
    names = (unit.name, unit.name_en, *unit.former_names, *unit.aliases)
    return " ".join(dict.fromkeys(fold(name) for name in names))
