"""Refusals about the figures of a year."""

from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark


class YearOutOfBoundsError(InvalidError):
    """A year that has not begun, or one before there were cooperatives. Details: `field`."""

    code = "membership.year_out_of_bounds"
    message = mark("Chỉ khai được số liệu từ năm 1990 tới năm nay.")


class FigureOutOfBoundsError(InvalidError):
    """A number that can only be a slip of the keyboard. Details: `field`."""

    code = "membership.figure_out_of_bounds"
    message = mark("Số này quá lớn hoặc nhỏ hơn 0. Mời bạn xem lại số liệu.")


class PartTooLargeError(InvalidError):
    """A part that is larger than its whole. Details: `field`."""

    code = "membership.part_too_large"
    message = mark("Số này không thể lớn hơn số ở ô ngay trước.")


class CorrectionReasonMissingError(InvalidError):
    """Figures were corrected without saying why. Details: `field`."""

    code = "membership.correction_reason_missing"
    message = mark("Viết lý do sửa, để người xem sau hiểu vì sao số liệu đổi.")


class TextTooLongError(InvalidError):
    """A note or a reason that is too long. Details: `field`, `most`."""

    code = "membership.text_too_long"
    message = mark("Nội dung dài quá %(most)s ký tự. Mời bạn viết gọn lại.")


class DeclaredMeanwhileError(ConflictError):
    """Somebody else has declared or corrected the same year meanwhile."""

    code = "membership.declared_meanwhile"
    message = mark(
        "Người khác vừa lưu số liệu năm này. Mời bạn xem bản mới bên dưới rồi gửi lại nếu cần."
    )
