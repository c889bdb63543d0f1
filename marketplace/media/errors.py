"""What media refuses. Each names the `field` it was found in."""

from marketplace.kernel.errors import InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class FileMissingError(InvalidError):
    """Nothing was sent."""

    code = "media.file_missing"
    message = mark("Mời chọn một tệp.")


class FileTooLargeError(InvalidError):
    """More bytes than we take. Details: `limit_mb`."""

    code = "media.file_too_large"
    message = mark("Tệp quá lớn: tối đa %(limit_mb)s MB.")


class UploadQuotaError(InvalidError):
    """The organisation has no room left. Details: `limit_mb`."""

    code = "media.quota"
    message = mark(
        "Đã dùng hết %(limit_mb)s MB dành cho tệp tải lên. Mời gỡ ảnh không còn dùng, chỗ trống sẽ "
        "có lại sau hai ngày, hoặc nhờ người vận hành chợ tăng thêm."
    )


class NotAPhotoError(InvalidError):
    """The content is no JPEG, PNG, WebP or AVIF."""

    code = "media.not_a_photo"
    message = mark("Tệp này không phải ảnh JPEG, PNG, WebP hoặc AVIF.")


class PhotoDamagedError(InvalidError):
    """It begins like a picture but cannot be drawn."""

    code = "media.photo_damaged"
    message = mark("Không đọc được ảnh này, có thể tệp bị hỏng. Mời chụp lại hoặc chọn ảnh khác.")


class PhotoTooLargeError(InvalidError):
    """More pixels than we draw. Details: `limit_mp`."""

    code = "media.photo_too_large"
    message = mark("Ảnh quá lớn: tối đa %(limit_mp)s triệu điểm ảnh.")


class PhotoTooSmallError(InvalidError):
    """Too small to be looked at. Details: `least`, in pixels."""

    code = "media.photo_too_small"
    message = mark("Ảnh quá nhỏ: mỗi cạnh cần ít nhất %(least)s điểm ảnh.")


class NotAPaperError(InvalidError):
    """The content is no PDF, JPEG or PNG."""

    code = "media.not_a_paper"
    message = mark("Giấy tờ phải là tệp PDF, ảnh JPEG hoặc ảnh PNG.")


class PaperUnsafeError(InvalidError):
    """A PDF that can run programs, open files or carry others inside."""

    code = "media.paper_unsafe"
    message = mark(
        "Tệp PDF này có chứa chương trình hoặc tệp kèm nên không nhận được. "
        "Mời in lại thành PDF, hoặc chụp ảnh giấy."
    )


class FileNotFoundHereError(NotFoundError):
    """There is no such file."""

    code = "media.file_not_found"
    message = mark("Không tìm thấy tệp này.")
