"""The requests for quotation of an enterprise as a workbook."""

from collections.abc import Callable, Sequence
from datetime import datetime

from marketplace.kernel.clock import business_day
from marketplace.platform.formatting import moment, month
from marketplace.platform.translation import gettext as _
from marketplace.reporting.tables import Column, Kind, Report, Table, TableRow
from marketplace.sourcing.requests.queries import BuyerRow


def requests_report(
    rows: Sequence[BuyerRow], *, owner: str, state_of: Callable[[BuyerRow], str], at: datetime
) -> Report:
    """The requests of a list, one a row; never the target price, for files are passed on.

    Args:
        rows: of the list.
        owner: the name of the enterprise.
        state_of: the state of a request in words.
        at: when.
    """
    table = Table(
        key="requests",
        caption=_("Yêu cầu báo giá"),
        columns=[
            Column(_("Số"), Kind.TEXT),
            Column(_("Hàng cần mua"), Kind.TEXT),
            Column(_("Tình trạng"), Kind.TEXT),
            Column(_("Đăng ngày"), Kind.DAY),
            Column(_("Giờ đóng"), Kind.TEXT),
            Column(_("Từ tháng"), Kind.TEXT),
            Column(_("Tới tháng"), Kind.TEXT),
            Column(_("Tổng số lượng"), Kind.WEIGHT),
            Column(_("Nơi được mời"), Kind.COUNT),
            Column(_("Câu hỏi chưa trả lời"), Kind.COUNT),
            Column(_("Số báo giá"), Kind.COUNT),
        ],
        rows=[
            TableRow(
                [
                    row.number,
                    row.title,
                    state_of(row),
                    business_day(row.published_at) if row.published_at else None,
                    moment(row.closes_at),
                    month(row.first_month),
                    month(row.last_month),
                    row.total_g,
                    row.invited,
                    row.questions_waiting,
                    row.quotes,
                ]
            )
            for row in rows
        ],
        totals=[None, None, None, None, None, None, None, sum(row.total_g for row in rows)]
        + [None] * 3,
    )
    return Report(
        title=_("Yêu cầu báo giá"),
        owner=owner,
        period=moment(at),
        facts=(),
        figures=(),
        tables=[table],
    )
