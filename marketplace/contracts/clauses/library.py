"""Reading the library, once."""

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from marketplace.contracts.terms import Clause

DATA: Final = Path(__file__).parent / "data" / "clauses.json"


def offered() -> tuple[Clause, ...]:
    """The latest version of every clause, in the order of a contract."""
    return tuple({each.code: each for each in _table().values()}.values())


def find_clause(code: str, version: int) -> Clause | None:
    """The words of a version of a clause, if there is one."""
    return _table().get((code, version))


@cache
def _table() -> MappingProxyType[tuple[str, int], Clause]:
    """Every version; those of one clause stand together, the latest last."""
    rows = [Clause(**row) for row in json.loads(DATA.read_text("utf-8"))]
    return MappingProxyType({(each.code, each.version): each for each in rows})
