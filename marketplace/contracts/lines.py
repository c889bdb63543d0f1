"""Terms as lines that people read, compare and write comments about.

Every value is written exactly, to the gram and the đồng: what reads the same is the same. A line
has a key that stays the same from version to version: "price.base", "schedule.3",
"clause.force-majeure".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.contracts import linkage, wording
from marketplace.contracts.references.goods import good_name
from marketplace.contracts.terms import Clause, Party, Place, Planned, Terms
from marketplace.geography import queries as geography
from marketplace.platform.formatting import day, money, month, number, percent_bps
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _

GRAMS_PER_TONNE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a contract.

    Attributes:
        key: Names it, in every version.
        label: What it is about, in the reader's language.
        text: What it says, in the reader's language.
    """

    key: str
    label: str
    text: str


def lines_of(terms: Terms, *, scheme_name: Callable[[str], str] = str) -> list[Line]:
    """Everything that terms say, in the order of the paper, in the reader's language.

    Args:
        terms: What to write.
        scheme_name: The name of a certificate's scheme by its code.
    """
    return [
        *_head(terms),
        *_goods(terms, scheme_name),
        *_price(terms),
        *_delivery(terms),
        *_payment(terms),
        *_breach(terms),
        *_clauses(terms),
    ]


def tonnes(grams: int) -> str:
    """A weight to the gram, in tonnes: `12,5 tấn`."""
    return f"{number(Decimal(grams) / GRAMS_PER_TONNE)} {_('tấn')}"


def place_words(place: Place) -> str:
    """An address in one line."""
    commune = geography.find_commune(place.commune_code) if place.commune_code else None
    province = geography.find_province(place.province_code)
    name = ""
    if province is not None:
        name = province.full_name_en if current_locale() == "en" else province.full_name
    return ", ".join(
        part for part in (place.address, commune.full_name if commune else "", name) if part
    )


def _head(terms: Terms) -> Iterator[Line]:
    yield Line("title", _("Tên hợp đồng"), terms.title)
    yield Line("seller", _("Bên bán"), _party(terms.seller))
    yield Line("buyer", _("Bên mua"), _party(terms.buyer))
    yield Line("term", _("Thời hạn"), f"{day(terms.starts_on)} – {day(terms.ends_on)}")
    yield Line("stages", _("Khâu liên kết"), ", ".join(_(wording.STAGES[e]) for e in terms.stages))
    yield Line("linkage", _("Hình thức liên kết"), _(linkage.WORDS[linkage.form_of(terms.stages)]))


def _party(party: Party) -> str:
    who = ", ".join(part for part in (party.representative, party.position) if part)
    tax = _("mã số thuế %(code)s", code=party.tax_code) if party.tax_code else ""
    by = _("đại diện: %(name)s", name=who) if who else ""
    return "; ".join(part for part in (party.name, tax, party.address, by) if part)


def _goods(terms: Terms, scheme_name: Callable[[str], str]) -> Iterator[Line]:
    name = terms.product_en if current_locale() == "en" else terms.product_vi
    yield Line("product", _("Hàng hoá"), name or terms.product_vi)
    yield Line("total", _("Tổng lượng"), tonnes(terms.total_g))
    yield Line("binding", _("Cam kết lượng"), _(wording.BINDINGS[terms.binding]))
    yield Line("tolerance", _("Dung sai"), f"± {percent_bps(terms.tolerance_bps)}")
    for position, each in enumerate(terms.limits, 1):
        text = f"{_(wording.OPERATORS[each.operator])} {number(each.value)} {each.unit}".rstrip()
        yield Line(
            f"limit.{position}",
            _("Chỉ tiêu %(number)s", number=position),
            f"{each.name} {text}",
        )
    for grade in terms.grades:
        difference = f"{'+' if grade.difference_minor > 0 else ''}{money(grade.difference_minor)}"
        worth = _("giá gốc") if not grade.difference_minor else f"{difference}/kg"
        taken = "" if grade.is_accepted else f", {_('bên mua được từ chối')}"
        yield Line(
            f"grade.{grade.code}",
            _("Loại hàng %(code)s", code=grade.code),
            f"{grade.name}: {worth}{taken}",
        )
    if terms.schemes:
        names = ", ".join(scheme_name(each) for each in terms.schemes)
        yield Line("schemes", _("Chứng nhận bắt buộc"), names)
    if terms.packing:
        yield Line("packing", _("Đóng gói"), terms.packing)


def _price(terms: Terms) -> Iterator[Line]:
    price = terms.price
    if price.is_fixed:
        yield Line("price.base", _("Giá cố định"), f"{money(price.base_minor)}/kg")
        for first, minor in sorted(price.monthly.items()):
            yield Line(
                f"price.month.{first:%Y-%m}",
                _("Giá %(month)s", month=month(first)),
                f"{money(minor)}/kg",
            )
    else:
        yield Line(
            "price.reference",
            _("Giá tham chiếu"),
            good_name(price.reference_code, current_locale()),
        )
        yield Line("price.premium", _("Cộng thêm"), f"{money(price.premium_minor)}/kg")
        if price.floor_minor is not None:
            yield Line("price.floor", _("Giá sàn"), f"{money(price.floor_minor)}/kg")
        if price.ceiling_minor is not None:
            yield Line("price.ceiling", _("Giá trần"), f"{money(price.ceiling_minor)}/kg")
        yield Line("price.base", _("Giá dự kiến"), f"{money(price.base_minor)}/kg")
    if price.standard_moisture is not None:
        yield Line("price.moisture", _("Độ ẩm chuẩn"), f"{number(price.standard_moisture)} %")


def _delivery(terms: Terms) -> Iterator[Line]:
    yield Line("calling", _("Cách giao"), _(wording.CALLINGS[terms.calling]))
    if terms.place is not None:
        yield Line("place", _("Nơi giao"), place_words(terms.place))
    for position, each in enumerate(terms.schedule, 1):
        yield Line(
            f"schedule.{position}", _("Đợt giao %(number)s", number=position), _planned(each)
        )
    yield Line("inspection", _("Nơi kiểm tra"), _(wording.PLACES[terms.inspection]))
    if terms.inspector:
        yield Line("inspector", _("Bên kiểm tra"), terms.inspector)
    yield Line(
        "accept_hours",
        _("Thời hạn nghiệm thu"),
        _("%(hours)s giờ từ lúc xuất hàng", hours=terms.accept_hours),
    )


def _planned(each: Planned) -> str:
    days = day(each.due_on)
    if each.due_from != each.due_on:
        days = f"{day(each.due_from)} – {days}"
    return f"{days}: {tonnes(each.grams)}, {place_words(each.place)}"


def _payment(terms: Terms) -> Iterator[Line]:
    payment = terms.payment
    for position, (part, days) in enumerate(payment.stages, 1):
        yield Line(
            f"payment.{position}",
            _("Thanh toán đợt %(number)s", number=position),
            _("%(part)s sau nghiệm thu %(days)s ngày", part=percent_bps(part), days=days),
        )
    if payment.deposit_minor:
        yield Line(
            "deposit",
            _("Tiền cọc"),
            _(
                "%(amount)s, mỗi hoá đơn trừ %(part)s tiền hàng tới khi hết cọc",
                amount=money(payment.deposit_minor),
                part=percent_bps(payment.deposit_bps),
            ),
        )
    if payment.retention_bps:
        yield Line(
            "retention",
            _("Tiền giữ lại"),
            _(
                "%(part)s mỗi hoá đơn, trong %(days)s ngày sau nghiệm thu",
                part=percent_bps(payment.retention_bps),
                days=payment.retention_days,
            ),
        )
    for position, each in enumerate(terms.advances, 1):
        yield Line(
            f"advance.{position}",
            _("Ứng trước %(number)s", number=position),
            f"{each.item}: {money(each.amount_minor)}, {day(each.on)}",
        )


def _breach(terms: Terms) -> Iterator[Line]:
    breach = terms.breach
    yield Line(
        "breach.late",
        _("Phạt giao muộn"),
        _("%(part)s tiền hàng mỗi ngày", part=percent_bps(breach.late_bps_per_day)),
    )
    yield Line(
        "breach.short",
        _("Phạt giao thiếu"),
        _("%(part)s giá trị phần thiếu quá dung sai", part=percent_bps(breach.short_bps)),
    )
    yield Line(
        "breach.cap",
        _("Mức phạt tối đa"),
        _("%(part)s giá trị phần vi phạm", part=percent_bps(breach.cap_bps)),
    )
    yield Line(
        "breach.bonus",
        _("Thưởng giao đủ, đúng hẹn"),
        _("%(part)s tiền hàng", part=percent_bps(breach.bonus_bps)),
    )
    yield Line("forum", _("Giải quyết tranh chấp"), _(wording.FORUMS[terms.forum]))


def _clauses(terms: Terms) -> Iterator[Line]:
    for each in terms.clauses:
        title, text = clause_words(each)
        yield Line(f"clause.{each.code}", title, text)
        # The English of a clause of their own is part of what both agree to, whoever reads.
        if not each.version and each.text_en and current_locale() != "en":
            yield Line(f"clause.{each.code}.en", each.title_en or title, each.text_en)


def clause_words(clause: Clause) -> tuple[str, str]:
    """Title and text in the reader's language; in Vietnamese where there is no other."""
    if current_locale() == "en" and clause.text_en:
        return clause.title_en or clause.title_vi, clause.text_en
    return clause.title_vi, clause.text_vi
