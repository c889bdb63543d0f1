"""The words about quotes, for templates of both sides."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Flask

from marketplace.kernel.translation import mark
from marketplace.platform.formatting import day, money, number, weight
from marketplace.platform.formatting import month as month_text
from marketplace.platform.translation import gettext as _
from marketplace.sourcing.quotes.offer import Formula, Offer
from marketplace.sourcing.quotes.rules import Difference
from marketplace.sourcing.requests.terms import Terms
from marketplace.workflows.request_words import limit_text, scheme_name

LABELS = {
    "product": mark("Sản phẩm"),
    "formula": mark("Công thức giá"),
    "fee": mark("Phí giao mỗi kg"),
    "payment_days": mark("Thanh toán"),
    "samples": mark("Gửi mẫu"),
    "valid_until": mark("Hiệu lực"),
    "note": mark("Ghi chú"),
}


def formula_words(formula: Formula) -> str:
    """For templates: a formula as people read it."""
    premium = formula.premium_minor
    words = formula.reference
    if premium:
        sign = _("cộng") if premium > 0 else _("bớt")
        words = f"{words}, {sign} {money(abs(premium))}"
    if formula.floor_minor is not None:
        words += _(", không dưới %(price)s", price=money(formula.floor_minor))
    if formula.ceiling_minor is not None:
        words += _(", không quá %(price)s", price=money(formula.ceiling_minor))
    return words


def fee_words(offer: Offer) -> str:
    """For templates: what bringing the goods costs."""
    return money(offer.fee_minor) if offer.fee_minor else _("đã gồm trong giá")


def payment_words(days: int) -> str:
    """For templates: when the buyer pays."""
    return _("%(days)s ngày sau nghiệm thu", days=number(days)) if days else _("khi nghiệm thu")


def change_lines(
    changes: Sequence[Difference],
    subjects: Mapping[str, str],
    products: Mapping[int, str],
    members: Mapping[int, str],
) -> list[tuple[str, str, str]]:
    """For templates: what changed: what it is about, what stood there, what stands there now.

    Args:
        changes: from one revision to the next.
        subjects: what can be deviated from, in words.
        products: their names, by id.
        members: the names of cooperatives with a share, by id.
    """
    return [
        (
            _label(each.term, subjects, members),
            _written(each.term[0], each.before, products),
            _written(each.term[0], each.after, products),
        )
        for each in changes
    ]


def subjects_of(terms: Terms) -> dict[str, str]:
    """What an offer can deviate from: how it is named in an offer, how people read it."""
    limits = {
        f"limit:{place}": limit_text(each.name, each.operator, each.value, each.unit)
        for place, each in enumerate(terms.limits, 1)
    }
    return {**limits, **{f"scheme:{code}": scheme_name(code) for code in terms.schemes}}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        formula_words=formula_words,
        fee_words=fee_words,
        payment_words=payment_words,
        change_lines=change_lines,
        subjects_of=subjects_of,
    )


def _label(term: tuple[str, str], subjects: Mapping[str, str], members: Mapping[int, str]) -> str:
    kind, which = term
    if kind == "volume":
        return _("Khối lượng %(month)s", month=month_text(date.fromisoformat(which)))
    if kind == "price":
        return _("Giá %(month)s", month=month_text(date.fromisoformat(which)))
    if kind == "deviation":
        return _("Khác với: %(what)s", what=subjects.get(which, which))
    if kind == "share":
        member, _colon, month = which.partition(":")
        return f"{members.get(int(member), '')}, {month_text(date.fromisoformat(month))}"
    return _(LABELS[kind])


def _written(kind: str, value: object, products: Mapping[int, str]) -> str:  # noqa: PLR0911
    if value is None or value == "":
        return ""
    if kind in {"volume", "share"} and isinstance(value, int):
        return weight(value)
    if kind in {"price", "fee"} and isinstance(value, int):
        return money(value)
    if kind == "payment_days" and isinstance(value, int):
        return payment_words(value)
    if kind == "samples":
        return _("có") if value else _("không")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Formula):
        return formula_words(value)
    if isinstance(value, tuple):
        product_id, grade = value
        return f"{products.get(product_id, '')} {grade}".strip()
    return str(value)
