"""How large the law calls a cooperative, by rules that hold from one day to another.

Source: Decree 113/2024/NĐ-CP, Article 5, in force from 1 November 2024. Only its line about
agriculture is kept, which is what this market is for; nothing is said of other trades or days.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.kernel.validity import Period

DATA: Final = Path(__file__).parent / "data" / "size_classes.json"
AGRICULTURE: Final = "agriculture"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A class: so many official members, and so much revenue in a year or so much capital.

    Attributes:
        code: "large", "medium" or "small".
        members: at least so many.
        revenue_minor: of a year, whole đồng.
        capital_minor: all the capital it works with, whole đồng.
    """

    code: str
    members: int
    revenue_minor: int
    capital_minor: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The classes of a trade while a law holds, the largest first; `rest` is the smallest."""

    sector: str
    period: Period
    source_vi: str
    source_en: str
    classes: tuple[Threshold, ...]
    rest: str

    def source(self, locale: str) -> str:
        """Where it stands, in the language `locale`."""
        return self.source_en if locale == "en" else self.source_vi


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a cooperative; None where nobody has said.

    Attributes:
        members: official members.
        revenue_minor: of the last year, whole đồng.
        capital_minor: all the capital, whole đồng.
        charter_minor: the charter capital, a part of all the capital.
    """

    members: int | None = None
    revenue_minor: int | None = None
    capital_minor: int | None = None
    charter_minor: int | None = None


def rule_on(day: date, sector: str = AGRICULTURE) -> Rule | None:
    """The rule that holds on a day; None if we know none."""
    return next(
        (rule for rule in _rules() if rule.sector == sector and rule.period.covers(day)), None
    )


def size_class(size: Size, rule: Rule) -> str | None:
    """The class of a cooperative; None if what is known leaves more than one.

    Too few members decide alone. Charter capital is a part of all the capital, so it can prove
    that there is enough, never that there is not.
    """
    if size.members is None:
        return None
    for threshold in rule.classes:
        if size.members < threshold.members:
            continue
        is_enough = _reaches(size.revenue_minor, threshold.revenue_minor) or _reaches(
            max(size.capital_minor or 0, size.charter_minor or 0), threshold.capital_minor
        )
        if is_enough:
            return threshold.code
        if size.revenue_minor is None or size.capital_minor is None:
            return None
    return rule.rest


def _reaches(amount: int | None, least: int) -> bool:
    return amount is not None and amount >= least


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            sector=each["sector"],
            period=Period(
                date.fromisoformat(each["from"]),
                date.fromisoformat(each["until"]) if each["until"] else None,
            ),
            source_vi=each["source_vi"],
            source_en=each["source_en"],
            classes=tuple(Threshold(**one) for one in each["classes"]),
            rest=each["rest"],
        )
        for each in json.loads(DATA.read_text(encoding="utf-8"))
    )
