"""What quotes, their opening and their award refuse."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class QuoteNotFoundError(NotFoundError):
    """No such quote, or one that the actor must not know about."""

    code = "sourcing.quote_not_found"
    message = mark("Không tìm thấy báo giá này.")


class MonthNotAskedError(InvalidError):
    """A month that the request does not ask for. Details: `field`, `month`."""

    code = "sourcing.month_not_asked"
    message = mark("Yêu cầu không hỏi mua trong tháng %(month)s. Mời bỏ tháng này.")


class TooMuchError(InvalidError):
    """Nothing, or more than the buyer takes. Details: `field`, `month`, `most`: grams."""

    code = "sourcing.too_much_offered"
    message = mark(
        "Tháng %(month)s: khối lượng phải lớn hơn 0 và không quá số bên mua cần, kể cả dung sai."
    )


class VolumeMissingError(InvalidError):
    """No month offers anything, or the shares do not add up. Details: `field`."""

    code = "sourcing.volume_missing"
    message = mark("Ghi khối lượng cho ít nhất một tháng.")


class ProductMissingError(InvalidError):
    """Nobody knows what is offered. Details: `field`."""

    code = "sourcing.product_missing"
    message = mark("Chọn sản phẩm chào bán trong danh sách.")


class PriceMissingError(InvalidError):
    """A month has a volume and no price. Details: `field`."""

    code = "sourcing.price_missing"
    message = mark("Ghi giá cho mọi tháng có khối lượng.")


class PriceError(InvalidError):
    """A price of nothing, or beyond sense. Details: `field`."""

    code = "sourcing.wrong_price"
    message = mark("Giá mỗi kg phải lớn hơn 0 và không quá 100 triệu đồng.")


class FeeError(InvalidError):
    """A fee below nothing, or beyond sense. Details: `field`."""

    code = "sourcing.wrong_fee"
    message = mark("Phí giao mỗi kg từ 0 tới 100 triệu đồng.")


class FormulaError(InvalidError):
    """A formula without a reference, or with a floor above its ceiling. Details: `field`."""

    code = "sourcing.wrong_formula"
    message = mark(
        "Giá theo công thức cần nguồn giá tham chiếu; giá sàn lớn hơn 0 và không cao hơn giá trần."
    )


class PaymentDaysError(InvalidError):
    """Nobody waits that long for money. Details: `field`, `most`."""

    code = "sourcing.wrong_payment_days"
    message = mark("Hạn thanh toán từ 0 tới %(most)s ngày.")


class ValidityError(InvalidError):
    """It would end before it can be read, or never. Details: `field`, `first`."""

    code = "sourcing.wrong_validity"
    message = mark("Báo giá phải còn hiệu lực khi được mở, và không quá một năm sau đó.")


class DeviationUnknownError(InvalidError):
    """It deviates from a limit that the request has not, or not any more."""

    code = "sourcing.deviation_unknown"
    message = mark("Yêu cầu vừa thay đổi chỉ tiêu. Mời tải lại trang và ghi lại chỗ khác.")


class TextTooLongError(InvalidError):
    """Details: `field`, `most`."""

    code = "sourcing.text_too_long"
    message = mark("Viết ngắn lại, nhiều nhất %(most)s ký tự.")


class ForeignProductError(InvalidError):
    """A product of somebody else, or one that is not on sale. Details: `field`."""

    code = "sourcing.foreign_product"
    message = mark("Chỉ chào được sản phẩm đang bán của chính nơi giao hàng.")


class NotAMemberError(InvalidError):
    """A share for a cooperative that is no verified member today. Details: `field`, `name`."""

    code = "sourcing.not_a_member"
    message = mark("%(name)s hiện không phải thành viên đã xác minh của liên hiệp.")


class NothingDraftedError(ConflictError):
    """There is nothing to send."""

    code = "sourcing.nothing_drafted"
    message = mark("Chưa có nội dung nào chờ gửi.")


class SharesNotAgreedError(ConflictError):
    """Not every cooperative has agreed to its share. Details: `names`."""

    code = "sourcing.shares_not_agreed"
    message = mark("Chưa gửi được: còn chờ đồng ý của %(names)s.")


class QuoteNotWritableError(ConflictError):
    """The quotes are open, and the buyer has not asked for another offer."""

    code = "sourcing.quote_not_writable"
    message = mark("Báo giá đã mở. Chỉ gửi lại được khi bên mua hỏi thêm.")


class NotClosedYetError(ConflictError):
    """Quotes are opened after the closing, never before."""

    code = "sourcing.not_closed_yet"
    message = mark("Chưa tới giờ đóng. Báo giá chỉ mở được sau giờ đóng.")


class NotOpenedError(ConflictError):
    """Only quotes that have been opened can be compared, asked about and chosen."""

    code = "sourcing.not_opened"
    message = mark("Báo giá chưa được mở, hoặc yêu cầu đã kết thúc.")


class AlreadyAwardedError(ConflictError):
    """There is one award, for ever."""

    code = "sourcing.already_awarded"
    message = mark("Yêu cầu này đã chọn xong bên bán. Mỗi yêu cầu chỉ chọn một lần.")


class NothingAwardedError(InvalidError):
    """An award of nothing. Details: `field`."""

    code = "sourcing.nothing_awarded"
    message = mark("Ghi khối lượng cho ít nhất một báo giá.")


class MoreThanOfferedError(InvalidError):
    """Details: `field`, `number`, `month`."""

    code = "sourcing.more_than_offered"
    message = mark("%(number)s không chào nhiều như vậy cho tháng %(month)s.")


class MoreThanAskedError(InvalidError):
    """All parts of a month are more than was asked for. Details: `field`, `month`."""

    code = "sourcing.more_than_asked"
    message = mark("Tổng chọn cho tháng %(month)s vượt số cần mua, kể cả dung sai.")


class OfferExpiredError(ConflictError):
    """An offer holds until its day. Details: `number`."""

    code = "sourcing.offer_expired"
    message = mark("%(number)s đã hết hiệu lực. Mời hỏi bên bán gửi lại.")


class AwardReasonError(InvalidError):
    """Whoever was not chosen may ask why. Details: `field`."""

    code = "sourcing.award_reason"
    message = mark("Ghi lý do chọn. Lý do được giữ cùng kết quả.")


class CertificateReasonError(InvalidError):
    """A certificate that was wanted is not there today. Details: `field`, `what`."""

    code = "sourcing.certificate_reason"
    message = mark("Có nơi được chọn còn thiếu chứng nhận bắt buộc. Ghi vì sao vẫn chọn.")


class ShareChangedError(ConflictError):
    """The union has written something else since the cooperative looked, or has sent it."""

    code = "sourcing.share_changed"
    message = mark("Liên hiệp vừa sửa hoặc đã gửi báo giá này. Mời xem lại rồi trả lời.")
