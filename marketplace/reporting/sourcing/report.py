"""The answer to a search as a report: the one place where the columns of its file stand."""

from marketplace.certification.schemes import badge_label
from marketplace.geography.queries import province
from marketplace.orders.queries.promises import Promise
from marketplace.platform import formatting
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.promise_rules import PromiseRule
from marketplace.reporting.revenue_report import period_in_words
from marketplace.reporting.sourcing.answers import Answer
from marketplace.reporting.sourcing.offers import Goods, Offer
from marketplace.reporting.sourcing.search import Search
from marketplace.reporting.tables import Cell, Column, Kind, Report, Table, TableRow

PROMISES = (Promise.CONFIRMED, Promise.HANDED_OVER, Promise.DELIVERED)


def sourcing_report(answer: Answer, search: Search, *, owner: str) -> Report:
    """The answer in the reader's language; `owner` is the buyer's name."""
    months = answer.offers.months
    rows = answer.offers.page.rows
    return Report(
        title=_("Nguồn hàng"),
        owner=owner,
        period=period_in_words(months[0], months[-1]) if months else "",
        facts=[
            (
                _("Cách tính"),
                _("Còn trống = dự kiến − đã hứa trong hợp đồng − đang giữ cho báo giá."),
            ),
            (
                _("Khoảng cách"),
                _("Đường chim bay giữa điểm giữa hai tỉnh, chỉ để ước lượng."),
            ),
        ],
        figures=[
            (_("Hợp tác xã"), len(rows), Kind.COUNT),
            (_("Còn trống"), sum(offer.total_g for offer in rows), Kind.WEIGHT),
        ],
        tables=[_table(answer, search)],
    )


def _table(answer: Answer, search: Search) -> Table:
    months, rule = answer.offers.months, answer.offers.rule
    columns = [
        Column(_("Hợp tác xã"), Kind.TEXT),
        Column(_("Mã"), Kind.TEXT),
        Column(_("Tỉnh, thành"), Kind.TEXT),
        *([Column(_("Khoảng cách, km"), Kind.COUNT)] if search.delivered else []),
        Column(_("Sản phẩm"), Kind.TEXT),
        Column(_("Phẩm cấp"), Kind.TEXT),
        *(Column(formatting.month(month), Kind.WEIGHT) for month in months),
        Column(_("Cả khoảng"), Kind.WEIGHT),
        Column(_("Chứng nhận"), Kind.TEXT),
        Column(_("Xác nhận trong 24 giờ"), Kind.SHARE),
        Column(_("Giao đi trong ngày đã hẹn"), Kind.SHARE),
        Column(_("Giao tới người mua"), Kind.SHARE),
    ]
    lines = [(offer, goods) for offer in answer.offers.page.rows for goods in offer.goods]
    sums = [sum(goods.free[number] for _offer, goods in lines) for number in range(len(months))]
    before = 5 + bool(search.delivered)
    totals: list[Cell] = [
        _("Cộng"),
        *[None] * (before - 1),
        *sums,
        sum(sums),
        *[None] * (1 + len(PROMISES)),
    ]
    return Table(
        key="supply",
        caption=_("Nguồn hàng"),
        columns=columns,
        rows=[TableRow(_cells(offer, goods, search, rule)) for offer, goods in lines],
        totals=totals,
    )


def _cells(offer: Offer, goods: Goods, search: Search, rule: PromiseRule | None) -> list[Cell]:
    is_vi = current_locale() == "vi"
    place = province(offer.province_code)
    return [
        offer.name if is_vi else offer.name_en or offer.name,
        offer.code,
        place.name if is_vi else place.name_en,
        *([offer.km] if search.delivered else []),
        goods.name_vi if is_vi else goods.name_en or goods.name_vi,
        goods.grade,
        *goods.free,
        goods.total_g,
        ", ".join(
            badge_label(proof.scheme_code, proof.level, current_locale()) for proof in goods.proofs
        ),
        *(_share(offer, promise, rule) for promise in PROMISES),
    ]


def _share(offer: Offer, promise: Promise, rule: PromiseRule | None) -> int | None:
    """A share, where there are parts enough for one to be told."""
    if rule is None or offer.record is None:
        return None
    figure = offer.record.figures[promise]
    return figure.kept_bps if figure.total >= rule.at_least_parts else None
