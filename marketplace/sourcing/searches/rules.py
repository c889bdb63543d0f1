"""When a search has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 80
LONGEST_QUERY: Final = 2000
MOST_KEPT: Final = 50
"""Searches of one buyer."""

WORTH_TELLING: Final = 10
"""Percent by which a seller's free quantity must have changed; exactly so much is not enough."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A seller whose free quantity changed, in grams; 0 where it was or is not found."""

    seller_id: int
    before_g: int
    now_g: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What there is to tell, largest quantities first."""

    came: Sequence[Difference]
    went: Sequence[Difference]
    more: Sequence[Difference]
    less: Sequence[Difference]

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.more or self.less)

    @property
    def all(self) -> list[Difference]:
        """All of them."""
        return [*self.came, *self.more, *self.less, *self.went]


def changes_between(before: Mapping[int, int], now: Mapping[int, int]) -> Changes:
    """What changed between what was told and what is found now, both grams by seller."""
    differences = [
        Difference(seller, before.get(seller, 0), now.get(seller, 0))
        for seller in sorted(before.keys() | now.keys())
    ]
    differences.sort(key=lambda each: max(each.before_g, each.now_g), reverse=True)
    known = [
        each for each in differences if each.before_g and each.now_g and _is_worth_telling(each)
    ]
    return Changes(
        came=[each for each in differences if not each.before_g and each.now_g],
        went=[each for each in differences if each.before_g and not each.now_g],
        more=[each for each in known if each.now_g > each.before_g],
        less=[each for each in known if each.now_g < each.before_g],
    )


def told(before: Mapping[int, int], changes: Changes) -> dict[int, int]:
    """What the reader knows once the changes were told: small steps stay as they were known."""
    after = {**before, **{each.seller_id: each.now_g for each in changes.all}}
    return {seller: grams for seller, grams in after.items() if grams}


def _is_worth_telling(each: Difference) -> bool:
    return abs(each.now_g - each.before_g) * 100 > each.before_g * WORTH_TELLING
