"""Plots: whose they are, what grows there, where they lie."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography.queries import require_place
from marketplace.kernel.clock import business_day
from marketplace.membership import rules
from marketplace.membership.errors import (
    AreaOfLandInvalidError,
    CropMissingError,
    PlotCodeTakenError,
    PlotNotFoundError,
    PlotOwnerMissingError,
)
from marketplace.membership.land.shapes import MAX_AREA_M2, Shape
from marketplace.membership.trail import record_of
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.membership import Household, Plot

PLOTS: Final = "plot-register"
"""The name that is held while codes of plots are given out."""


@dataclass(frozen=True, slots=True)
class PlotFacts:
    """What is said of a plot.

    Attributes:
        organisation_id: whose register.
        owner_code: the code of the member who farms it.
        code: the plot's own.
        crop: what grows or lives there.
        province_code: where it lies; the member's own when left out.
        declared_area_m2: what the papers say, in square metres.
        shape: where it lies; None if nobody has drawn it.
    """

    organisation_id: int
    owner_code: str
    code: str
    crop: str
    province_code: str | None = None
    commune_code: str | None = None
    declared_area_m2: int | None = None
    shape: Shape | None = None


def add_plot(*, actor: Actor, facts: PlotFacts, at: datetime) -> Plot:
    """Write a plot down. The same plot under the same code again changes nothing.

    Raises:
        NotAllowedError: the actor keeps no plots there.
        MemberCodeInvalidError, CropMissingError, AreaOfLandInvalidError: it makes no sense.
        PlotOwnerMissingError: nobody who is a member now has this code.
        UnknownProvinceError, UnknownCommuneError: there is no such place.
        PlotCodeTakenError: the code stands for another plot.
    """
    authorize(actor, Permission.PLOT_EDIT, facts)
    values = _values(facts)
    lock_key(PLOTS, facts.organisation_id)
    earlier = _with_code(facts.organisation_id, values["code"])
    if earlier is not None:
        if (earlier.household_id, earlier.crop) != (values["household_id"], values["crop"]):
            raise PlotCodeTakenError(field="code", plot_code=values["code"])
        return earlier
    plot = Plot(
        organisation_id=facts.organisation_id,
        created_at=at,
        created_by_id=actor.user_id,
        **values,
    )
    session.add(plot)
    record_of(plot, actor, "add_plot", at, after={"code": plot.code, "area_m2": plot.area_m2})
    return plot


def edit_plot(*, actor: Actor, plot_id: int, facts: PlotFacts, at: datetime) -> Plot:
    """Correct what is said of a plot.

    Raises:
        PlotNotFoundError: there is none.
        NotAllowedError: the actor keeps no plots there.
        MemberCodeInvalidError and the others of `add_plot`.
    """
    plot = _lock(plot_id)
    authorize(actor, Permission.PLOT_EDIT, plot)
    values = _values(facts)
    if values["code"] != plot.code:
        lock_key(PLOTS, plot.organisation_id)
        if _with_code(plot.organisation_id, values["code"]) is not None:
            raise PlotCodeTakenError(field="code", plot_code=values["code"])
    changed = sorted(name for name, value in values.items() if getattr(plot, name) != value)
    if not changed:
        return plot
    before = {"code": plot.code, "area_m2": plot.area_m2}
    for name in changed:
        setattr(plot, name, values[name])
    after = {"code": plot.code, "area_m2": plot.area_m2, "fields": changed}
    record_of(plot, actor, "edit_plot", at, before=before, after=after)
    return plot


def retire_plot(*, actor: Actor, plot_id: int, at: datetime) -> Plot:
    """A plot is farmed for the organisation no more; lots from it stay.

    Raises:
        PlotNotFoundError: there is none.
        NotAllowedError: the actor keeps no plots there.
    """
    return _set_retired(actor, plot_id, business_day(at), at)


def return_plot(*, actor: Actor, plot_id: int, at: datetime) -> Plot:
    """A plot is farmed again.

    Raises:
        PlotNotFoundError: there is none.
        NotAllowedError: the actor keeps no plots there.
    """
    return _set_retired(actor, plot_id, None, at)


def _set_retired(actor: Actor, plot_id: int, day: date | None, at: datetime) -> Plot:
    plot = _lock(plot_id)
    authorize(actor, Permission.PLOT_EDIT, plot)
    if (plot.retired_on is None) == (day is None):
        return plot
    plot.retired_on = day
    action = "return_plot" if day is None else "retire_plot"
    record_of(plot, actor, action, at, after={"code": plot.code})
    return plot


def _values(facts: PlotFacts) -> dict[str, Any]:
    """The columns of a plot that come from facts."""
    code = rules.read_code(facts.code)
    crop = rules.fitting(facts.crop, rules.CROP_LENGTH, field="crop")
    if not crop:
        raise CropMissingError(field="crop")
    declared = facts.declared_area_m2
    if declared is not None and not 1 <= declared <= MAX_AREA_M2:
        raise AreaOfLandInvalidError(field="declared_area")
    owner = session.scalar(
        select(Household).where(
            Household.organisation_id == facts.organisation_id,
            Household.code == facts.owner_code.strip().upper(),
            Household.left_on.is_(None),
        )
    )
    if owner is None:
        raise PlotOwnerMissingError(field="owner_code")
    province = facts.province_code or owner.province_code
    commune = facts.commune_code or (None if facts.province_code else owner.commune_code)
    require_place(province, commune)
    return {
        "household_id": owner.id,
        "code": code,
        "crop": crop,
        "geometry": facts.shape.geometry if facts.shape else None,
        "area_m2": facts.shape.area_m2 if facts.shape else None,
        "declared_area_m2": declared,
        "province_code": province,
        "commune_code": commune,
    }


def _with_code(organisation_id: int, code: str) -> Plot | None:
    return session.scalar(
        select(Plot).where(Plot.organisation_id == organisation_id, Plot.code == code)
    )


def _lock(plot_id: int) -> Plot:
    plot = lock_one(select(Plot).where(Plot.id == plot_id))
    if plot is None:
        raise PlotNotFoundError(plot_id=plot_id)
    return plot
