"""A comparison row by row: the same rows stand in the table, on the cards and in the print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from blueprints.quoting import fee_words, formula_words, payment_words, subjects_of
from marketplace.contracts.promises.rules import Promise as Kept
from marketplace.orders.queries.promises import Promise
from marketplace.platform.formatting import day, money, number, percent_bps, weight
from marketplace.platform.formatting import month as month_text
from marketplace.platform.translation import current_locale, ngettext
from marketplace.platform.translation import gettext as _
from marketplace.reporting.comparison import Column, Comparison
from marketplace.sourcing.requests.terms import Terms
from marketplace.workflows.request_words import scheme_name


@dataclass(frozen=True, slots=True)
class Cell:
    """What an offer says in a row.

    Attributes:
        lines: one below the other; none: nothing to say.
        is_best: the best of all that are shown.
        is_off: not as it was asked for: shown with a sign, not by colour alone.
        is_number: stands in the figures' own letters.
    """

    lines: Sequence[str]
    is_best: bool = False
    is_off: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the comparison, with a cell for each offer."""

    label: str
    cells: Sequence[Cell]

    @property
    def is_same(self) -> bool:
        """Whether all offers say the same."""
        return len({tuple(cell.lines) for cell in self.cells}) <= 1


def comparison_rows(comparison: Comparison, terms: Terms) -> list[Row]:
    """All rows, in the order in which a buyer reads them."""
    columns = comparison.columns
    best = comparison.best_minor
    subjects = subjects_of(terms)

    def row(label: str, tell: Callable[[Column], Cell]) -> Row:
        return Row(label, [tell(column) for column in columns])

    return [
        row(_("Giá tới nơi mỗi kg, bình quân"), lambda column: _mean(column, best)),
        *(
            row(_("Giá tới nơi, %(month)s", month=month_text(month)), _landed_in(month))
            for month, _grams in terms.periods
        ),
        row(_("Phí giao mỗi kg"), lambda column: Cell([fee_words(column.quote.offer)])),
        *(
            row(
                _(
                    "Khối lượng, %(month)s (cần %(weight)s)",
                    month=month_text(month),
                    weight=weight(grams),
                ),
                _volume_in(month),
            )
            for month, grams in terms.periods
        ),
        row(
            _("Tổng khối lượng"),
            lambda column: Cell([weight(column.quote.offer.total_g)], is_number=True),
        ),
        row(_("Sản phẩm"), _products),
        row(_("Chứng nhận còn hiệu lực"), _certificates),
        *([row(_("Chứng nhận còn thiếu"), _lacking)] if terms.schemes else []),
        row(_("Chỗ khác với yêu cầu"), lambda column: _deviations(column, subjects)),
        row(_("Khoảng cách"), _distance),
        row(_("Giữ hẹn 180 ngày qua"), _record),
        row(_("Giao theo hợp đồng 180 ngày qua"), _delivered),
        row(_("Thanh toán"), lambda column: Cell([payment_words(column.quote.offer.payment_days)])),
        row(_("Gửi mẫu"), lambda column: Cell([_yes(is_so=column.quote.offer.has_samples)])),
        row(_("Hiệu lực tới"), _validity),
        row(_("Hợp tác xã cùng giao"), _members),
        row(_("Ghi chú"), lambda column: Cell(_some(column.quote.offer.note))),
    ]


def _mean(column: Column, best: int | None) -> Cell:
    formula = column.quote.offer.formula
    if formula is not None:
        ceiling = column.mean_minor
        most = [] if ceiling is None else [_("cao nhất %(price)s", price=money(ceiling))]
        return Cell([formula_words(formula), *most])
    mean = column.mean_minor
    if mean is None:
        return Cell([])
    return Cell([money(mean)], is_best=mean == best, is_number=True)


def _landed_in(month: date) -> Callable[[Column], Cell]:
    def tell(column: Column) -> Cell:
        landed = column.landed(month)
        if landed is None:
            is_formula = column.quote.offer.formula and month in column.quote.offer.volumes
            return Cell([_("theo công thức")] if is_formula else [])
        price = column.quote.offer.price_in(month)
        lines = [money(landed)]
        if column.quote.offer.fee_minor:
            lines.append(_("giá %(price)s", price=money(price)))
        return Cell(lines, is_number=True)

    return tell


def _volume_in(month: date) -> Callable[[Column], Cell]:
    def tell(column: Column) -> Cell:
        grams = column.quote.offer.volumes.get(month)
        return Cell([weight(grams)] if grams else [], is_number=True)

    return tell


def _products(column: Column) -> Cell:
    is_english = current_locale() == "en"
    grade = column.quote.offer.grade
    names = [
        each.name_en if is_english and each.name_en else each.name_vi for each in column.products
    ]
    return Cell([f"{name}, {grade}" if grade else name for name in names])


def _certificates(column: Column) -> Cell:
    return Cell(
        [
            _(
                "%(scheme)s, tới %(day)s",
                scheme=scheme_name(fact.scheme_code),
                day=day(fact.valid_to),
            )
            if fact.valid_to
            else scheme_name(fact.scheme_code)
            for fact in column.certificates
        ]
    )


def _lacking(column: Column) -> Cell:
    return Cell([scheme_name(code) for code in column.lacking], is_off=bool(column.lacking))


def _deviations(column: Column, subjects: dict[str, str]) -> Cell:
    found = column.quote.offer.deviations
    lines = [f"{subjects.get(about, '')}: {text}".lstrip(": ") for about, text in found.items()]
    return Cell(lines or [_("đúng yêu cầu")], is_off=bool(found))


def _distance(column: Column) -> Cell:
    if not column.km:
        return Cell([_("cùng tỉnh")])
    return Cell([_("khoảng %(km)s km", km=number(column.km))], is_number=True)


def _record(column: Column) -> Cell:
    if column.record is None or not column.record.parts:
        return Cell([_("chưa có đơn để tính")])
    figures = column.record.figures
    late, done = figures[Promise.HANDED_OVER], figures[Promise.DELIVERED]
    lines = []
    if late.total:
        lines.append(_("giao đi đúng hẹn %(share)s", share=percent_bps(late.kept_bps)))
    if done.total:
        lines.append(_("giao xong %(share)s", share=percent_bps(done.kept_bps)))
    return Cell([*lines, _("%(count)s đơn", count=number(column.record.parts))])


def _delivered(column: Column) -> Cell:
    record = column.delivered
    if record is None:
        return Cell([_("chưa đủ lần giao để tính")])
    on_time, price = record.figures[Kept.ON_TIME], record.figures[Kept.PRICE]
    lines = []
    if on_time.total:
        lines.append(_("tới nơi đúng hẹn %(share)s", share=percent_bps(on_time.kept_bps)))
    if record.grams.total:
        lines.append(_("nhận %(share)s theo cân nặng", share=percent_bps(record.grams.kept_bps)))
    if price.total:
        lines.append(_("giữ giá %(share)s", share=percent_bps(price.kept_bps)))
    if record.contested:
        lines.append(_("%(count)s lần đang khiếu nại", count=number(record.contested)))
    return Cell([*lines, ngettext("%(num)s lần giao", "%(num)s lần giao", record.deliveries)])


def _validity(column: Column) -> Cell:
    until = column.quote.offer.valid_until
    lines = [day(until)] if until else []
    if column.is_expired:
        lines.append(_("đã hết hiệu lực"))
    return Cell(lines, is_off=column.is_expired)


def _members(column: Column) -> Cell:
    return Cell([f"{name}: {weight(grams)}" for name, grams in column.members])


def _yes(*, is_so: bool) -> str:
    return _("có") if is_so else _("không")


def _some(text: str) -> list[str]:
    return [text] if text else []
