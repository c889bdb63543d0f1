"""Places as people write them, old names too, and how far they lie from each other."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.geography.atlas import name_key
from marketplace.geography.places import Province
from marketplace.geography.queries import province, province_codes_named

MERGED_ON: Final = date(2025, 7, 1)
"""When 63 provinces became 34."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What a name means today.

    Attributes:
        typed: the name as it was written.
        provinces: the provinces that it means; in Vietnamese alphabetical order of their codes.
        former: the name of the province that is gone, if it was one: "Bình Dương".
    """

    typed: str
    provinces: tuple[Province, ...]
    former: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the provinces."""
        return tuple(each.code for each in self.provinces)


def find_place(text: str) -> NamedPlace | None:
    """The provinces that a text names: today's name, a former one, or an address that ends so.

    "Bình Dương" and "phường Thủ Dầu Một, tỉnh Bình Dương" are in Hồ Chí Minh City today. The data
    has no points of communes, so that of an address only the province is understood.
    """
    typed = " ".join(text.split())
    name = typed.rsplit(",", 1)[-1].strip()
    found = tuple(province(code) for code in sorted(province_codes_named(name)))
    if not found:
        return None
    key = name_key(name)
    former = next(
        (old for each in found for old in each.former_names if key.endswith(name_key(old))), ""
    )
    return NamedPlace(typed, found, former if key not in _names_today(found) else "")


def _names_today(found: tuple[Province, ...]) -> set[str]:
    return {name_key(each.name) for each in found}
