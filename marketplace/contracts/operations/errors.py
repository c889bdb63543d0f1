"""What making, negotiating and ending a contract refuse."""

from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark


class UnverifiedPartyError(ConflictError):
    """The alliance has not verified both sides, or has suspended one."""

    code = "contracts.unverified_party"
    message = mark("Hai bên đều phải được Liên minh xác minh mới lập được hợp đồng.")


class ForeignProductError(InvalidError):
    """The goods are not of the seller, or not those that the contract is about. `field`."""

    code = "contracts.foreign_product"
    message = mark("Mời chọn một sản phẩm đang bán của bên bán.")


class StaleVersionError(ConflictError):
    """Somebody wrote another version meanwhile. Details: `version`, the last."""

    code = "contracts.stale_version"
    message = mark("Hợp đồng vừa có bản %(version)s. Mời đọc bản đó rồi làm tiếp.")


class NotYourTurnError(ConflictError):
    """The version lies with the other side, which has not answered yet."""

    code = "contracts.not_your_turn"
    message = mark(
        "Bản này đang chờ bên kia trả lời. Muốn sửa, mời rút lại bản đã gửi rồi gửi bản khác."
    )


class NothingToAnswerError(ConflictError):
    """The other side has proposed nothing that could be accepted, declined or withdrawn."""

    code = "contracts.nothing_to_answer"
    message = mark("Không có bản nào đang chờ trả lời. Mời tải lại trang để xem tình hình mới.")


class NothingChangedError(InvalidError):
    """A version that says what the last one says."""

    code = "contracts.nothing_changed"
    message = mark("Bản này giống hệt bản trước. Muốn đồng ý, mời bấm nút đồng ý ở trang hợp đồng.")


class ReasonMissingError(InvalidError):
    """The other side wants to know why. Details: `field`."""

    code = "contracts.reason_missing"
    message = mark("Ghi lý do để bên kia biết.")


class TextMissingError(InvalidError):
    """A comment without words. Details: `field`."""

    code = "contracts.text_missing"
    message = mark("Mời viết nội dung góp ý.")


class GoodsOnTheirWayError(ConflictError):
    """Goods are packed or on their way: first say what became of them. Details: `numbers`."""

    code = "contracts.goods_on_their_way"
    message = mark(
        "Có chuyến đã đóng hàng hoặc đang trên đường: %(numbers)s. "
        "Mời giao nhận xong hoặc huỷ chuyến, rồi mới chấm dứt hợp đồng."
    )
