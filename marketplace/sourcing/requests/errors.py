"""What requests for quotation refuse."""

from marketplace.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class RequestNotFoundError(NotFoundError):
    """No such request, or one that the actor must not know about."""

    code = "sourcing.request_not_found"
    message = mark("Không tìm thấy yêu cầu báo giá này.")


class QuestionNotFoundError(NotFoundError):
    """The request has no such question."""

    code = "sourcing.question_not_found"
    message = mark("Không tìm thấy câu hỏi này.")


class UnverifiedBuyerError(ForbiddenError):
    """The alliance has not checked the enterprise, or has suspended it."""

    code = "sourcing.unverified_buyer"
    message = mark(
        "Doanh nghiệp được xác minh rồi mới đăng được yêu cầu báo giá. Bản nháp vẫn được giữ."
    )


class UnverifiedSellerError(ForbiddenError):
    """The alliance has not checked the seller, or has suspended it."""

    code = "sourcing.unverified_seller"
    message = mark("Tổ chức được xác minh rồi mới hỏi và báo giá được.")


class RequestClosedError(ConflictError):
    """It is past the closing moment, or the request was cancelled or decided."""

    code = "sourcing.request_closed"
    message = mark("Yêu cầu báo giá này đã đóng.")


class TitleMissingError(InvalidError):
    """Nobody quotes for nothing. Details: `field`."""

    code = "sourcing.title_missing"
    message = mark("Ghi tên hàng cần mua, ví dụ: Gạo ST25 vụ đông xuân.")


class UnknownCategoryError(InvalidError):
    """There is no such category. Details: `field`."""

    code = "sourcing.unknown_category"
    message = mark("Mời chọn một nhóm hàng trong danh sách.")


class QuantityMissingError(InvalidError):
    """No month asks for anything. Details: `field`."""

    code = "sourcing.quantity_missing"
    message = mark("Ghi số lượng cho ít nhất một tháng.")


class MonthPastError(InvalidError):
    """A month that is over by the time the request closes. Details: `field`, `month`."""

    code = "sourcing.month_past"
    message = mark("Tháng %(month)s đã qua khi yêu cầu đóng. Mời bỏ tháng này.")


class SpecificationMissingError(InvalidError):
    """Neither words nor limits say what is wanted. Details: `field`."""

    code = "sourcing.specification_missing"
    message = mark("Tả hàng cần mua hoặc ghi ít nhất một chỉ tiêu chất lượng.")


class WrongToleranceError(InvalidError):
    """More or less than can be meant. Details: `field`."""

    code = "sourcing.wrong_tolerance"
    message = mark("Dung sai từ 0 tới 50 %.")


class WrongTargetError(InvalidError):
    """A price of nothing, or beyond sense. Details: `field`."""

    code = "sourcing.wrong_target"
    message = mark("Giá mong muốn phải lớn hơn 0.")


class WrongLimitError(InvalidError):
    """A limit without a name or a value, or too large a value. Details: `field`."""

    code = "sourcing.wrong_limit"
    message = mark("Mỗi chỉ tiêu cần tên và mức, ví dụ: Độ ẩm, không quá, 12,5 %.")


class UnknownSchemeWantedError(InvalidError):
    """A certificate that is not in the list. Details: `field`."""

    code = "sourcing.unknown_scheme"
    message = mark("Mời chọn chứng nhận trong danh sách.")


class ForeignFileError(InvalidError):
    """A file of somebody else. Details: `field`."""

    code = "sourcing.foreign_file"
    message = mark("Chỉ gửi kèm được tệp của chính doanh nghiệp.")


class ClosingTooSoonError(InvalidError):
    """Sellers need a day at least. Details: `field`, `hours`."""

    code = "sourcing.closing_too_soon"
    message = mark("Giờ đóng phải cách lúc này ít nhất %(hours)s giờ.")


class ClosingTooFarError(InvalidError):
    """Nobody waits for half a year. Details: `field`, `days`."""

    code = "sourcing.closing_too_far"
    message = mark("Giờ đóng không được quá %(days)s ngày kể từ hôm nay.")


class NobodyInvitedError(InvalidError):
    """By invitation only, and nobody is invited. Details: `field`."""

    code = "sourcing.nobody_invited"
    message = mark("Yêu cầu chỉ gửi theo lời mời: chọn ít nhất một nơi để mời.")


class UnknownSellerError(InvalidError):
    """A code of no verified seller. Details: `field`, `codes`."""

    code = "sourcing.unknown_seller"
    message = mark("Không có hợp tác xã đã xác minh nào mang mã: %(codes)s.")


class TooManyInvitedError(InvalidError):
    """More than anybody can compare. Details: `field`, `most`."""

    code = "sourcing.too_many_invited"
    message = mark("Mỗi yêu cầu mời được nhiều nhất %(most)s nơi.")


class ReasonMissingError(InvalidError):
    """Whoever prepared a quote wants to know why. Details: `field`."""

    code = "sourcing.reason_missing"
    message = mark("Ghi lý do để các hợp tác xã biết.")


class AlreadyQuotedError(ConflictError):
    """Who has sent a quote withdraws it, instead of declining the invitation."""

    code = "sourcing.already_quoted"
    message = mark("Bạn đã gửi báo giá. Muốn thôi, mời rút báo giá trước khi yêu cầu đóng.")


class TextMissingError(InvalidError):
    """A question or an answer without words. Details: `field`."""

    code = "sourcing.text_missing"
    message = mark("Mời viết nội dung.")


class TooManyQuestionsError(ConflictError):
    """One seller has asked as much as one may. Details: `most`."""

    code = "sourcing.too_many_questions"
    message = mark("Mỗi nơi gửi được nhiều nhất %(most)s câu hỏi cho một yêu cầu.")
