"""Writing into the supply book what a seller expects, and taking the last change back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.kernel.translation import mark
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all, lock_key
from marketplace.sourcing.supply.errors import (
    BelowPromisedError,
    ForecastChangedMeanwhileError,
    GradeTooLongError,
    LoweringReasonMissingError,
    MonthOutOfBoundsError,
    NothingToUndoError,
    ReasonTooLongError,
    VolumeOutOfBoundsError,
)
from marketplace.sourcing.supply.queries import last_change
from marketplace.sourcing.supply.rules import (
    BOOK_MONTHS,
    GRADE_MAX,
    MOST_G,
    REASON_MAX,
    Forecast,
    field_of,
    month_of,
    months_from,
    tidy_grade,
)
from models.catalogue import Product
from models.supply import Supply, SupplyChange

UNDONE: Final = mark("Hoàn tác lần lưu trước")
"""The reason of a change that takes the one before it back; pages translate it."""
WRITE: Final = "sourcing.write_forecast"
UNDO: Final = "sourcing.undo_forecast"
"""What was done, for the trail."""


def write_forecast(
    *, actor: Actor, product: Product, forecast: Forecast, at: datetime
) -> list[date]:
    """Say what is expected of a product month by month. The same again changes nothing.

    Args:
        actor: a director or sales person of the seller, or who acts on its behalf.
        product: of the seller.
        forecast: the months, upon what, and why.
        at: when.

    Returns:
        The months that have changed.

    Raises:
        NotAllowedError: the actor may not write into this book.
        GradeTooLongError, ReasonTooLongError, MonthOutOfBoundsError, VolumeOutOfBoundsError: the
            forecast makes no sense.
        ForecastChangedMeanwhileError: there is a later change than the one they have looked at.
        BelowPromisedError: a month would be less than what is promised and held of it.
        LoweringReasonMissingError: a month becomes less, and nobody says why.
    """
    authorize(actor, Permission.SUPPLY_EDIT, product)
    forecast = replace(forecast, grade=tidy_grade(forecast.grade), reason=forecast.reason.strip())
    _require_sound(forecast, at)
    rows = _lock_line(product.id, forecast.grade)
    before = {month: rows[month].forecast_g if month in rows else 0 for month in forecast.grams}
    changed = {month: grams for month, grams in forecast.grams.items() if before[month] != grams}
    if not changed:
        return []
    _require_seen(product.id, forecast.grade, forecast.seen)
    _require_above_promises(rows, changed)
    if not forecast.reason and any(grams < before[month] for month, grams in changed.items()):
        raise LoweringReasonMissingError(field="reason")
    return _write(actor, product, rows, replace(forecast, grams=changed), action=WRITE, at=at)


def undo_forecast(
    *, actor: Actor, product: Product, grade: str, seen: int, at: datetime
) -> list[date]:
    """Write back what stood there before the last time somebody saved this product.

    It is a change like others and can be taken back itself. Months that are over stay.

    Args:
        actor: a director or sales person of the seller, or who acts on its behalf.
        product: of the seller.
        grade: which grade of it.
        seen: the last change that the actor has looked at.
        at: when.

    Returns:
        The months that have changed.

    Raises:
        NotAllowedError: the actor may not write into this book.
        ForecastChangedMeanwhileError: there is a later change than the one they have looked at.
        NothingToUndoError: nothing was saved yet, or only for months that are over.
        BelowPromisedError: a month would be less than what is promised and held of it.
    """
    authorize(actor, Permission.SUPPLY_EDIT, product)
    rows = _lock_line(product.id, grade)
    _require_seen(product.id, grade, seen)
    this_month = month_of(business_day(at))
    open_months = {row.id: month for month, row in rows.items() if month >= this_month}
    back = {
        open_months[change.supply_id]: change.before_g
        for change in _last_saved(seen)
        if change.supply_id in open_months
    }
    if not back:
        raise NothingToUndoError
    _require_above_promises(rows, back)
    return _write(actor, product, rows, Forecast(grade, back, seen, UNDONE), action=UNDO, at=at)


def _require_sound(forecast: Forecast, at: datetime) -> None:
    if len(forecast.grade) > GRADE_MAX:
        raise GradeTooLongError(field="grade", most=GRADE_MAX)
    if len(forecast.reason) > REASON_MAX:
        raise ReasonTooLongError(field="reason", most=REASON_MAX)
    open_months = set(months_from(month_of(business_day(at)), BOOK_MONTHS))
    for month, grams in sorted(forecast.grams.items()):
        if month not in open_months:
            raise MonthOutOfBoundsError(field=field_of(month))
        if not 0 <= grams <= MOST_G:
            raise VolumeOutOfBoundsError(field=field_of(month))


def _lock_line(product_id: int, grade: str) -> dict[date, Supply]:
    """All months of a grade of a product, locked; its name too, for months that have no row yet."""
    lock_key("supply-book", f"{product_id}:{grade}")
    mine = select(Supply).where(Supply.product_id == product_id, Supply.grade == grade)
    return {row.month: row for row in lock_all(mine)}


def _require_seen(product_id: int, grade: str, seen: int) -> None:
    newest = last_change(product_id, grade)
    if newest != seen:
        raise ForecastChangedMeanwhileError(seen=newest)


def _require_above_promises(rows: Mapping[date, Supply], grams: Mapping[date, int]) -> None:
    promised = {
        month: rows[month].held_g + rows[month].contracted_g for month in grams if month in rows
    }
    least = {month: needed for month, needed in promised.items() if grams[month] < needed}
    if least:
        raise BelowPromisedError(least)


def _last_saved(newest: int) -> Sequence[SupplyChange]:
    """The changes that were saved together with the newest one of a product."""
    last = session.get(SupplyChange, newest)
    if last is None:
        return []
    line = select(Supply.product_id, Supply.grade).where(Supply.id == last.supply_id).subquery()
    together = (
        select(SupplyChange)
        .join(Supply, Supply.id == SupplyChange.supply_id)
        .join(line, (line.c.product_id == Supply.product_id) & (line.c.grade == Supply.grade))
        .where(SupplyChange.at == last.at)
    )
    return session.scalars(together).all()


def _write(  # noqa: PLR0913 - who, of what, where, what, by which deed, when
    actor: Actor,
    product: Product,
    rows: dict[date, Supply],
    forecast: Forecast,
    *,
    action: str,
    at: datetime,
) -> list[date]:
    """Change the months, each with its row of history, and the trail once."""
    before = {month: 0 for month in forecast.grams if month not in rows}
    for month, grams in forecast.grams.items():
        if month in rows:
            before[month] = rows[month].forecast_g
            rows[month].forecast_g = grams
            rows[month].updated_at = at
            continue
        rows[month] = Supply(
            organisation_id=product.organisation_id,
            product_id=product.id,
            grade=forecast.grade,
            month=month,
            forecast_g=grams,
            updated_at=at,
        )
        session.add(rows[month])
    session.flush()
    session.add_all(
        SupplyChange(
            supply_id=rows[month].id,
            before_g=before[month],
            after_g=grams,
            reason=forecast.reason,
            at=at,
            by_id=actor.user_id,
        )
        for month, grams in sorted(forecast.grams.items())
    )
    session.flush()
    record(
        actor=actor,
        action=action,
        subject_kind="product",
        subject_id=product.id,
        at=at,
        before={"grade": forecast.grade, **_by_month(before)},
        after={"grade": forecast.grade, **_by_month(forecast.grams)},
        reason=forecast.reason or None,
    )
    return sorted(forecast.grams)


def _by_month(grams: Mapping[date, int]) -> dict[str, int]:
    return {f"{month:%Y-%m}": each for month, each in sorted(grams.items())}
