<<<<<<< HEAD
"""What a contract says, article by article, in the reader's language: the words of its paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from marketplace.contracts.terms import (
    Binding,
    Calling,
    Clause,
    Forum,
    InspectionPlace,
    Party,
    Place,
    Stage,
    Terms,
)
from marketplace.geography import queries as geography
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import day, money, month, number, percent_bps, weight
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows.request_words import limit_text, scheme_name

BINDINGS: Final = {
    Binding.FIXED: mark("Đúng khối lượng này, trong dung sai"),
    Binding.MINIMUM: mark("Ít nhất khối lượng này"),
    Binding.WHOLE_OUTPUT: mark("Toàn bộ sản lượng bên bán thu hoạch, dự kiến khối lượng này"),
}
CALLINGS: Final = {
    Calling.SCHEDULE: mark("Giao theo lịch dưới đây"),
    Calling.CALL_OFF: mark("Giao theo từng lần bên mua gọi; lịch dưới đây là dự kiến"),
}
STAGES: Final = {
    Stage.INPUTS: mark("cung ứng vật tư, dịch vụ đầu vào"),
    Stage.PRODUCTION: mark("sản xuất, thu hoạch"),
    Stage.PROCESSING: mark("sơ chế, chế biến"),
    Stage.SALE: mark("tiêu thụ"),
}
FORUMS: Final = {
    Forum.COURT: mark("Toà án nhân dân có thẩm quyền"),
    Forum.ARBITRATION: mark("Trọng tài thương mại"),
}
INSPECTIONS: Final = {
    InspectionPlace.FARM: mark("Tại nơi sản xuất"),
    InspectionPlace.YARD: mark("Tại kho, sân của bên bán"),
    InspectionPlace.BUYER: mark("Tại nơi nhận của bên mua"),
}


@dataclass(frozen=True, slots=True)
class Article:
    """A part of the paper: lines of a label and a text, then a table, then plain words."""

    title: str
    lines: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    text: str = ""


@dataclass(slots=True)
class _Lines:
    """Lines of an article; what is empty is left out."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, label: str, text: str) -> None:
        """Another line, unless there is nothing to say."""
        if text:
            self.lines.append((label, text))


def articles_of(terms: Terms) -> list[Article]:
    """All that terms say, in order; every value of them is in some article."""
    return [
        _party(_("Bên mua"), terms.buyer),
        _party(_("Bên bán"), terms.seller),
        _goods(terms),
        _deliveries(terms),
        _price(terms),
        _receiving(terms),
        _payment(terms),
        _breach(terms),
        _term(terms),
        *(_clause(each) for each in terms.clauses),
    ]


def product_name(terms: Terms) -> str:
    """What is sold, in the reader's language."""
    return terms.product_en if current_locale() == "en" and terms.product_en else terms.product_vi


def _party(title: str, party: Party) -> Article:
    found = _Lines()
    found.add(_("Tên"), party.name)
    found.add(_("Mã số thuế"), party.tax_code)
    found.add(_("Địa chỉ"), party.address)
    found.add(_("Người đại diện"), party.representative)
    found.add(_("Chức vụ"), party.position)
    return Article(title, found.lines)


def _goods(terms: Terms) -> Article:
    found = _Lines()
    found.add(_("Sản phẩm mua bán"), product_name(terms))
    found.add(_("Tổng khối lượng"), weight(terms.total_g))
    found.add(_("Mức ràng buộc"), _(BINDINGS[terms.binding]))
    found.add(_("Dung sai"), f"± {percent_bps(terms.tolerance_bps)}")
    for limit in terms.limits:
        found.add(
            _("Chỉ tiêu chất lượng"),
            limit_text(limit.name, limit.operator, limit.value, limit.unit),
        )
    found.add(
        _("Chứng nhận của mọi lô lúc thu hoạch"),
        ", ".join(scheme_name(code) for code in terms.schemes),
    )
    found.add(_("Đóng gói"), terms.packing)
    grades = [
        (
            grade.code,
            grade.name,
            signed_money(grade.difference_minor),
            _("nhận") if grade.is_accepted else _("bên mua không buộc phải nhận"),
        )
        for grade in terms.grades
    ]
    head = (_("Hạng"), _("Tên hạng"), _("Chênh giá mỗi kg"), _("Nhận hàng"))
    return Article(_("Hàng hoá"), found.lines, head if grades else (), grades)


def _deliveries(terms: Terms) -> Article:
    found = _Lines()
    found.add(_("Cách giao"), _(CALLINGS[terms.calling]))
    found.add(_("Nơi giao"), place_text(terms.place) if terms.place else "")
    rows = [
        (
            number(index),
            _("%(first)s tới %(last)s", first=day(each.due_from), last=day(each.due_on)),
            weight(each.grams),
            place_text(each.place),
        )
        for index, each in enumerate(terms.schedule, 1)
    ]
    head = (_("Đợt"), _("Thời gian"), _("Khối lượng"), _("Nơi giao"))
    return Article(_("Giao hàng"), found.lines, head if rows else (), rows)


def _price(terms: Terms) -> Article:
    price, found = terms.price, _Lines()
    if price.is_fixed:
        found.add(_("Giá mỗi kg"), money(price.base_minor))
    else:
        found.add(_("Giá tham chiếu"), price.reference_code)
        found.add(_("Ngày lấy giá"), _("ngày bên bán giao hàng đi"))
        found.add(_("Cộng thêm mỗi kg"), signed_money(price.premium_minor))
        found.add(_("Giá dự kiến mỗi kg, chỉ để ước giá trị"), money(price.base_minor))
    if price.floor_minor is not None:
        found.add(_("Giá sàn mỗi kg"), money(price.floor_minor))
    if price.ceiling_minor is not None:
        found.add(_("Giá trần mỗi kg"), money(price.ceiling_minor))
    if price.standard_moisture is not None:
        found.add(_("Độ ẩm chuẩn"), _percent(price.standard_moisture))
        found.add(
            _("Quy đổi độ ẩm"),
            _("khối lượng tính tiền = khối lượng cân × (100 − độ ẩm đo) / (100 − độ ẩm chuẩn)"),
        )
    found.add(_("Giá trị dự kiến của hợp đồng"), money(terms.value_minor))
    found.add(_("Cách làm tròn"), _("thành tiền từng dòng hàng làm tròn tới đồng"))
    rows = [(month(first), money(minor)) for first, minor in sorted(price.monthly.items())]
    return Article(_("Giá"), found.lines, (_("Tháng giao"), _("Giá mỗi kg")) if rows else (), rows)


def _receiving(terms: Terms) -> Article:
    found = _Lines()
    found.add(_("Nơi kiểm hàng, cân hàng"), _(INSPECTIONS[terms.inspection]))
    found.add(_("Bên kiểm định"), terms.inspector)
    found.add(
        _("Thời hạn trả lời về hàng đã giao"),
        _(
            "%(hours)s giờ từ lúc giao hàng đi; quá hạn mà không trả lời là đã nhận đủ",
            hours=number(terms.accept_hours),
        ),
    )
    return Article(_("Kiểm hàng, nhận hàng"), found.lines)


def _payment(terms: Terms) -> Article:
    payment, found = terms.payment, _Lines()
    for bps, days in payment.stages:
        found.add(
            _("Trả tiền"),
            _(
                "%(part)s hoá đơn, trong %(days)s ngày sau khi nhận hàng",
                part=percent_bps(bps),
                days=number(days),
            ),
        )
    if payment.deposit_minor:
        found.add(_("Đặt cọc trước đợt giao đầu"), money(payment.deposit_minor))
        found.add(
            _("Trừ cọc"),
            _("%(part)s tiền hàng mỗi hoá đơn, tới khi hết", part=percent_bps(payment.deposit_bps)),
        )
    if payment.retention_bps:
        found.add(
            _("Giữ lại bảo hành"),
            _(
                "%(part)s mỗi hoá đơn, trả sau %(days)s ngày",
                part=percent_bps(payment.retention_bps),
                days=number(payment.retention_days),
            ),
        )
    rows = [(each.item, money(each.amount_minor), day(each.on)) for each in terms.advances]
    head = (_("Vật tư, tiền bên mua ứng trước"), _("Giá trị"), _("Ngày ứng"))
    return Article(_("Cọc, ứng trước, thanh toán"), found.lines, head if rows else (), rows)


def _breach(terms: Terms) -> Article:
    breach, found = terms.breach, _Lines()
    if breach.late_bps_per_day:
        found.add(
            _("Giao trễ"),
            _(
                "phạt %(part)s tiền hàng của đợt mỗi ngày",
                part=percent_bps(breach.late_bps_per_day),
            ),
        )
    if breach.short_bps:
        found.add(
            _("Giao thiếu quá dung sai"),
            _("phạt %(part)s giá trị phần thiếu", part=percent_bps(breach.short_bps)),
        )
    if breach.cap_bps:
        found.add(
            _("Mức phạt cao nhất của một đợt"),
            _("%(part)s giá trị phần vi phạm", part=percent_bps(breach.cap_bps)),
        )
    if breach.bonus_bps:
        found.add(
            _("Thưởng đợt giao đủ, đúng hẹn, đúng hạng"),
            _("%(part)s tiền hàng của đợt", part=percent_bps(breach.bonus_bps)),
        )
    nothing = "" if found.lines else _("Hai bên không thoả thuận phạt, thưởng.")
    return Article(_("Vi phạm và thưởng"), found.lines, text=nothing)


def _term(terms: Terms) -> Article:
    found = _Lines()
    found.add(
        _("Thời hạn"),
        _("%(first)s tới %(last)s", first=day(terms.starts_on), last=day(terms.ends_on)),
    )
    found.add(_("Các khâu liên kết"), ", ".join(_(STAGES[each]) for each in terms.stages))
    found.add(_("Nơi giải quyết tranh chấp"), _(FORUMS[terms.forum]))
    return Article(_("Thời hạn, liên kết, tranh chấp"), found.lines)


def _clause(clause: Clause) -> Article:
    is_english = current_locale() == "en"
    title = clause.title_en if is_english and clause.title_en else clause.title_vi
    text = clause.text_en if is_english and clause.text_en else clause.text_vi
    return Article(title, text=text)


def place_text(place: Place) -> str:
    """A place as it stands on paper: address, commune, province."""
    commune = geography.find_commune(place.commune_code) if place.commune_code else None
    province = geography.find_province(place.province_code)
    names = (
        place.address,
        commune.full_name if commune else "",
        province.name if province else "",
    )
    return ", ".join(name for name in names if name)


def signed_money(minor: int) -> str:
    """A difference: `+4.000 ₫`, `-4.000 ₫`, `0 ₫`."""
    return f"+{money(minor)}" if minor > 0 else money(minor)


def _percent(value: Decimal) -> str:
    return percent_bps(int(value * 100))
=======
"""A contract in words, with the names of its certificates: for pages, papers and letters."""

from collections.abc import Sequence

from marketplace.contracts import differences as contracts
from marketplace.contracts.differences import Difference, Line
from marketplace.contracts.terms import Terms
from marketplace.platform.translation import using_locale
from marketplace.workflows.request_words import scheme_name


def contract_lines(terms: Terms, locale: str) -> Sequence[Line]:
    """Everything that a contract says, in a language."""
    with using_locale(locale):
        return contracts.lines_of(terms, scheme_name=scheme_name)


def contract_differences(before: Terms, after: Terms, locale: str) -> Sequence[Difference]:
    """What two versions of a contract do not say alike, in a language."""
    with using_locale(locale):
        return contracts.differences(before, after, scheme_name=scheme_name)
>>>>>>> h2life
