"""What reference prices are published of, as a table that is read once."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

DATA: Final = Path(__file__).parent / "data" / "goods.json"


@dataclass(frozen=True, slots=True)
class Good:
    """Something with a market price: "Cà phê robusta nhân xô", by its code "robusta"."""

    code: str
    vi: str
    en: str

    def name(self, locale: str) -> str:
        """What it is called in the language `locale`."""
        return self.en if locale == "en" else self.vi


def goods() -> tuple[Good, ...]:
    """Everything that has reference prices, in the order of the table."""
    return tuple(_table().values())


def find_good(code: str) -> Good | None:
    """What a code stands for, if for anything."""
    return _table().get(code)


def good_name(code: str, locale: str) -> str:
    """What a code stands for in words; the code itself if it is out of use."""
    found = _table().get(code)
    return found.name(locale) if found else code


@cache
def _table() -> MappingProxyType[str, Good]:
    rows = json.loads(DATA.read_text("utf-8"))
    return MappingProxyType({row["code"]: Good(**row) for row in rows})
