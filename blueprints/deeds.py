"""The words for what may be done on behalf, and for what was done."""

from typing import Final

from flask import Flask

from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext
from models.consents import ConsentScope

SCOPES: Final = {
    ConsentScope.PRODUCTS: mark("Sản phẩm và giá"),
    ConsentScope.CERTIFICATES: mark("Chứng nhận"),
    ConsentScope.LOTS: mark("Lô hàng và kho"),
    ConsentScope.ORDERS: mark("Đơn hàng"),
}
SCOPE_HINTS: Final = {
    ConsentScope.PRODUCTS: mark("đăng, sửa, ngừng bán, đổi giá, ảnh, dự báo sản lượng"),
    ConsentScope.CERTIFICATES: mark("khai chứng nhận, gắn vào sản phẩm"),
    ConsentScope.LOTS: mark("nhập lô, ghi việc đã làm, kiểm kho"),
    ConsentScope.ORDERS: mark("xem đơn và người mua, xác nhận, đóng gói, giao, huỷ"),
}

DEEDS: Final = {
    "accounts.help_begun": mark("Bắt đầu làm thay"),
    "catalogue.create_product": mark("Thêm một sản phẩm"),
    "catalogue.edit_product": mark("Sửa sản phẩm"),
    "catalogue.publish_product": mark("Đăng bán sản phẩm"),
    "catalogue.archive_product": mark("Cất sản phẩm"),
    "catalogue.restore_product": mark("Lấy lại sản phẩm đã cất"),
    "catalogue.add_pack": mark("Thêm một quy cách"),
    "catalogue.change_pack": mark("Sửa quy cách"),
    "catalogue.retire_pack": mark("Ngừng bán một quy cách"),
    "catalogue.return_pack": mark("Bán lại quy cách"),
    "catalogue.change_price": mark("Đổi giá"),
    "catalogue.add_photo": mark("Thêm ảnh sản phẩm"),
    "catalogue.arrange_photos": mark("Sắp xếp ảnh sản phẩm"),
    "catalogue.remove_photo": mark("Bỏ ảnh sản phẩm"),
    "certification.claim_certificate": mark("Khai một chứng nhận"),
    "certification.cover_products": mark("Gắn chứng nhận vào sản phẩm"),
    "certification.name_plots": mark("Ghi thửa của một chứng nhận"),
    "certification.share_paper": mark("Đổi cách công khai giấy chứng nhận"),
    "traceability.record_lot": mark("Nhập một lô"),
    "traceability.add_event": mark("Ghi việc đã làm với lô"),
    "traceability.add_photo": mark("Thêm ảnh lô"),
    "inventory.adjust_stock": mark("Kiểm kho"),
    "sourcing.write_forecast": mark("Ghi dự báo sản lượng"),
    "sourcing.undo_forecast": mark("Hoàn tác dự báo sản lượng"),
    "seller_order:confirmed": mark("Xác nhận một đơn"),
    "seller_order:packed": mark("Đóng gói đơn"),
    "seller_order:handed_over": mark("Giao đơn cho vận chuyển"),
    "seller_order:delivered": mark("Ghi đơn đã giao"),
    "seller_order:cancelled": mark("Huỷ một đơn"),
}
OTHER: Final = mark("Một việc khác")


def scope_word(scope: str) -> str:
    """For templates: what a consent covers."""
    return gettext(SCOPES[ConsentScope(scope)])


def scope_hint(scope: str) -> str:
    """For templates: what that means."""
    return gettext(SCOPE_HINTS[ConsentScope(scope)])


def deed_word(action: str) -> str:
    """For templates: what was done on behalf."""
    return gettext(DEEDS.get(action, OTHER))


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(scope_word=scope_word, scope_hint=scope_hint, deed_word=deed_word)
