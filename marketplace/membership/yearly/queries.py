"""Reading what organisations have declared of their years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import require_reach
from marketplace.membership.yearly.rules import FIGURES
from marketplace.platform.database import session
from marketplace.platform.reading import read
from models.accounts import Organisation, User
from models.statistics import YearlyStatistic


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a correction changed."""

    field: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a year: who declared it, and what it changed."""

    row: YearlyStatistic
    by_name: str
    changes: tuple[Change, ...]

    @property
    def declared_at(self) -> datetime:
        """When."""
        return self.row.declared_at


@dataclass(frozen=True, slots=True)
class LastYear:
    """What of the newest year decides about an organisation's size; amounts in whole đồng."""

    year: int
    official_members: int
    revenue_minor: int
    capital_minor: int


def find_newest(organisation_id: int, year: int) -> YearlyStatistic | None:
    """The version of a year that counts; None if nobody has declared it."""
    return session.scalars(
        select(YearlyStatistic)
        .where(YearlyStatistic.organisation_id == organisation_id, YearlyStatistic.year == year)
        .order_by(YearlyStatistic.version.desc())
        .limit(1)
    ).one_or_none()


def years_of(organisation: Organisation, *, viewer: Actor) -> Sequence[YearlyStatistic]:
    """The years of an organisation, each in its newest version, the latest year first.

    Raises:
        NotAllowedError: the viewer neither leads it, nor keeps its books, nor works for an
            alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
    """
    _require_view(organisation, viewer)
    return session.scalars(
        select(YearlyStatistic)
        .ext(distinct_on(YearlyStatistic.year))
        .where(YearlyStatistic.organisation_id == organisation.organisation_id)
        .order_by(YearlyStatistic.year.desc(), YearlyStatistic.version.desc())
    ).all()


def versions_of(organisation: Organisation, year: int, *, viewer: Actor) -> list[Version]:
    """All versions of a year, the newest first, each with what it changed.

    Raises:
        NotAllowedError, OrganisationNotFoundError: as for `years_of`.
    """
    _require_view(organisation, viewer)
    rows = session.execute(
        select(YearlyStatistic, User.full_name)
        .outerjoin(User, User.id == YearlyStatistic.declared_by_id)
        .where(
            YearlyStatistic.organisation_id == organisation.organisation_id,
            YearlyStatistic.year == year,
        )
        .order_by(YearlyStatistic.version)
    )
    versions: list[Version] = []
    for row, name in rows:
        before = versions[-1].row if versions else None
        versions.append(Version(row, name or "", _changes(before, row)))
    return versions[::-1]


def last_year_of(organisation_id: int) -> LastYear | None:
    """The newest year of an organisation, for its size class; None if none is declared."""
    rows = read(
        select(
            YearlyStatistic.year,
            YearlyStatistic.official_members,
            YearlyStatistic.revenue_internal_minor + YearlyStatistic.revenue_external_minor,
            YearlyStatistic.total_assets_minor,
        )
        .where(YearlyStatistic.organisation_id == organisation_id)
        .order_by(YearlyStatistic.year.desc(), YearlyStatistic.version.desc())
        .limit(1)
    )
    return LastYear(*rows[0]) if rows else None


def _require_view(organisation: Organisation, viewer: Actor) -> None:
    authorize(viewer, Permission.STATISTICS_VIEW, organisation)
    require_reach(viewer, organisation)


def _changes(before: YearlyStatistic | None, after: YearlyStatistic) -> tuple[Change, ...]:
    if before is None:
        return ()
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIGURES)
    return tuple(Change(name, was, is_now) for name, was, is_now in pairs if was != is_now)
