"""Growing areas: codes that an authority gave to plots with one crop, for one market."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.membership import rules
from marketplace.membership.errors import (
    AreaEndsBeforeItBeginsError,
    AreaOfLandInvalidError,
    CapacityInvalidError,
    CountryUnknownError,
    CropMissingError,
    GrowingAreaCodeMissingError,
    GrowingAreaCodeTakenError,
    GrowingAreaNotFoundError,
    UnknownPlotsError,
)
from marketplace.membership.land.shapes import MAX_AREA_M2
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.membership import AreaMarket, GrowingArea, GrowingAreaPlot, Plot

HOME: Final = "VN"
MAX_CAPACITY_KG: Final = 10**9
CODE_LENGTH: Final = 40
ISSUER_LENGTH: Final = 160
_COUNTRY_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """What a growing-area code says.

    Attributes:
        organisation_id: whose it is.
        code: as the authority writes it: "VN-ĐLOR-0123".
        market: at home or abroad.
        country: ISO 3166 of the country that may import; at home it is not asked.
        crop: the one crop.
        valid_from: the day it was given.
        valid_to: the last day, where it has one.
        area_m2: what the code says, in square metres.
        capacity_kg: what a season may give, in kilograms.
        plot_codes: the plots in it.
    """

    organisation_id: int
    code: str
    market: AreaMarket
    crop: str
    valid_from: date
    country: str = HOME
    valid_to: date | None = None
    area_m2: int | None = None
    capacity_kg: int | None = None
    issued_by: str = ""
    plot_codes: Collection[str] = ()


def add_area(*, actor: Actor, facts: AreaFacts, at: datetime) -> GrowingArea:
    """Write a growing area down. The same code for the same market and crop again is one.

    Raises:
        NotAllowedError: the actor keeps no plots there.
        GrowingAreaCodeMissingError, CropMissingError, CountryUnknownError,
        AreaEndsBeforeItBeginsError, AreaOfLandInvalidError, CapacityInvalidError: no sense.
        UnknownPlotsError: some codes stand for no plot.
        GrowingAreaCodeTakenError: the code is there already for this market.
    """
    authorize(actor, Permission.PLOT_EDIT, facts)
    values = _values(facts)
    lock_key("growing-areas", facts.organisation_id)
    plots = _plots(facts)
    earlier = _same(facts.organisation_id, values)
    if earlier is not None:
        if (earlier.crop, earlier.valid_from) != (values["crop"], values["valid_from"]):
            raise GrowingAreaCodeTakenError(field="code")
        return earlier
    area = GrowingArea(
        organisation_id=facts.organisation_id, created_at=at, created_by_id=actor.user_id, **values
    )
    session.add(area)
    session.flush()
    _link(area.id, plots)
    _record(actor, "add_growing_area", area, plots, at)
    return area


def edit_area(*, actor: Actor, area_id: int, facts: AreaFacts, at: datetime) -> GrowingArea:
    """Correct a growing area, and which plots lie in it.

    Raises:
        GrowingAreaNotFoundError: there is none.
        NotAllowedError: the actor keeps no plots there.
        GrowingAreaCodeMissingError and the others of `add_area`.
    """
    area = lock_one(select(GrowingArea).where(GrowingArea.id == area_id))
    if area is None:
        raise GrowingAreaNotFoundError(area_id=area_id)
    authorize(actor, Permission.PLOT_EDIT, area)
    values = _values(facts)
    lock_key("growing-areas", area.organisation_id)
    plots = _plots(facts)
    other = _same(area.organisation_id, values)
    if other is not None and other.id != area.id:
        raise GrowingAreaCodeTakenError(field="code")
    known = set(
        session.scalars(
            select(GrowingAreaPlot.plot_id).where(GrowingAreaPlot.growing_area_id == area.id)
        )
    )
    if known == plots and all(getattr(area, name) == value for name, value in values.items()):
        return area
    for name, value in values.items():
        setattr(area, name, value)
    session.execute(delete(GrowingAreaPlot).where(GrowingAreaPlot.growing_area_id == area.id))
    _link(area.id, plots)
    session.flush()
    _record(actor, "edit_growing_area", area, plots, at)
    return area


def _values(facts: AreaFacts) -> dict[str, Any]:
    code = " ".join(facts.code.split()).upper()
    if not code or len(code) > CODE_LENGTH:
        raise GrowingAreaCodeMissingError(field="code")
    crop = rules.fitting(facts.crop, rules.CROP_LENGTH, field="crop")
    if not crop:
        raise CropMissingError(field="crop")
    country = HOME if facts.market == AreaMarket.DOMESTIC else facts.country.strip().upper()
    is_abroad = facts.market == AreaMarket.EXPORT
    if is_abroad and (country == HOME or not _is_country(country)):
        raise CountryUnknownError(field="country")
    rules.require_recent(facts.valid_from, field="valid_from")
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise AreaEndsBeforeItBeginsError(field="valid_to")
    if facts.area_m2 is not None and not 1 <= facts.area_m2 <= MAX_AREA_M2:
        raise AreaOfLandInvalidError(field="area")
    if facts.capacity_kg is not None and not 1 <= facts.capacity_kg <= MAX_CAPACITY_KG:
        raise CapacityInvalidError(field="capacity")
    return {
        "code": code,
        "market": str(facts.market),
        "country": country,
        "crop": crop,
        "area_m2": facts.area_m2,
        "capacity_kg": facts.capacity_kg,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "issued_by": rules.fitting(facts.issued_by, ISSUER_LENGTH, field="issued_by"),
    }


def _is_country(code: str) -> bool:
    return len(code) == _COUNTRY_LETTERS and code.isascii() and code.isalpha()


def _plots(facts: AreaFacts) -> set[int]:
    """The ids of the plots that are named."""
    wanted = {code.strip().upper() for code in facts.plot_codes if code.strip()}
    found = {
        row.code: row.id
        for row in session.execute(
            select(Plot.code, Plot.id).where(
                Plot.organisation_id == facts.organisation_id, Plot.code.in_(wanted)
            )
        )
    }
    if missing := sorted(wanted - set(found)):
        raise UnknownPlotsError(field="plot_codes", plot_codes=", ".join(missing[:10])[:200])
    return set(found.values())


def _same(organisation_id: int, values: dict[str, Any]) -> GrowingArea | None:
    return session.scalar(
        select(GrowingArea).where(
            GrowingArea.organisation_id == organisation_id,
            GrowingArea.code == values["code"],
            GrowingArea.country == values["country"],
        )
    )


def _link(area_id: int, plots: Collection[int]) -> None:
    if plots:
        session.execute(
            insert(GrowingAreaPlot),
            [{"growing_area_id": area_id, "plot_id": plot_id} for plot_id in sorted(plots)],
        )


def _record(
    actor: Actor, action: str, area: GrowingArea, plots: Collection[int], at: datetime
) -> None:
    record(
        actor=actor,
        action=f"membership.{action}",
        subject_kind="growing_area",
        subject_id=area.id,
        at=at,
        after={
            "code": area.code,
            "country": area.country,
            "capacity_kg": area.capacity_kg,
            "valid_to": area.valid_to.isoformat() if area.valid_to else None,
            "plots": len(plots),
        },
    )
