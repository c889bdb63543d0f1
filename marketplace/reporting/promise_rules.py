"""From when on the alliance is to speak with a seller that does not keep its promises.

The limits hold from one day to another; they stand in `data/promise_rules.json` with their source.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.kernel.validity import Period

DATA: Final = Path(__file__).parent / "data" / "promise_rules.json"


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """The limits of a time.

    Attributes:
        period: the days on which they hold.
        source_vi: where they stand; `source_en` in English.
        at_least_parts: of fewer parts nothing is said, to the alliance or to the public.
        called_off_above_bps: a share above this that the seller called off is too much.
        late_above_bps: the same for parts that were handed over late.
    """

    period: Period
    source_vi: str
    source_en: str
    at_least_parts: int
    called_off_above_bps: int
    late_above_bps: int

    def source(self, locale: str) -> str:
        """Where the limits stand, in the language `locale`."""
        return self.source_en if locale == "en" else self.source_vi


def promise_rule_on(day: date) -> PromiseRule | None:
    """The limits that hold on a day; None if there are none."""
    return next((rule for rule in _rules() if rule.period.covers(day)), None)


@cache
def _rules() -> tuple[PromiseRule, ...]:
    return tuple(
        PromiseRule(
            period=Period(
                date.fromisoformat(each.pop("from")),
                date.fromisoformat(until) if (until := each.pop("until")) else None,
            ),
            **each,
        )
        for each in json.loads(DATA.read_text(encoding="utf-8"))
    )
