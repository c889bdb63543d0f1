"""The paper that travels with the goods of a contract: what of which lots, and their origin."""

from datetime import datetime
from typing import Any, Final

from marketplace.accounts.queries import organisation_name
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.errors import NotPackedError
from marketplace.contracts.deliveries.operations.packing import lines_of
from marketplace.contracts.terms import Terms
from marketplace.geography import queries as geography
from marketplace.platform.config import current_settings
from marketplace.platform.documents import typeset
from marketplace.platform.formatting import day, moment, weight
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine

TEMPLATE: Final = "delivery_note.typ"


def delivery_note(contract: Contract, delivery: Delivery, *, at: datetime) -> bytes:
    """The PDF, in the reader's language, with a code for each lot that opens where it is from.

    Args:
        contract: that the reader may know of.
        delivery: a delivery of it that is packed.
        at: printed on the paper.

    Raises:
        NotPackedError: nothing is packed yet, so there is nothing to say.
    """
    lines = lines_of(delivery.id)
    if not lines:
        raise NotPackedError(number=delivery.number)
    terms = terms_in(contract)
    return typeset(
        TEMPLATE,
        {
            "lang": current_locale(),
            "market": current_settings().market_name,
            "printed": _("In lúc %(moment)s", moment=moment(at)),
            "words": _words(),
            "number": delivery.number,
            "contract": _("Hợp đồng %(number)s", number=contract.number),
            "title": contract.title,
            "seller": _party(contract.seller_id, terms.seller.tax_code, terms.seller.address),
            "buyer": _party(contract.buyer_id, terms.buyer.tax_code, terms.buyer.address),
            "place": _place(delivery),
            "days": _(
                "Giao từ %(first)s đến %(last)s",
                first=day(delivery.due_from),
                last=day(delivery.due_on),
            ),
            "facts": _facts(delivery),
            "note": delivery.note,
            "lines": [_line(line, terms) for line in lines],
            "total": weight(sum(line.shipped_g for line in lines)),
        },
    )


def _words() -> dict[str, str]:
    return {
        "title": _("Phiếu giao hàng"),
        "seller": _("Bên bán"),
        "buyer": _("Bên mua"),
        "place": _("Nơi nhận"),
        "transport": _("Vận chuyển"),
        "goods": _("Hàng"),
        "lot": _("Lô, quét để xem nguồn gốc"),
        "harvested": _("Thu hoạch"),
        "weight": _("Khối lượng"),
        "received": _("Thực nhận"),
        "total": _("Cộng"),
        "note": _("Ghi chú"),
        "handed": _("Người giao, ký và ghi họ tên"),
        "taken": _("Người nhận, ký và ghi họ tên"),
    }


def _party(organisation_id: int, tax_code: str, address: str) -> list[str]:
    tax = _("Mã số thuế %(code)s", code=tax_code) if tax_code else ""
    return [organisation_name(organisation_id), tax, address]


def _place(delivery: Delivery) -> list[str]:
    commune = geography.find_commune(delivery.commune_code) if delivery.commune_code else None
    province = geography.find_province(delivery.province_code)
    return [
        delivery.address,
        ", ".join(
            name
            for name in (
                commune.full_name if commune else "",
                province.name if province else "",
            )
            if name
        ),
    ]


def _facts(delivery: Delivery) -> list[str]:
    """Who carries it, and what the buyer's own books call it."""
    facts = [delivery.carrier, delivery.vehicle, delivery.handed_by]
    if delivery.shipped_at:
        facts.append(_("Rời kho %(moment)s", moment=moment(delivery.shipped_at)))
    if delivery.po_number:
        facts.append(_("Số đơn mua hàng %(number)s", number=delivery.po_number))
    if delivery.cost_centre:
        facts.append(_("Trung tâm chi phí %(code)s", code=delivery.cost_centre))
    return [fact for fact in facts if fact]


def _line(line: DeliveryLine, terms: Terms) -> dict[str, Any]:
    is_english = current_locale() == "en"
    grades = {grade.code: grade.name or grade.code for grade in terms.grades}
    return {
        "name": (is_english and terms.product_en) or terms.product_vi,
        "grade": grades.get(line.grade, line.grade),
        "claims": ", ".join(each[f"label_{current_locale()}"] for each in line.certificates),
        "lot": line.lot_code,
        "harvested": day(line.harvested_on),
        "best_before": (
            _("dùng trước %(day)s", day=day(line.best_before_on)) if line.best_before_on else ""
        ),
        "weight": weight(line.shipped_g),
        "qr": _qr(f"{current_settings().base_url}/t/{line.lot_code}"),
    }


def _qr(text: str) -> str:
    """A code as the text of an SVG; a sixth of it may get dirty."""
    import segno  # noqa: PLC0415 - only who prints a note needs it

    return segno.make(text, error="m", micro=False).svg_inline(border=2, scale=4)
