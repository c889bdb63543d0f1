"""The figures of years as papers: an organisation's own, and the sums of all for the alliance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import province_of, within_reach
from marketplace.geography import queries as geography
from marketplace.membership.yearly.rules import FIGURES, LABELS, is_money
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.tables import Cell, Column, Kind, Report, Table, TableRow
from models.accounts import Organisation
from models.statistics import YearlyStatistic

SUMMED: Final = tuple(name for name in LABELS if name != "mean_income_minor")
"""The figures that can be added up over organisations."""


@dataclass(frozen=True, slots=True)
class SumRow:
    """The sum of some organisations.

    Attributes:
        key: the year, or the code of a province.
        organisations: how many have declared.
        figures: by the names of `SUMMED`.
    """

    key: str
    organisations: int
    figures: dict[str, int]


@dataclass(frozen=True, slots=True)
class OrganisationYear:
    """What one organisation has declared of a year."""

    code: str
    name: str
    short_name: str
    province_code: str
    figures: dict[str, int]


def declared_years(*, viewer: Actor) -> list[int]:
    """The years of which anything in reach is declared, the latest first.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    statement = select(YearlyStatistic.year).distinct()
    if reach := _reach(viewer):
        statement = statement.join(
            Organisation, Organisation.id == YearlyStatistic.organisation_id
        ).where(*reach)
    rows = session.scalars(statement)
    return sorted(rows, reverse=True)


def sums_by_year(*, viewer: Actor, province_code: str = "") -> list[SumRow]:
    """The sum of each year, the latest first, of newest versions only.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    newest = _newest(viewer, province_code=province_code)
    rows = _sums(newest, newest.c.year)
    return sorted(rows, key=lambda row: row.key, reverse=True)


def sums_by_province(year: int, *, viewer: Actor, province_code: str = "") -> list[SumRow]:
    """The sum of each province in a year, most organisations first, of newest versions only.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    newest = _newest(viewer, year=year, province_code=province_code)
    rows = _sums(newest, newest.c.province_code)
    return sorted(rows, key=lambda row: (-row.organisations, row.key))


def organisations_of_year(
    year: int, *, viewer: Actor, province_code: str = "", page: PageRequest | None = None
) -> Page[OrganisationYear]:
    """What each organisation has declared of a year, in alphabetical order.

    Args:
        year: which.
        viewer: an officer of an alliance.
        province_code: only of this province; empty: of all.
        page: which page; None: all of them on one.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    newest = _newest(viewer, year=year, province_code=province_code)
    total = session.scalar(select(func.count()).select_from(newest)) or 0
    wanted = page or PageRequest(1, max(total, 1))
    rows = session.execute(
        select(
            newest.c.code,
            newest.c.name,
            newest.c.short_name,
            newest.c.province_code,
            *(newest.c[name] for name in SUMMED),
        )
        .order_by(newest.c.sort_key, newest.c.code)
        .limit(wanted.size)
        .offset(wanted.offset)
    )
    found = [
        OrganisationYear(code, name, short, province, dict(zip(SUMMED, figures, strict=True)))
        for code, name, short, province, *figures in rows
    ]
    return Page(rows=found, request=wanted, total=total)


def own_report(rows: Sequence[YearlyStatistic], *, owner: str) -> Report:
    """The years of one organisation, a row for each."""
    first, last = Column(_("Năm"), Kind.TEXT), Column(_("Ghi chú"), Kind.TEXT)
    columns = [first, *_columns(tuple(LABELS)), last]
    years = sorted(rows, key=lambda row: row.year, reverse=True)
    return Report(
        title=_("Số liệu năm"),
        owner=owner,
        period=_span([row.year for row in years]),
        facts=[(_("Cách tính"), _("Tổ chức tự khai; mỗi năm lấy bản mới nhất."))],
        figures=[],
        tables=[
            Table(
                key="years",
                caption=_("Số liệu năm"),
                columns=columns,
                rows=[
                    TableRow([str(row.year), *(getattr(row, name) for name in LABELS), row.note])
                    for row in years
                ],
                totals=[None] * len(columns),
            )
        ],
    )


def alliance_report(year: int, *, viewer: Actor, province_code: str = "") -> Report:
    """Sums by year, by province, and every organisation of a year.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    provinces = {
        each.code: each.name_en if current_locale() == "en" else each.name
        for each in geography.provinces()
    }
    province_code = province_of(viewer) or province_code
    by_year = sums_by_year(viewer=viewer, province_code=province_code)
    by_province = sums_by_province(year, viewer=viewer, province_code=province_code)
    listed = organisations_of_year(year, viewer=viewer, province_code=province_code).rows
    of_year = next((row for row in by_year if row.key == str(year)), SumRow("", 0, _nothing()))
    count = Column(_("Số tổ chức đã khai"), Kind.COUNT)
    return Report(
        title=_("Số liệu năm của các tổ chức"),
        owner=provinces.get(province_code, _("Cả nước")),
        period=_("năm %(year)s", year=year),
        facts=[(_("Cách tính"), _("Tổ chức tự khai; mỗi năm lấy bản mới nhất."))],
        figures=[],
        tables=[
            Table(
                key="years",
                caption=_("Theo năm"),
                columns=[Column(_("Năm"), Kind.TEXT), count, *_columns(SUMMED)],
                rows=[TableRow(_cells(row, row.key)) for row in by_year],
                totals=[None] * (len(SUMMED) + 2),
            ),
            Table(
                key="provinces",
                caption=_("Theo tỉnh, thành"),
                columns=[Column(_("Tỉnh, thành"), Kind.TEXT), count, *_columns(SUMMED)],
                rows=[TableRow(_cells(row, provinces[row.key])) for row in by_province],
                totals=_cells(of_year, _("Cộng")),
            ),
            Table(
                key="organisations",
                caption=_("Theo tổ chức"),
                columns=[
                    Column(_("Tổ chức"), Kind.TEXT),
                    Column(_("Mã"), Kind.TEXT),
                    Column(_("Tỉnh, thành"), Kind.TEXT),
                    *_columns(SUMMED),
                ],
                rows=[
                    TableRow(
                        [row.name, row.code, provinces[row.province_code], *row.figures.values()]
                    )
                    for row in listed
                ],
                totals=[_("Cộng"), None, None, *of_year.figures.values()],
            ),
        ],
    )


def _reach(viewer: Actor) -> list[ColumnElement[bool]]:
    """What an officer may know of: of a provincial alliance the figures of its own province.

    Sums of other provinces are left out, too: where one organisation has declared, the sum of its
    province is what that organisation has declared.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    return within_reach(viewer, Organisation.province_code)


def _newest(viewer: Actor, *, year: int | None = None, province_code: str = "") -> Any:  # noqa: ANN401 - a subquery
    """The newest version of each year of the organisations in reach, with who they are."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            YearlyStatistic.year,
            *(getattr(YearlyStatistic, name) for name in FIGURES),
            Organisation.code,
            Organisation.name,
            Organisation.short_name,
            Organisation.sort_key,
            Organisation.province_code,
        )
        .ext(distinct_on(YearlyStatistic.organisation_id, YearlyStatistic.year))
        .join(Organisation, Organisation.id == YearlyStatistic.organisation_id)
        .where(*_reach(viewer))
        .order_by(
            YearlyStatistic.organisation_id,
            YearlyStatistic.year,
            YearlyStatistic.version.desc(),
        )
    )
    if year is not None:
        statement = statement.where(YearlyStatistic.year == year)
    if province_code:
        statement = statement.where(Organisation.province_code == province_code)
    return statement.subquery()


def _sums(newest: Any, by: ColumnElement[Any]) -> list[SumRow]:  # noqa: ANN401 - a subquery
    rows = session.execute(
        select(by, func.count(), *(func.sum(newest.c[name]) for name in SUMMED)).group_by(by)
    )
    return [
        SumRow(str(key), count, dict(zip(SUMMED, map(int, sums), strict=True)))
        for key, count, *sums in rows
    ]


def _nothing() -> dict[str, int]:
    return dict.fromkeys(SUMMED, 0)


def _columns(names: Sequence[str]) -> list[Column]:
    return [Column(_(LABELS[name]), Kind.MONEY if is_money(name) else Kind.COUNT) for name in names]


def _cells(row: SumRow, label: str) -> list[Cell]:
    return [label, row.organisations, *row.figures.values()]


def _span(years: Sequence[int]) -> str:
    if not years:
        return ""
    return str(years[0]) if len(years) == 1 else f"{min(years)}–{max(years)}"
