"""What lateness and missing goods take off a delivery, and what good work adds."""

from dataclasses import dataclass

from marketplace.contracts.terms import Terms
from marketplace.kernel.money import BPS


@dataclass(frozen=True, slots=True)
class Penalty:
    """What is taken off the goods of a delivery, and what is added.

    Attributes:
        late_minor: For days of lateness; `short_minor` for missing goods; both as the terms say.
        total_minor: Both together, but never more than the cap: this is what is taken off.
        bonus_minor: What is added.
    """

    late_minor: int
    short_minor: int
    total_minor: int
    bonus_minor: int


def penalties(  # noqa: PLR0913 - what a delivery is judged by
    *,
    terms: Terms,
    goods_minor: int,
    days_late: int,
    missing_g: int,
    missing_minor: int,
    is_whole: bool = True,
) -> Penalty:
    """Penalties and bonus of one delivery.

    The cap is a part of what was breached: of the goods that came late, and of what is missing.

    Args:
        terms: What the contract said.
        goods_minor: What the accepted goods cost.
        days_late: Whole days after the last day agreed; early and on time are 0 or less.
        missing_g: Grams that are missing beyond the tolerance (`beyond_tolerance`).
        missing_minor: What those would have cost.
        is_whole: Whether everything that was shipped was accepted; no bonus otherwise.
    """
    breach = terms.breach
    is_late = days_late > 0
    is_short = missing_g > 0
    late_minor = part_of(goods_minor, breach.late_bps_per_day * days_late) if is_late else 0
    short_minor = part_of(missing_minor, breach.short_bps) if is_short else 0
    breached = (goods_minor if is_late else 0) + (missing_minor if is_short else 0)
    is_good = is_whole and not is_late and not is_short
    return Penalty(
        late_minor,
        short_minor,
        min(late_minor + short_minor, part_of(breached, breach.cap_bps)),
        part_of(goods_minor, breach.bonus_bps) if is_good else 0,
    )


def beyond_tolerance(*, terms: Terms, planned_g: int, accepted_g: int) -> int:
    """How many grams of a delivery are missing beyond the tolerance; 0 at its very border."""
    allowed_g = planned_g * terms.tolerance_bps // BPS
    return max(planned_g - allowed_g - accepted_g, 0)


def part_of(minor: int, bps: int) -> int:
    """The part of an amount in basis points, rounded half up to whole đồng."""
    return (minor * bps * 2 + BPS) // (BPS * 2)
