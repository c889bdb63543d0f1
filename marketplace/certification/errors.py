"""What certification refuses."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class CertificateNotFoundError(NotFoundError):
    """No such certificate, or one that the actor must not know about."""

    code = "certification.certificate_not_found"
    message = mark("Không tìm thấy chứng nhận này.")


class UnknownSchemeError(InvalidError):
    """The scheme is not in the list, or takes no new certificates. Details: `field`."""

    code = "certification.unknown_scheme"
    message = mark("Mời chọn một loại chứng nhận trong danh sách.")


class WrongLevelError(InvalidError):
    """A scheme with stars needs them, one without has none. Details: `field`."""

    code = "certification.wrong_level"
    message = mark("Mời chọn số sao đúng với loại chứng nhận.")


class NumberMissingError(InvalidError):
    """A certificate has a number. Details: `field`."""

    code = "certification.number_missing"
    message = mark("Nhập số chứng nhận như in trên giấy.")


class IssuerMissingError(InvalidError):
    """Somebody has issued it. Details: `field`."""

    code = "certification.issuer_missing"
    message = mark("Nhập tên nơi cấp như in trên giấy.")


class WrongDatesError(InvalidError):
    """It would end before it begins. Details: `field`."""

    code = "certification.wrong_dates"
    message = mark("Ngày hết hiệu lực phải sau ngày bắt đầu.")


class WrongExtentError(InvalidError):
    """The area or the yearly volume cannot be right. Details: `field`."""

    code = "certification.wrong_extent"
    message = mark("Con số này phải lớn hơn 0 và không quá lớn. Mời xem lại đơn vị.")


class TooLongError(InvalidError):
    """It would hold for longer than its scheme allows. Details: `field`, `months`, `last`."""

    code = "certification.too_long"
    message = mark(
        "Loại chứng nhận này có hiệu lực tối đa %(months)s tháng kể từ ngày quyết định, "
        "tức là tới hết %(last)s. Mời xem lại các ngày trên giấy."
    )


class PaperMissingError(InvalidError):
    """Nobody can check a certificate that nobody can see. Details: `field`."""

    code = "certification.paper_missing"
    message = mark("Mời chọn bản chụp hoặc bản PDF của giấy chứng nhận.")


class AlreadyClaimedError(ConflictError):
    """The organisation has claimed this paper before. Details: `certificate_id`, `number`."""

    code = "certification.already_claimed"
    message = mark("Chứng nhận số %(number)s đã được khai trước đây.")


class ReasonMissingError(InvalidError):
    """A refusal without a reason helps nobody. Details: `field`."""

    code = "certification.reason_missing"
    message = mark("Viết lý do để hợp tác xã biết cần sửa gì.")


class ForeignProductError(InvalidError):
    """One of the products belongs to somebody else, or does not exist. Details: `field`."""

    code = "certification.foreign_product"
    message = mark("Chỉ chọn được sản phẩm của chính tổ chức có chứng nhận.")


class ForeignCertificateError(InvalidError):
    """One of the certificates belongs to somebody else, or does not exist. Details: `field`."""

    code = "certification.foreign_certificate"
    message = mark("Chỉ chọn được chứng nhận của chính tổ chức có sản phẩm.")


class ScopeDecidedError(ConflictError):
    """A decided certificate was to cover another product. Details: `field`."""

    code = "certification.scope_decided"
    message = mark(
        "Chứng nhận này đã được xét, nên không tự thêm sản phẩm được nữa. "
        "Mời nhờ Liên minh Hợp tác xã thêm giúp."
    )


class UnknownLandError(InvalidError):
    """Some codes stand for no plot of the holder. Details: `field`, `plot_codes`."""

    code = "certification.unknown_land"
    message = mark("Không có thửa mang mã: %(plot_codes)s.")


class UnknownGrowingAreaError(InvalidError):
    """The holder has no growing area with this code, or no plot lies in it. Details: `field`."""

    code = "certification.unknown_growing_area"
    message = mark("Không có mã vùng trồng này, hoặc vùng chưa gắn thửa nào.")


class LandDecidedError(ConflictError):
    """A decided certificate was to reach further. Details: `field`."""

    code = "certification.land_decided"
    message = mark(
        "Chứng nhận này đã được xét, nên chỉ bớt thửa được, và phải còn ít nhất một thửa. "
        "Muốn thêm, mời nhờ Liên minh Hợp tác xã."
    )


class SourceMissingError(InvalidError):
    """A check of a register that does not say which one. Details: `field`."""

    code = "certification.source_missing"
    message = mark("Ghi rõ đã tra ở đâu: tên danh sách hoặc địa chỉ trang web của nơi cấp.")


class CheckTooLateError(ConflictError):
    """A check of a certificate that is refused, taken back or over. Details: `field`."""

    code = "certification.check_too_late"
    message = mark(
        "Chứng nhận này đã bị từ chối, thu hồi hoặc hết hiệu lực nên không kiểm tra thêm được nữa."
    )


class SecondOfficerNeededError(ConflictError):
    """The officer has checked it before, and two different ones must."""

    code = "certification.second_officer_needed"
    message = mark(
        "Bạn đã kiểm tra chứng nhận này rồi. Chứng nhận hữu cơ và mã số xuất khẩu cần hai cán bộ: "
        "mời một cán bộ khác kiểm tra và xác minh."
    )
