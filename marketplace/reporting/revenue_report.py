"""The revenue book as a report: the one place where its columns and words stand."""

from collections.abc import Sequence
from datetime import date

from marketplace.platform import formatting
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.revenue import CutRow, Figures, RevenueBook
from marketplace.reporting.tables import (
    Cell,
    Column,
    Kind,
    Report,
    Table,
    TableRow,
    change_bps,
    share_bps,
)
from models.orders import Channel


def revenue_report(book: RevenueBook, *, owner: str) -> Report:
    """The book in the reader's language; `owner` is the seller's name."""
    months = book.query.months
    return Report(
        title=_("Sổ doanh thu"),
        owner=owner,
        period=period_in_words(months.first, months.last),
        facts=[
            (_("Cách tính"), _("Tính theo ngày giao xong, giờ Việt Nam; số tiền tới từng đồng.")),
            (_("Kỳ trước"), period_in_words(months.previous.first, months.previous.last)),
        ],
        figures=[
            (_("Tiền hàng"), book.totals.gross_minor, Kind.MONEY),
            (_("Giảm giá"), book.totals.discount_minor, Kind.MONEY),
            (_("Phí giao"), book.totals.delivery_minor, Kind.MONEY),
            (_("Phí chợ"), book.totals.commission_minor, Kind.MONEY),
            (_("Thực nhận"), book.totals.net_minor, Kind.MONEY),
            (_("Đã chi trả trong kỳ"), book.paid.minor, Kind.MONEY),
            (_("Chợ còn phải trả, tới hôm nay"), book.outstanding.minor, Kind.MONEY),
            (_("Số đơn đã giao"), book.order_count, Kind.COUNT),
        ],
        tables=[
            _by_month(book),
            _by_cut(book, "product", _("Theo sản phẩm"), _("Tên hàng"), book.products),
            _by_cut(book, "category", _("Theo nhóm hàng"), _("Nhóm hàng"), book.categories),
            _by_cut(book, "province", _("Theo nơi nhận"), _("Tỉnh, thành phố"), book.provinces),
            _by_cut(book, "channel", _("Theo kênh bán"), _("Kênh bán"), book.channels),
        ],
    )


def period_in_words(first: date, last: date) -> str:
    """`tháng 12/2025 – tháng 11/2026`, or the one month."""
    if first == last:
        return formatting.month(first)
    return f"{formatting.month(first)} – {formatting.month(last)}"


def channel_name(channel: str) -> str:
    """What people call a channel."""
    return _("Hợp đồng chuỗi giá trị") if channel == Channel.CONTRACT else _("Bán lẻ trên chợ")


def _money_columns() -> list[Column]:
    return [
        Column(_("Tiền hàng"), Kind.MONEY),
        Column(_("Giảm giá"), Kind.MONEY),
        Column(_("Phí giao"), Kind.MONEY),
        Column(_("Phí chợ"), Kind.MONEY),
        Column(_("Thực nhận"), Kind.MONEY),
    ]


def _money_cells(figures: Figures) -> list[Cell]:
    return [
        figures.gross_minor,
        figures.discount_minor,
        figures.delivery_minor,
        figures.commission_minor,
        figures.net_minor,
    ]


def _by_month(book: RevenueBook) -> Table:
    return Table(
        key="month",
        caption=_("Theo tháng"),
        columns=[
            Column(_("Tháng"), Kind.MONTH),
            Column(_("Khối lượng"), Kind.WEIGHT),
            *_money_columns(),
        ],
        rows=[
            TableRow(
                [row.month, row.figures.grams, *_money_cells(row.figures)],
                opens={"tu": f"{row.month:%Y-%m}", "den": f"{row.month:%Y-%m}"},
            )
            for row in book.months
        ],
        totals=[_("Cộng"), book.totals.grams, *_money_cells(book.totals)],
    )


# How each cut is named in the address of the page that lists its lines.
PARAMETERS = {
    "product": "san-pham",
    "category": "nhom",
    "province": "noi-nhan",
    "channel": "kenh",
}


def _by_cut(
    book: RevenueBook, key: str, caption: str, heading: str, rows: Sequence[CutRow]
) -> Table:
    return Table(
        key=key,
        caption=caption,
        columns=[
            Column(heading, Kind.TEXT),
            Column(_("Khối lượng"), Kind.WEIGHT),
            *_money_columns(),
            Column(_("Phần"), Kind.SHARE),
            Column(_("So kỳ trước"), Kind.CHANGE),
        ],
        rows=[
            TableRow(
                [
                    _name(key, row),
                    row.figures.grams or None,
                    *_money_cells(row.figures),
                    share_bps(row.figures.net_minor, book.totals.net_minor),
                    change_bps(row.figures.net_minor, row.previous.net_minor),
                ],
                opens={PARAMETERS[key]: row.key},
            )
            for row in rows
        ],
        totals=[
            _("Cộng"),
            book.totals.grams,
            *_money_cells(book.totals),
            share_bps(book.totals.net_minor, book.totals.net_minor),
            change_bps(book.totals.net_minor, book.previous.net_minor),
        ],
    )


def _name(key: str, row: CutRow) -> str:
    if key == "channel":
        return channel_name(row.key)
    name = row.name_en if current_locale() == "en" else row.name_vi
    return name or _("Phí giao hàng")
