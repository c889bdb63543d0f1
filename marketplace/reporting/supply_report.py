"""The forward supply book as tables of cells, for files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.kernel.translation import mark
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.supply import Amounts, BookRow, Cover, whole_book
from marketplace.reporting.tables import Cell, Column, Kind, Report, Table, TableRow
from marketplace.sourcing.supply.rules import BOOK_MONTHS, month_after, month_label, month_of

COVERS: Final = {
    Cover.WHOLE: mark("còn hiệu lực cả tháng"),
    Cover.PART: mark("hết hoặc bắt đầu trong tháng"),
    Cover.NONE: mark("không có"),
}
"""How far certificates reach into a month, in words."""


def supply_report(organisation_id: int, *, owner: str, viewer: Actor, today: date) -> Report:
    """The whole book: a year ahead, its grades, a year back.

    Args:
        organisation_id: whose book.
        owner: the name of the same.
        viewer: who works at the seller's desk.
        today: the day it is in Việt Nam.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    rows = whole_book(organisation_id, viewer=viewer, today=today)
    this_month = month_of(today)
    last = month_after(this_month, BOOK_MONTHS - 1)
    return Report(
        title=_("Dự báo sản lượng"),
        owner=owner,
        period=_("%(first)s tới %(last)s", first=month_label(this_month), last=month_label(last)),
        facts=[
            (
                _("Cách tính"),
                _(
                    "Còn trống = dự báo − đã hợp đồng − đang giữ cho báo giá. "
                    "Đã thu hoạch: tổng các lô có ngày thu hoạch trong tháng."
                ),
            )
        ],
        figures=[],
        tables=list(_tables(rows)),
    )


def _tables(rows: Sequence[BookRow]) -> Iterator[Table]:
    product, month = Column(_("Sản phẩm"), Kind.TEXT), Column(_("Tháng"), Kind.MONTH)
    forecast = Column(_("Dự báo"), Kind.WEIGHT)
    amounts = [
        forecast,
        Column(_("Đã hợp đồng"), Kind.WEIGHT),
        Column(_("Đang giữ"), Kind.WEIGHT),
        Column(_("Còn trống"), Kind.WEIGHT),
    ]
    locale = current_locale()
    yield _table(
        "coming",
        _("12 tháng tới"),
        [product, month, *amounts, Column(_("Chứng nhận"), Kind.TEXT)],
        (
            [row.name(locale), *_promises(each), _certified(row, each.month, locale)]
            for row in rows
            for each in row.coming
        ),
    )
    if any(row.grades for row in rows):
        yield _table(
            "grades",
            _("Theo loại"),
            [product, Column(_("Loại"), Kind.TEXT), month, *amounts],
            (
                [row.name(locale), grade or _("không chia loại"), *_promises(each)]
                for row in rows
                for grade, months in row.grades.items()
                for each in months
            ),
        )
    yield _table(
        "past",
        _("12 tháng qua"),
        [product, month, forecast, Column(_("Đã thu hoạch"), Kind.WEIGHT)],
        (
            [row.name(locale), each.month, each.forecast_g, each.actual_g]
            for row in rows
            for each in row.past
        ),
    )


def _table(
    key: str, caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> Table:
    return Table(key, caption, columns, [TableRow(row) for row in rows], [None] * len(columns))


def _promises(each: Amounts) -> list[Cell]:
    return [each.month, each.forecast_g, each.contracted_g, each.held_g, each.free_g]


def _certified(row: BookRow, month: date, locale: str) -> str:
    """The certificates of a month in words, each with how far it reaches."""
    reaching = [(each.label(locale), each.cover(month)) for each in row.holdings]
    words = [f"{label}: {_(COVERS[cover])}" for label, cover in reaching if cover is not Cover.NONE]
    return "; ".join(words) or _(COVERS[Cover.NONE])
