"""Declaring what a year came to, and correcting it by a new version."""

from dataclasses import asdict, replace
from datetime import datetime

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.membership.yearly import rules
from marketplace.membership.yearly.errors import (
    CorrectionReasonMissingError,
    DeclaredMeanwhileError,
)
from marketplace.membership.yearly.queries import find_newest
from marketplace.membership.yearly.rules import YearFigures
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.accounts import Organisation
from models.statistics import YearlyStatistic


def declare_year(  # noqa: PLR0913 - whose, which year, what, upon what, why, when
    *,
    actor: Actor,
    organisation: Organisation,
    year: int,
    figures: YearFigures,
    seen_version: int,
    reason: str = "",
    at: datetime,
) -> YearlyStatistic:
    """Say what a year came to. What was declared before stays; this becomes the newest version.

    The same figures again are no new version.

    Args:
        actor: its director or accountant.
        organisation: whose year.
        year: of the calendar.
        figures: what it came to.
        seen_version: the version that the actor has looked at; 0 if there was none.
        reason: why the version before is wrong; needed from the second version on.
        at: when.

    Raises:
        NotAllowedError: the actor neither leads it nor keeps its books.
        YearOutOfBoundsError, FigureOutOfBoundsError, PartTooLargeError, TextTooLongError: see
            `rules.require_sound`.
        CorrectionReasonMissingError: a correction says not why.
        DeclaredMeanwhileError: there is a newer version than the one they have looked at.
    """
    authorize(actor, Permission.STATISTICS_DECLARE, organisation)
    figures = replace(figures, note=figures.note.strip())
    reason = reason.strip()
    rules.require_sound(figures, year=year, this_year=business_day(at).year)
    rules.require_short(reason, "reason")
    lock_key("yearly-statistics", f"{organisation.id}:{year}")
    newest = find_newest(organisation.id, year)
    if newest is not None and figures_of(newest) == figures:
        return newest
    version = newest.version if newest is not None else 0
    if version != seen_version:
        raise DeclaredMeanwhileError(version=version)
    if version and not reason:
        raise CorrectionReasonMissingError(field="reason")
    declared = YearlyStatistic(
        organisation_id=organisation.id,
        year=year,
        version=version + 1,
        **asdict(figures),
        reason=reason if version else "",
        declared_at=at,
        declared_by_id=actor.user_id,
    )
    session.add(declared)
    session.flush()
    record(
        actor=actor,
        action="membership.declare_year" if not version else "membership.correct_year",
        subject_kind="yearly_statistic",
        subject_id=declared.id,
        at=at,
        after={"organisation_id": organisation.id, "year": year, "version": version + 1},
        reason=reason or None,
    )
    return declared


def figures_of(row: YearlyStatistic) -> YearFigures:
    """What a version says."""
    return YearFigures(**{name: getattr(row, name) for name in (*rules.FIGURES, "note")})
