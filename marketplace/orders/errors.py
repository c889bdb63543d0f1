"""What carts and orders refuse."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class OrderNotFoundError(NotFoundError):
    """No such order, or it is none of the reader's business."""

    code = "orders.order_not_found"
    message = mark("Không tìm thấy đơn hàng này.")


class PackNotOnSaleError(ConflictError):
    """The pack is not for sale: withdrawn, or its seller may not sell at present."""

    code = "orders.pack_not_on_sale"
    message = mark("Món này hiện không bán.")


class QuantityError(InvalidError):
    """Not a number of packs that one can order."""

    code = "orders.quantity"
    message = mark("Số lượng phải từ 1 đến 999.")


class CartFullError(ConflictError):
    """The cart has as many lines as it can take."""

    code = "orders.cart_full"
    message = mark("Giỏ hàng đã đủ 50 món. Mời đặt đơn này trước rồi mua tiếp.")


class EmptyCartError(ConflictError):
    """There is nothing to order, or the cart was ordered a moment ago under another key."""

    code = "orders.empty_cart"
    message = mark("Giỏ hàng đang trống.")


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line of a cart for which there is not enough."""

    cart_line_id: int
    name_vi: str
    name_en: str
    wanted: int
    available: int


class ShortLinesError(ConflictError):
    """There is not enough of some lines; the cart is as it was."""

    code = "orders.short_lines"
    message = mark("Có món vừa hết hoặc không đủ số lượng. Mời xem lại giỏ hàng.")

    def __init__(self, lines: Sequence[ShortLine]) -> None:
        super().__init__(lines=[(line.cart_line_id, line.available) for line in lines])
        self.lines = tuple(lines)


class LinesNotOnSaleError(ConflictError):
    """Some lines of the cart are no longer for sale. Details: `line_ids`."""

    code = "orders.lines_not_on_sale"
    message = mark("Có món không còn bán. Mời bỏ món đó khỏi giỏ rồi đặt lại.")


class QuoteChangedError(ConflictError):
    """What the buyer agreed to pay is no longer what it costs; nothing was ordered."""

    code = "orders.quote_changed"
    message = mark("Giá hoặc phí giao vừa thay đổi. Mời xem số tiền mới rồi bấm đặt hàng lần nữa.")


class ClaimsChangedError(ConflictError):
    """Lots that a certificate counts for are there no more, or again; nothing was ordered."""

    code = "orders.claims_changed"
    message = mark(
        "Các lô hàng có chứng nhận vừa thay đổi. Mời xem lại từng món rồi bấm đặt hàng lần nữa."
    )


class CashNotAcceptedError(InvalidError):
    """One of the sellers does not take cash at the door."""

    code = "orders.cash_not_accepted"
    message = mark("Có hợp tác xã trong giỏ không nhận tiền mặt. Mời chọn chuyển khoản.")


class PickupNotOfferedError(InvalidError):
    """One of the sellers does not let buyers collect their goods."""

    code = "orders.pickup_not_offered"
    message = mark("Hợp tác xã này không có điểm nhận hàng. Mời chọn giao tận nơi.")


class AddressMissingError(InvalidError):
    """Goods that are delivered need a commune and an address."""

    code = "orders.address_missing"
    message = mark("Mời điền xã, phường và số nhà để hợp tác xã giao tới.")


class NotPaidYetError(ConflictError):
    """A seller confirms only what is paid, or is paid at the door."""

    code = "orders.not_paid_yet"
    message = mark("Đơn này chưa được thanh toán nên chưa xác nhận được.")


class PartOfUnpaidOrderError(ConflictError):
    """An order that waits for its transfer is called off as a whole: its sum is fixed."""

    code = "orders.part_of_unpaid_order"
    message = mark("Đơn đang chờ thanh toán chỉ huỷ được cả đơn.")


class ReasonMissingError(InvalidError):
    """A seller who calls an order off tells the buyer why."""

    code = "orders.reason_missing"
    message = mark("Mời ghi lý do huỷ để người mua biết.")


class CarrierMissingError(InvalidError):
    """Goods go to somebody."""

    code = "orders.carrier_missing"
    message = mark("Mời ghi đơn vị vận chuyển, ví dụ Viettel Post hoặc xe hợp tác xã.")


class PromiseKeptError(ConflictError):
    """There is nothing to reply to: nothing about this part counts against its seller."""

    code = "orders.promise_kept"
    message = mark("Phần đơn này không tính vào lỡ hẹn nên không cần giải thích.")


class AlreadyRepliedError(ConflictError):
    """A seller replies once beside a part, and what is said stays."""

    code = "orders.already_replied"
    message = mark("Đơn này đã có lời giải thích. Mỗi đơn chỉ giải thích một lần.")


class ReplyMissingError(InvalidError):
    """A reply says something."""

    code = "orders.reply_missing"
    message = mark("Viết lời giải thích, ví dụ vì sao giao trễ.")


class ReplyTooLongError(InvalidError):
    """A reply stands beside a line of a table. Details: `field`, `most`."""

    code = "orders.reply_too_long"
    message = mark("Nội dung dài quá %(most)s ký tự. Mời bạn viết gọn lại.")
