"""An invoice as a paper, from what it said on its day; the same bytes however often it is asked."""

from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.geography import queries as geography
from marketplace.invoicing.queries import InvoiceView
from marketplace.invoicing.words import KIND_WORDS
from marketplace.platform.config import current_settings
from marketplace.platform.documents import typeset
from marketplace.platform.formatting import day, money, number, quantity, weight
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from models.invoicing import DueKind

TEMPLATE = "invoice.typ"
GRAMS_PER_KG = 1_000


def invoice_paper(view: InvoiceView) -> bytes:
    """The PDF of an invoice in the reader's language."""
    invoice, said = view.invoice, view.invoice.snapshot
    return typeset(
        TEMPLATE,
        {
            "lang": current_locale(),
            "market": current_settings().market_name,
            "words": _words(),
            "number": invoice.number,
            "issued": _("Lập ngày %(day)s", day=day(invoice.issued_at)),
            "parties": [_party(_("Bên bán"), said["seller"]), _party(_("Bên mua"), said["buyer"])],
            "about": [[name, value] for name, value in about(view) if value],
            "lines": [_line(line, said) for line in said["lines"]],
            "sums": [[name, money(minor)] for name, minor in sums(view)],
            "total": money(invoice.total),
            "notes": [text for text in notes(view) if text],
            "dues": [
                [
                    _(KIND_WORDS[DueKind(due.kind)]),
                    day(due.due_on),
                    due.reference,
                    money(due.amount),
                ]
                for due in view.dues
            ],
        },
    )


def about(view: InvoiceView) -> list[tuple[str, str]]:
    """For which delivery of which contract an invoice is, in words."""
    said = view.invoice.snapshot
    delivery = said["delivery"]
    arrived_on = delivery["arrived_on"]
    return [
        (_("Hợp đồng"), f"{said['contract']['number']} · {said['contract']['title']}"),
        (_("Chuyến giao"), delivery["number"]),
        (_("Hạn giao"), _day(delivery["due_on"])),
        (_("Ngày tới"), _day(arrived_on) if arrived_on else ""),
        (_("Nơi giao"), _place(delivery)),
        (_("Hàng"), product_name(view)),
        (_("Số PO"), delivery["po_number"]),
        (_("Trung tâm chi phí"), delivery["cost_centre"]),
    ]


def sums(view: InvoiceView) -> list[tuple[str, int]]:
    """How the total comes about; what comes to nothing is left out but for the goods."""
    invoice = view.invoice
    lines = [
        (_("Thưởng"), invoice.bonus_minor),
        (_("Phạt"), -invoice.penalty_minor),
        (_("Trừ đặt cọc"), -invoice.deposit_minor),
        (_("Trừ ứng trước"), -invoice.advance_minor),
    ]
    return [(_("Tiền hàng"), invoice.goods_minor), *((n, minor) for n, minor in lines if minor)]


def notes(view: InvoiceView) -> list[str]:
    """Where a penalty comes from, and what is kept back or carried on."""
    invoice, breach = view.invoice, view.invoice.snapshot["breach"]
    found = []
    if breach["late_minor"]:
        days = number(breach["days_late"])
        amount = money(breach["late_minor"])
        found.append(_("Giao trễ %(days)s ngày: %(amount)s.", days=days, amount=amount))
    if breach["short_minor"]:
        missing = weight(breach["missing_g"])
        amount = money(breach["short_minor"])
        found.append(
            _("Thiếu %(weight)s ngoài dung sai: %(amount)s.", weight=missing, amount=amount)
        )
    if breach["total_minor"] < breach["late_minor"] + breach["short_minor"]:
        found.append(
            _("Phạt tối đa theo hợp đồng: %(amount)s.", amount=money(breach["total_minor"]))
        )
    if breach["earlier_minor"]:
        amount = money(breach["earlier_minor"])
        found.append(_("Tiền phạt chuyển từ hoá đơn trước: %(amount)s.", amount=amount))
    if invoice.carried_minor:
        amount = money(invoice.carried_minor)
        found.append(_("Tiền phạt chuyển sang hoá đơn sau: %(amount)s.", amount=amount))
    if invoice.retention_minor:
        amount = money(invoice.retention_minor)
        found.append(_("Trong đó giữ lại bảo đảm: %(amount)s.", amount=amount))
    return found


def product_name(view: InvoiceView) -> str:
    """What was sold, in the reader's language."""
    said = view.invoice.snapshot
    in_english = current_locale() == "en" and said["product_en"]
    return str(said["product_en"] if in_english else said["product_vi"])


def grade_name(view: InvoiceView, code: str) -> str:
    """What the contract called a grade; empty where it named none."""
    return str(view.invoice.snapshot["grades"].get(code, code))


def kilograms(grams: int) -> str:
    """A weight to the gram, in kilograms: what is paid for is never rounded."""
    return quantity(Decimal(grams) / GRAMS_PER_KG, "kg")


def moisture_text(written: str) -> str:
    """What was measured: `ẩm 12,5 %`."""
    return _("ẩm %(moisture)s %%", moisture=number(Decimal(written)))


def _words() -> dict[str, str]:
    return {
        "title": _("Hoá đơn"),
        "lot": _("Lô"),
        "grade": _("Loại"),
        "accepted": _("Đã nhận"),
        "counted": _("Tính tiền"),
        "unit": _("Đơn giá/kg"),
        "amount": _("Thành tiền"),
        "total": _("Phải trả"),
        "dues": _("Trả theo đợt"),
        "due_on": _("Hạn trả"),
        "reference": _("Nội dung chuyển khoản"),
        "kind": _("Khoản"),
        "tax_code": _("Mã số thuế"),
    }


def _party(title: str, said: dict[str, str]) -> dict[str, str]:
    return {"title": title, **said}


def _line(line: dict[str, Any], said: dict[str, Any]) -> list[str]:
    grade = said["grades"].get(line["grade"], line["grade"])
    if line["moisture"] is not None:
        damp = moisture_text(line["moisture"])
        grade = f"{grade}, {damp}" if grade else damp
    return [
        line["lot_code"],
        grade,
        kilograms(line["accepted_g"]),
        kilograms(line["counted_g"]),
        money(line["unit_minor"]),
        money(line["amount_minor"]),
    ]


def _day(written: str) -> str:
    return day(date.fromisoformat(written))


def _place(delivery: dict[str, Any]) -> str:
    code = delivery["commune_code"]
    commune = geography.find_commune(code) if code else None
    province = geography.find_province(delivery["province_code"])
    names = (
        delivery["address"],
        commune.full_name if commune else "",
        province.name if province else "",
    )
    return ", ".join(name for name in names if name)
