"""Plots and growing areas, for those who keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, cast, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.text import fold
from marketplace.membership import rules
from marketplace.membership.errors import (
    GrowingAreaNotFoundError,
    PlotNotFoundError,
    UnknownPlotsError,
)
from marketplace.membership.queries.members import OfRegister
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.membership import GrowingArea, GrowingAreaPlot, Household, Plot

NEIGHBOURS: Final = 60
"""How many plots around one are drawn at most."""


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A plot in a list. `size_m2` is computed if it is drawn, declared if it is not."""

    id: int
    organisation_id: int
    code: str
    crop: str
    province_code: str
    commune_code: str | None
    area_m2: int | None
    declared_area_m2: int | None
    retired_on: date | None
    geometry: dict[str, Any] | None
    owner_code: str
    owner_name: str

    @property
    def size_m2(self) -> int | None:
        """How large it is, as far as anybody knows."""
        return self.area_m2 or self.declared_area_m2

    @property
    def is_far_off(self) -> bool:
        """Whether what was drawn and what was declared differ by more than a tenth."""
        drawn, declared = self.area_m2, self.declared_area_m2
        return bool(drawn and declared and abs(drawn - declared) * 10 > declared)


@dataclass(frozen=True, slots=True)
class PlotBook:
    """A page of plots, and what all of them measure.

    Attributes:
        total_m2: the land of all plots in use.
        drawn: how many of them have a shape.
        in_use: how many there are in use.
    """

    page: Page[PlotRow]
    total_m2: int
    drawn: int
    in_use: int


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A growing area with what its plots measure together."""

    id: int
    organisation_id: int
    code: str
    market: str
    country: str
    crop: str
    area_m2: int | None
    capacity_kg: int | None
    valid_from: date
    valid_to: date | None
    issued_by: str
    plot_count: int
    plots_m2: int


_PLOT: Final[list[Any]] = [
    Plot.id,
    Plot.organisation_id,
    Plot.code,
    Plot.crop,
    Plot.province_code,
    Plot.commune_code,
    Plot.area_m2,
    Plot.declared_area_m2,
    Plot.retired_on,
    Plot.geometry,
    Household.code,
    Household.name,
]
_SIZE: Final = func.coalesce(Plot.area_m2, Plot.declared_area_m2, 0)


def plot_book(
    organisation_id: int, *, viewer: Actor, page: PageRequest, text: str = ""
) -> PlotBook:
    """A page of plots by code, those in use first; two statements.

    Args:
        organisation_id: whose.
        viewer: who asks.
        page: which page.
        text: words of the plot's code, its crop, or of its member.

    Raises:
        NotAllowedError: the viewer does not see this register.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    conditions: list[Any] = [Plot.organisation_id == organisation_id]
    for word in fold(text).split()[:6]:
        known = func.lower(Plot.code).contains(word, autoescape=True)
        conditions.append(known | Household.search_text.contains(word, autoescape=True))
    joined = select(
        func.count(),
        func.coalesce(func.sum(_SIZE).filter(Plot.retired_on.is_(None)), 0),
        func.count(Plot.geometry).filter(Plot.retired_on.is_(None)),
        func.count().filter(Plot.retired_on.is_(None)),
    )
    total, size, drawn, in_use = session.execute(
        joined.join(Household, Household.id == Plot.household_id).where(*conditions)
    ).one()
    rows = session.execute(
        _plots()
        .where(*conditions)
        .order_by(Plot.retired_on.is_not(None), Plot.code, Plot.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return PlotBook(Page([PlotRow(*row) for row in rows], page, total), int(size), drawn, in_use)


def get_plot(code: str, *, organisation_id: int, viewer: Actor) -> PlotRow:
    """A plot by code; one statement.

    Raises:
        NotAllowedError: the viewer does not see this register.
        PlotNotFoundError: the organisation has none with this code.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    row = session.execute(
        _plots().where(Plot.organisation_id == organisation_id, Plot.code == code)
    ).one_or_none()
    if row is None:
        raise PlotNotFoundError(plot_code=code)
    return PlotRow(*row)


@dataclass(frozen=True, slots=True)
class PlotPlace:
    """A plot, as far as a lot that comes from it must know."""

    id: int
    province_code: str
    commune_code: str | None


def find_plot_in_use(code: str, *, organisation_id: int) -> PlotPlace:
    """The plot with this code that goods can come from; one statement.

    Raises:
        UnknownPlotsError: the organisation has none in use.
    """
    row = session.execute(
        select(Plot.id, Plot.province_code, Plot.commune_code).where(
            Plot.organisation_id == organisation_id,
            Plot.code == code.strip().upper(),
            Plot.retired_on.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise UnknownPlotsError(field="plot_code", plot_codes=code.strip()[:20])
    return PlotPlace(*row)


def plots_of_member(member_id: int, *, organisation_id: int, viewer: Actor) -> list[PlotRow]:
    """The plots of a member, those in use first; one statement.

    Raises:
        NotAllowedError: the viewer does not see this register.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    rows = session.execute(
        _plots()
        .where(Plot.household_id == member_id, Plot.organisation_id == organisation_id)
        .order_by(Plot.retired_on.is_not(None), Plot.code)
    )
    return [PlotRow(*row) for row in rows]


def shapes_around(organisation_id: int, *, but: int | None = None) -> list[dict[str, Any]]:
    """The shapes of other plots in use of an organisation, for a plan; one statement."""
    rows = session.scalars(
        select(Plot.geometry)
        .where(
            Plot.organisation_id == organisation_id,
            Plot.geometry.is_not(None),
            Plot.retired_on.is_(None),
            Plot.id != (but or 0),
        )
        .order_by(Plot.id.desc())
        .limit(NEIGHBOURS)
    )
    return [geometry for geometry in rows if geometry is not None]


def next_plot_code(organisation_id: int) -> str:
    """A code that no plot of the organisation has, for a form."""
    return rules.NUMBERED_PLOT.format(highest_plot_number(organisation_id) + 1)


def highest_plot_number(organisation_id: int) -> int:
    """The highest number that a code of a plot bears; 0 if none does."""
    highest = session.scalar(
        select(func.max(cast(func.substr(Plot.code, 4), Integer))).where(
            Plot.organisation_id == organisation_id,
            Plot.code.regexp_match("^TH-[0-9]{4,8}$"),
        )
    )
    return int(highest or 0)


def all_plots(organisation_id: int, *, viewer: Actor) -> Sequence[PlotRow]:
    """Every plot of an organisation by code, those out of use, too; one statement.

    Raises:
        NotAllowedError: the viewer does not keep these plots.
    """
    authorize(viewer, Permission.PLOT_EDIT, OfRegister(organisation_id))
    rows = session.execute(
        _plots().where(Plot.organisation_id == organisation_id).order_by(Plot.code, Plot.id)
    )
    return [PlotRow(*row) for row in rows]


def areas_of(organisation_id: int, *, viewer: Actor) -> Sequence[AreaRow]:
    """The growing areas of an organisation, those that end first before; one statement.

    Raises:
        NotAllowedError: the viewer does not see this register.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    rows = session.execute(
        _areas()
        .where(GrowingArea.organisation_id == organisation_id)
        .order_by(GrowingArea.valid_to.asc().nulls_last(), GrowingArea.code, GrowingArea.id)
    )
    return [AreaRow(*row) for row in rows]


def get_area(area_id: int, *, organisation_id: int, viewer: Actor) -> tuple[AreaRow, list[str]]:
    """A growing area and the codes of its plots; two statements.

    Raises:
        NotAllowedError: the viewer does not see this register.
        GrowingAreaNotFoundError: the organisation has no such area.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    row = session.execute(
        _areas().where(GrowingArea.organisation_id == organisation_id, GrowingArea.id == area_id)
    ).one_or_none()
    if row is None:
        raise GrowingAreaNotFoundError(area_id=area_id)
    codes = session.scalars(
        select(Plot.code)
        .join(GrowingAreaPlot, GrowingAreaPlot.plot_id == Plot.id)
        .where(GrowingAreaPlot.growing_area_id == area_id)
        .order_by(Plot.code)
    )
    return AreaRow(*row), list(codes)


def _plots() -> Any:  # noqa: ANN401 - a select of PlotRow's columns
    return select(*_PLOT).join(Household, Household.id == Plot.household_id)


def _areas() -> Any:  # noqa: ANN401 - a select of AreaRow's columns
    within = (
        select(
            GrowingAreaPlot.growing_area_id.label("area_id"),
            func.count().label("plots"),
            func.sum(_SIZE).label("size"),
        )
        .join(Plot, Plot.id == GrowingAreaPlot.plot_id)
        .group_by(GrowingAreaPlot.growing_area_id)
        .subquery()
    )
    names = [name for name in AreaRow.__dataclass_fields__ if hasattr(GrowingArea, name)]
    columns: list[Any] = [getattr(GrowingArea, name) for name in names]
    return select(
        *columns,
        func.coalesce(within.c.plots, 0),
        cast(func.coalesce(within.c.size, 0), BigInteger),
    ).outerjoin(within, within.c.area_id == GrowingArea.id)
