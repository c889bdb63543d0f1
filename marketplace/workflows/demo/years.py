"""What organisations declare of the last three years; one of them corrects itself."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from marketplace.kernel.clock import VIETNAM
from marketplace.membership.yearly.operations import declare_year
from marketplace.membership.yearly.rules import YearFigures
from marketplace.platform.database import session
from marketplace.workflows.demo.world import Seller, World
from models.accounts import Organisation, Role

SEED: Final = 20260115
YEARS: Final = 3
DECLARED_MONTH: Final = 1
MILLION: Final = 1_000_000
GROWTH: Final = 1.09
"""From one year to the next: assets of all cooperatives grew by 8.7 % in 2022."""
CORRECTED: Final = "CUMGAR"


def declare_years(world: World) -> None:
    """Let every seller that is on the market declare three years."""
    chance = Random(SEED)  # noqa: S311 - it must come out the same every time
    for code, seller in world.sellers.items():
        if seller.content.state != "pending":
            _declare(world, code, seller, chance)


def _declare(world: World, code: str, seller: Seller, chance: Random) -> None:
    organisation = session.get_one(Organisation, seller.organisation_id)
    figures = _first(seller, chance)
    last = world.today.year - 1
    for year in range(last - YEARS + 1, last + 1):
        day = date(year + 1, DECLARED_MONTH, 10 + chance.randint(0, 15))
        at = datetime.combine(day, time(9), VIETNAM)
        is_corrected = code == CORRECTED and year == last
        slip = replace(figures, profit_minor=figures.profit_minor * 10)
        declare_year(
            actor=seller.actor(Role.ACCOUNTANT),
            organisation=organisation,
            year=year,
            figures=slip if is_corrected else figures,
            seen_version=0,
            at=at,
        )
        if is_corrected:
            declare_year(
                actor=seller.actor(Role.DIRECTOR),
                organisation=organisation,
                year=year,
                figures=figures,
                seen_version=1,
                reason="Lợi nhuận gõ thừa một số 0.",
                at=at + timedelta(days=6),
            )
        figures = _next(figures, chance)


def _first(seller: Seller, chance: Random) -> YearFigures:
    """A plausible year for a cooperative of this size; amounts in whole millions of đồng."""
    members = seller.content.members or 12
    official = max(members * 9 // 10, 5)
    labourers = official + chance.randint(2, 12)
    external = members * chance.randint(18, 40) * MILLION
    managers = 3 + members // 60
    return YearFigures(
        official_members=official,
        associate_members_capital=members - official,
        associate_members_other=chance.randint(0, 4),
        labourers=labourers,
        labourers_members=official,
        charter_capital_minor=max(50, members * 11 // 20) * 9 * MILLION,
        total_assets_minor=members * chance.randint(20, 34) * MILLION,
        revenue_internal_minor=external * chance.randint(10, 25) // 100 // MILLION * MILLION,
        revenue_external_minor=external,
        profit_minor=external * chance.randint(2, 7) // 100 // MILLION * MILLION,
        managers=managers,
        managers_trained=managers * chance.randint(5, 9) // 10,
        mean_income_minor=chance.randint(52, 78) * MILLION,
    )


def _next(figures: YearFigures, chance: Random) -> YearFigures:
    """The year after: a little more of everything."""

    def grown(minor: int) -> int:
        return round(minor * GROWTH * chance.uniform(0.94, 1.08) / MILLION) * MILLION

    return replace(
        figures,
        official_members=figures.official_members + chance.randint(0, 4),
        labourers=figures.labourers + chance.randint(0, 6),
        charter_capital_minor=grown(figures.charter_capital_minor),
        total_assets_minor=grown(figures.total_assets_minor),
        revenue_internal_minor=grown(figures.revenue_internal_minor),
        revenue_external_minor=grown(figures.revenue_external_minor),
        profit_minor=grown(figures.profit_minor),
        managers_trained=min(figures.managers_trained + 1, figures.managers),
    )
