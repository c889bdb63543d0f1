"""The paper that lies in the parcel, and tells the packer which lots to fetch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marketplace.geography import queries as geography
from marketplace.inventory import queries as stock
from marketplace.orders.queries import LineView, OrderView
from marketplace.platform.config import current_settings
from marketplace.platform.documents import typeset
from marketplace.platform.formatting import day, moment, money, number, phone, weekday, weight
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _

TEMPLATE = "packing_slip.typ"


def packing_slips(orders: Sequence[OrderView], *, at: datetime) -> bytes:
    """A PDF with a page for each order, in the reader's language.

    Before packing the lots are those that hold the goods; afterwards those that they came from.

    Args:
        orders: each with the one part that is packed.
        at: printed on the paper.
    """
    lines = [line.id for order in orders for line in order.parts[0].lines]
    waiting = stock.held_lots(lines) if lines else {}
    return typeset(
        TEMPLATE,
        {
            "lang": current_locale(),
            "market": current_settings().market_name,
            "words": _words(),
            "printed": _("In lúc %(moment)s", moment=moment(at)),
            "slips": [_slip(order, waiting) for order in orders],
        },
    )


def _words() -> dict[str, str]:
    return {
        "title": _("Phiếu giao hàng"),
        "seller": _("Bên bán"),
        "recipient": _("Người nhận"),
        "delivery": _("Giao hàng"),
        "goods": _("Hàng"),
        "packs": _("Số gói"),
        "lots": _("Lô, quét để xem nguồn gốc"),
        "weight": _("Khối lượng"),
        "note": _("Ghi chú"),
        "signature": _("Người nhận ký tên"),
        "packer": _("Người đóng gói"),
    }


def _slip(order: OrderView, waiting: dict[int, list[stock.HeldLot]]) -> dict[str, Any]:
    [part] = order.parts
    seller = part.seller
    return {
        "number": part.number,
        "placed": _("Đặt lúc %(moment)s", moment=moment(order.placed_at)),
        "seller": [seller.name, _place(seller.address, seller.commune_code, seller.province_code)]
        + ([phone(seller.phone)] if seller.phone else []),
        "recipient": [
            order.recipient_name,
            phone(order.phone),
            _place(order.address, order.commune_code, order.province_code),
        ],
        "delivery": _delivery(order),
        "collect": _collect(order),
        "note": order.note,
        "weight": weight(part.grams),
        "lines": [_line(line, waiting.get(line.id, [])) for line in part.lines],
    }


def _line(line: LineView, waiting: Sequence[stock.HeldLot]) -> dict[str, Any]:
    is_english = current_locale() == "en"
    lots = [(lot.code, lot.packs, lot.best_before_on) for lot in line.lots or waiting]
    return {
        "name": line.name_en if is_english else line.name_vi,
        "pack": line.pack_name_en if is_english else line.pack_name_vi,
        "claims": _claims(line),
        "packs": number(line.quantity),
        "lots": [
            {
                "code": code,
                "packs": _("%(count)s gói", count=number(packs)),
                "best_before": _("dùng trước %(day)s", day=day(best_before)) if best_before else "",
                "qr": _qr(f"{current_settings().base_url}/t/{code}"),
            }
            for code, packs, best_before in lots
        ],
    }


def _claims(line: LineView) -> str:
    """That only the lots on the paper will do, where a certificate of some plots was sold."""
    label = f"label_{current_locale()}"
    labels = ", ".join(one[label] for one in line.certificates if one.get("names_plots"))
    if not labels:
        return ""
    return _(
        "%(labels)s chỉ gồm một số thửa: chỉ đóng gói đúng các lô ghi bên cạnh.", labels=labels
    )


def _delivery(order: OrderView) -> list[str]:
    [part] = order.parts
    if part.is_picked_up:
        return [_("Người mua tới nhận"), part.seller.pickup_note]
    told = [_("Hẹn giao %(day)s", day=weekday(part.promised_on))] if part.promised_on else []
    return [*told, " · ".join(filter(None, [part.carrier, part.tracking_code]))]


def _collect(order: OrderView) -> str:
    [part] = order.parts
    if order.is_cash:
        return _("Thu khi giao: %(amount)s", amount=money(part.total_minor))
    return _("Đã chuyển khoản, không thu tiền")


def _place(address: str, commune_code: str | None, province_code: str) -> str:
    commune = geography.find_commune(commune_code) if commune_code else None
    province = geography.find_province(province_code)
    names = (address, commune.full_name if commune else "", province.name if province else "")
    return ", ".join(name for name in names if name)


def _qr(text: str) -> str:
    """A code as the text of an SVG; a sixth of it may get dirty."""
    import segno  # noqa: PLC0415 - only who prints a slip needs it

    return segno.make(text, error="m", micro=False).svg_inline(border=2, scale=4)
