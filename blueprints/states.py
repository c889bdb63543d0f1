"""The words for states: one table, so that a state reads the same on every page and paper.

A state is shown as a word, a shape and a colour, never as a colour alone.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Flask
from markupsafe import Markup

from blueprints.assets import icon
from marketplace.kernel.translation import mark
from marketplace.platform.translation import current_locale, gettext


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is shown.

    Attributes:
        word: What people read, in Vietnamese.
        tone: The colour: "ok", "wait", "bad", "info", "place" or "" for quiet.
        glyph: The shape: the id of an icon, or "".
    """

    word: str
    tone: str = ""
    glyph: str = ""


STATES: Final[dict[str, dict[str, StateLook]]] = {
    "application": {
        "draft": StateLook(mark("Đang điền"), "", "pen-line"),
        "submitted": StateLook(mark("Chờ liên minh xét"), "wait", "clock"),
        "returned": StateLook(mark("Cần bổ sung"), "bad", "triangle-alert"),
        "approved": StateLook(mark("Đã chấp thuận"), "ok", "shield-check"),
        "rejected": StateLook(mark("Không chấp thuận"), "bad", "x"),
        "withdrawn": StateLook(mark("Đã rút"), "", "x"),
    },
    "application_item": {
        "open": StateLook(mark("Chưa gửi"), "", "pen-line"),
        "submitted": StateLook(mark("Chờ xét"), "wait", "clock"),
        "accepted": StateLook(mark("Đã chấp nhận"), "ok", "check"),
        "returned": StateLook(mark("Trả lại"), "bad", "triangle-alert"),
        "waived": StateLook(mark("Tạm miễn"), "info", "calendar-days"),
    },
    "contract": {
        "draft": StateLook(mark("Nháp"), "", "pen-line"),
        "negotiating": StateLook(mark("Đang thương lượng"), "wait", "message-circle"),
        "agreed": StateLook(mark("Đã thống nhất, chờ ký"), "wait", "pen-line"),
        "active": StateLook(mark("Đang thực hiện"), "ok", "check"),
        "completed": StateLook(mark("Đã hoàn tất"), "", "circle-check"),
        "terminated": StateLook(mark("Đã chấm dứt"), "bad", "x"),
        "cancelled": StateLook(mark("Đã huỷ"), "bad", "x"),
    },
    "request": {
        "draft": StateLook(mark("Nháp"), "", "pen-line"),
        "open": StateLook(mark("Đang nhận báo giá"), "ok", "clock"),
        "closed": StateLook(mark("Đã đóng, chờ mở"), "wait", "lock"),
        "opened": StateLook(mark("Đã mở, chờ chọn"), "wait", "eye"),
        "awarded": StateLook(mark("Đã chọn"), "ok", "check"),
        "ended": StateLook(mark("Kết thúc, không chọn"), "", "x"),
        "cancelled": StateLook(mark("Đã huỷ"), "bad", "x"),
    },
    "quote": {
        "draft": StateLook(mark("Đang soạn"), "", "pen-line"),
        "submitted": StateLook(mark("Đã gửi, niêm phong"), "ok", "lock"),
        "withdrawn": StateLook(mark("Đã rút"), "", "x"),
        "opened": StateLook(mark("Đã mở, chờ chọn"), "wait", "eye"),
        "won": StateLook(mark("Được chọn"), "ok", "check"),
        "lost": StateLook(mark("Không được chọn"), "", "x"),
    },
    "delivery": {
        "planned": StateLook(mark("Chờ bên bán xác nhận"), "wait", "clock"),
        "confirmed": StateLook(mark("Đã xác nhận"), "info", "check"),
        "packed": StateLook(mark("Đã đóng hàng"), "info", "package"),
        "shipped": StateLook(mark("Đang giao"), "info", "truck"),
        "accepted": StateLook(mark("Đã nghiệm thu"), "ok", "circle-check"),
        "cancelled": StateLook(mark("Đã huỷ"), "", "x"),
    },
    "share": {
        "proposed": StateLook(mark("Chờ trả lời"), "wait", "clock"),
        "agreed": StateLook(mark("Đã đồng ý"), "ok", "check"),
        "declined": StateLook(mark("Không tham gia"), "bad", "x"),
    },
    "product": {
        "draft": StateLook(mark("Nháp"), "", "pen-line"),
        "published": StateLook(mark("Đang bán"), "ok", "check"),
        "archived": StateLook(mark("Ngừng bán"), "", "x"),
    },
    "supply": {
        "con": StateLook(mark("Còn hàng"), "ok", "check"),
        "sap": StateLook(mark("Sắp hết"), "place", "clock"),
        "het": StateLook(mark("Hết hàng"), "", "x"),
        "truoc": StateLook(mark("Đặt trước"), "wait", "calendar-days"),
    },
    "certificate": {
        "claimed": StateLook(mark("Chờ xác minh"), "wait", "clock"),
        "verified": StateLook(mark("Đã xác minh"), "ok", "shield-check"),
        "rejected": StateLook(mark("Không chấp nhận"), "bad", "x"),
        "revoked": StateLook(mark("Đã thu hồi"), "bad", "triangle-alert"),
        "expired": StateLook(mark("Hết hiệu lực"), "bad", "calendar-days"),
        "expiring": StateLook(mark("Sắp hết hiệu lực"), "wait", "calendar-days"),
        "upcoming": StateLook(mark("Chưa có hiệu lực"), "info", "calendar-days"),
    },
    "check": {
        "document": StateLook(mark("Đã đối chiếu giấy"), "ok", "file-text"),
        "register": StateLook(mark("Đã tra danh sách của nơi cấp"), "ok", "search"),
    },
    "organisation": {
        "pending": StateLook(mark("Chờ xác minh"), "wait", "clock"),
        "verified": StateLook(mark("Đã xác minh"), "ok", "shield-check"),
        "suspended": StateLook(mark("Tạm dừng"), "bad", "triangle-alert"),
        "closed": StateLook(mark("Đã đóng"), "bad", "x"),
    },
    "promise": {
        "kept": StateLook(mark("Đã giữ hẹn"), "ok", "circle-check"),
        "missed": StateLook(mark("Lỡ hẹn"), "bad", "triangle-alert"),
    },
    "appeal": {
        "open": StateLook(mark("Chờ trả lời"), "wait", "clock"),
        "upheld": StateLook(mark("Chấp nhận khiếu nại"), "ok", "check"),
        "denied": StateLook(mark("Giữ nguyên quyết định"), "bad", "x"),
    },
    "order": {
        "awaiting_payment": StateLook(mark("Chờ thanh toán"), "wait", "clock"),
        "open": StateLook(mark("Đang thực hiện"), "info", "package"),
        "completed": StateLook(mark("Hoàn tất"), "ok", "circle-check"),
        "cancelled": StateLook(mark("Đã huỷ"), "", "x"),
        "expired": StateLook(mark("Quá hạn"), "bad", "clock"),
    },
    "seller_order": {
        "placed": StateLook(mark("Chờ xác nhận"), "wait", "clock"),
        "confirmed": StateLook(mark("Đang chuẩn bị"), "info", "package"),
        "packed": StateLook(mark("Đã đóng gói"), "info", "package"),
        "handed_over": StateLook(mark("Đã giao cho vận chuyển"), "info", "truck"),
        "delivered": StateLook(mark("Đã giao"), "ok", "circle-check"),
        "cancelled": StateLook(mark("Đã huỷ"), "", "x"),
    },
    "payment": {
        "awaiting": StateLook(mark("Chờ thanh toán"), "wait", "clock"),
        "underpaid": StateLook(mark("Thiếu tiền"), "bad", "triangle-alert"),
        "paid": StateLook(mark("Đã thanh toán"), "ok", "check"),
        "overpaid": StateLook(mark("Thừa tiền, chờ hoàn"), "wait", "banknote"),
        "expired": StateLook(mark("Quá hạn"), "bad", "clock"),
        "late": StateLook(mark("Tiền đến muộn"), "bad", "triangle-alert"),
        "cancelled": StateLook(mark("Đã huỷ"), "", "x"),
        "refund_due": StateLook(mark("Chờ hoàn tiền"), "wait", "banknote"),
        "refunded": StateLook(mark("Đã hoàn tiền"), "", "check"),
        "cash_expected": StateLook(mark("Thu khi giao"), "info", "banknote"),
        "cash_collected": StateLook(mark("Đã thu tiền mặt"), "ok", "banknote"),
        "remitted": StateLook(mark("Đã nộp tiền"), "ok", "check"),
    },
    "cash": {
        "expected": StateLook(mark("Thu khi giao"), "info", "banknote"),
        "collected": StateLook(mark("Đã thu tiền mặt"), "wait", "banknote"),
        "remitted": StateLook(mark("Đã nộp tiền"), "ok", "check"),
        "cancelled": StateLook(mark("Đã huỷ"), "", "x"),
    },
    "refund": {
        "due": StateLook(mark("Chờ hoàn tiền"), "wait", "clock"),
        "sent": StateLook(mark("Đã hoàn tiền"), "ok", "check"),
    },
    "payout": {
        "due": StateLook(mark("Chờ chi trả"), "wait", "clock"),
        "sent": StateLook(mark("Đã chi trả"), "ok", "check"),
    },
    "bank_line": {
        "pending": StateLook(mark("Chờ đối chiếu"), "wait", "clock"),
        "exact": StateLook(mark("Khớp"), "ok", "check"),
        "under": StateLook(mark("Thiếu tiền"), "bad", "triangle-alert"),
        "over": StateLook(mark("Thừa tiền"), "wait", "triangle-alert"),
        "duplicate": StateLook(mark("Chuyển trùng"), "wait", "copy"),
        "late": StateLook(mark("Tiền đến muộn"), "bad", "clock"),
        "unknown": StateLook(mark("Chưa rõ của ai"), "bad", "info"),
        "debit": StateLook(mark("Tiền ra"), "", "arrow-right"),
    },
    "register_import": {
        "reading": StateLook(mark("Đang đọc"), "info", "clock"),
        "faulty": StateLook(mark("Có chỗ sai"), "bad", "triangle-alert"),
        "checked": StateLook(mark("Chờ xem lại"), "wait", "eye"),
        "queued": StateLook(mark("Đang ghi sổ"), "info", "clock"),
        "done": StateLook(mark("Đã ghi"), "ok", "check"),
        "discarded": StateLook(mark("Đã bỏ"), "", "x"),
    },
    "lot": {
        "on_sale": StateLook(mark("Đang bán"), "ok", "check"),
        "sold_out": StateLook(mark("Hết hàng"), "", "x"),
        "expired": StateLook(mark("Quá hạn dùng"), "bad", "calendar-days"),
    },
}


def state_word(kind: str, state: str) -> str:
    """The word for a state in the reader's language.

    Args:
        kind: a key of `STATES`: "order", "payment", …
        state: the state.

    Raises:
        KeyError: the table does not know it, which is a mistake in a template or a new state.
    """
    return gettext(STATES[kind][state].word)


def state_badge(kind: str, state: str) -> Markup:
    """For templates: the badge of a state. Arguments and errors as for `state_word`."""
    return _badge(kind, str(state), current_locale())


@lru_cache(maxsize=256)
def _badge(kind: str, state: str, _locale: str) -> Markup:
    look = STATES[kind][state]
    return badge(gettext(look.word), look.tone, look.glyph)


def badge(text: str, tone: str = "", glyph: str = "") -> Markup:
    """For templates: a word with a shape and a colour, for what is no state of the table."""
    classes = f"badge {tone}".rstrip()
    shape = icon(glyph) if glyph else ""
    return Markup('<span class="{}">{}{}</span>').format(classes, shape, text)


def init_app(app: Flask) -> None:
    """Give templates the words and the badges."""
    app.jinja_env.globals.update(state_word=state_word, state_badge=state_badge, badge=badge)
