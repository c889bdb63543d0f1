"""What a forecast could be: from what was harvested, from the land, from the season.

A proposal only fills a form in; each month says where its number comes from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.reporting.supply import harvested
from marketplace.sourcing.supply.rules import BOOK_MONTHS, month_after, month_of, months_from
from models.catalogue import Product
from models.membership import Plot
from models.traceability import Lot

YEARS: Final = 3
"""How many earlier years a month is compared with."""
STEPS: Final = ((1_000_000, 1_000), (10_000_000, 10_000), (0, 100_000))
"""Below so many grams a proposal is rounded to so many; the last is for all others."""


class Source(StrEnum):
    """Where the number of a month comes from."""

    HISTORY = "history"
    LAND = "land"
    OUT_OF_SEASON = "out_of_season"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Land:
    """What the land of a product has given, and how much there is of it now.

    Attributes:
        area_m2: all plots with the same crops that are farmed now.
        crops: what grows there, as the register says.
        harvest_g: what lots that name their plots brought in the last twelve months.
        harvest_m2: the area of those plots.
        levels: the levels of the season, summed over the months in which it could be brought.
    """

    area_m2: int
    crops: Sequence[str]
    harvest_g: int
    harvest_m2: int
    levels: int

    def grams(self, level: int) -> int:
        """What a month of that level would give."""
        return self.harvest_g * self.area_m2 * level // (self.harvest_m2 * self.levels)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a month could be, and why.

    Attributes:
        grams: how much; None where nobody can say.
        years: what the same month brought in earlier years, the latest first.
        level: of the season, 0 to 3.
        is_raised: whether it was raised to what is promised already.
    """

    month: date
    grams: int | None
    source: Source
    years: Sequence[tuple[date, int]] = ()
    level: int = 0
    is_raised: bool = False


@dataclass(frozen=True, slots=True)
class Proposals:
    """The months ahead, and the land that some of them were reckoned from."""

    months: Mapping[date, Proposal]
    land: Land | None


def propose_forecast(
    product: Product, *, promised: Mapping[date, int], viewer: Actor, today: date
) -> Proposals:
    """What the months ahead of a product could be; nothing is saved.

    Args:
        product: of the seller.
        promised: what is held and contracted already, by month; no proposal is less.
        viewer: who writes into the book.
        today: the day it is in Việt Nam.

    Raises:
        NotAllowedError: the viewer may not write into this book.
    """
    authorize(viewer, Permission.SUPPLY_EDIT, product)
    this_month = month_of(today)
    first = month_after(this_month, -BOOK_MONTHS * YEARS)
    found = harvested([product.id], first)
    history = {month: grams for (_product, month), grams in found.items()}
    land = _land_of(product, this_month)
    months = months_from(this_month, BOOK_MONTHS)
    return Proposals(
        {
            month: _raised(propose(month, product.season, history, land), promised.get(month, 0))
            for month in months
        },
        land,
    )


def propose(month: date, season: str, history: Mapping[date, int], land: Land | None) -> Proposal:
    """What one month could be.

    Args:
        month: which.
        season: the calendar of the product, a level for each month of the year.
        history: what was harvested, by month.
        land: what is known of the land; None if nothing.
    """
    level = int(season[month.month - 1])
    begun = min(history, default=month)
    earlier = [month_after(month, -BOOK_MONTHS * back) for back in range(1, YEARS + 1)]
    years = [(each, history.get(each, 0)) for each in earlier if each >= begun]
    if years:
        mean = sum(grams for _, grams in years) // len(years)
        return Proposal(month, rounded(mean), Source.HISTORY, years, level)
    if not level:
        return Proposal(month, 0, Source.OUT_OF_SEASON)
    if land is not None:
        return Proposal(month, rounded(land.grams(level)), Source.LAND, (), level)
    return Proposal(month, None, Source.UNKNOWN, (), level)


def rounded(grams: int) -> int:
    """As precise as a forecast can be: to the kilogram, ten of them, or a hundred."""
    step = next(step for limit, step in STEPS if grams < limit or not limit)
    return (grams + step // 2) // step * step


def _raised(proposal: Proposal, promised_g: int) -> Proposal:
    """Never below what somebody was promised."""
    if proposal.grams is None or proposal.grams >= promised_g:
        return proposal
    return Proposal(
        proposal.month, promised_g, proposal.source, proposal.years, proposal.level, is_raised=True
    )


def _land_of(product: Product, this_month: date) -> Land | None:
    """What is known of its land; None without lots of the last year that name measured plots."""
    area = func.coalesce(Plot.area_m2, Plot.declared_area_m2)
    first = month_after(this_month, -BOOK_MONTHS)
    rows = session.execute(
        select(Plot.id, Plot.crop, area, func.sum(Lot.quantity_g), func.min(Lot.harvested_on))
        .join(Lot, Lot.plot_id == Plot.id)
        .where(Lot.product_id == product.id, Lot.harvested_on >= first, area.is_not(None))
        .group_by(Plot.id)
    ).all()
    if not rows:
        return None
    begun = month_of(min(row[4] for row in rows))
    span = (this_month.year - begun.year) * 12 + this_month.month - begun.month
    levels = sum(int(product.season[each.month - 1]) for each in months_from(begun, max(span, 1)))
    crops = sorted({row[1] for row in rows})
    farmed = session.scalar(
        select(func.sum(area)).where(
            Plot.organisation_id == product.organisation_id,
            Plot.retired_on.is_(None),
            Plot.crop.in_(crops),
        )
    )
    if not farmed or not levels:
        return None
    return Land(
        area_m2=int(farmed),
        crops=crops,
        harvest_g=int(sum(row[3] for row in rows)),
        harvest_m2=int(sum(row[2] for row in rows)),
        levels=levels,
    )
