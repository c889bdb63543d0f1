"""The comparison as a workbook: a row for each quote, and one for each quote and month."""

from collections.abc import Callable
from datetime import datetime

from marketplace.orders.queries.promises import Promise
from marketplace.platform.formatting import moment
from marketplace.platform.translation import gettext as _
from marketplace.reporting.comparison import Column as Offered
from marketplace.reporting.comparison import Comparison
from marketplace.reporting.tables import Cell, Column, Kind, Report, Table, TableRow
from models.requests import Request


def comparison_report(
    comparison: Comparison,
    request: Request,
    *,
    owner: str,
    scheme_name: Callable[[str], str],
    at: datetime,
) -> Report:
    """The opened quotes of a request.

    Args:
        comparison: of the request.
        request: which one.
        owner: the name of the enterprise.
        scheme_name: a certificate's scheme in words.
        at: when.
    """
    return Report(
        title=_("So sánh báo giá"),
        owner=owner,
        period=f"{request.number} · {moment(at)}",
        facts=[(_("Hàng cần mua"), request.title)],
        figures=[(_("Số báo giá"), len(comparison.columns), Kind.COUNT)],
        tables=[_quotes(comparison, scheme_name), _months(comparison)],
    )


def _quotes(comparison: Comparison, scheme_name: Callable[[str], str]) -> Table:
    columns = [
        Column(_("Số"), Kind.TEXT),
        Column(_("Bên bán"), Kind.TEXT),
        Column(_("Giá tới nơi mỗi kg, bình quân"), Kind.MONEY),
        Column(_("Tổng khối lượng"), Kind.WEIGHT),
        Column(_("Sản phẩm"), Kind.TEXT),
        Column(_("Chứng nhận còn hiệu lực"), Kind.TEXT),
        Column(_("Chứng nhận còn thiếu"), Kind.TEXT),
        Column(_("Chỗ khác với yêu cầu"), Kind.TEXT),
        Column(_("Khoảng cách (km)"), Kind.COUNT),
        Column(_("Giao đi đúng hẹn"), Kind.SHARE),
        Column(_("Thanh toán sau (ngày)"), Kind.COUNT),
        Column(_("Hiệu lực tới"), Kind.DAY),
        Column(_("Hợp tác xã cùng giao"), Kind.TEXT),
        Column(_("Ghi chú"), Kind.TEXT),
    ]
    return Table(
        key="quotes",
        caption=_("Báo giá"),
        columns=columns,
        rows=[TableRow(_quote(each, scheme_name)) for each in comparison.columns],
        totals=[None] * len(columns),
    )


def _quote(each: Offered, scheme_name: Callable[[str], str]) -> list[Cell]:
    offer = each.quote.offer
    handed = each.record.figures[Promise.HANDED_OVER] if each.record else None
    return [
        each.quote.number,
        each.quote.name,
        each.mean_minor,
        offer.total_g,
        ", ".join(product.name_vi for product in each.products),
        ", ".join(scheme_name(fact.scheme_code) for fact in each.certificates),
        ", ".join(scheme_name(code) for code in each.lacking),
        "; ".join(offer.deviations.values()),
        each.km,
        handed.kept_bps if handed and handed.total else None,
        offer.payment_days,
        offer.valid_until,
        ", ".join(name for name, _grams in each.members),
        offer.note,
    ]


def _months(comparison: Comparison) -> Table:
    columns = [
        Column(_("Số"), Kind.TEXT),
        Column(_("Bên bán"), Kind.TEXT),
        Column(_("Tháng"), Kind.MONTH),
        Column(_("Khối lượng"), Kind.WEIGHT),
        Column(_("Giá mỗi kg"), Kind.MONEY),
        Column(_("Giá tới nơi mỗi kg"), Kind.MONEY),
    ]
    rows = [
        TableRow(
            [
                each.quote.number,
                each.quote.name,
                month,
                grams,
                each.quote.offer.price_in(month),
                each.landed(month),
            ]
        )
        for each in comparison.columns
        for month, grams in each.quote.offer.volumes.items()
    ]
    return Table(
        key="months",
        caption=_("Khối lượng và giá từng tháng"),
        columns=columns,
        rows=rows,
        totals=[None] * len(columns),
    )
