"""What onboarding refuses."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class ApplicationNotFoundError(NotFoundError):
    """No such application, or one that the reader must not see."""

    code = "onboarding.application_not_found"
    message = mark("Không tìm thấy hồ sơ này. Đường dẫn có thể đã được thay bằng đường dẫn mới.")


class ItemNotFoundError(NotFoundError):
    """No such item in this application."""

    code = "onboarding.item_not_found"
    message = mark("Không tìm thấy mục này trong hồ sơ.")


class RequirementNotFoundError(NotFoundError):
    """No such requirement, or one that another alliance keeps."""

    code = "onboarding.requirement_not_found"
    message = mark("Không tìm thấy yêu cầu này.")


class NotToFillError(ConflictError):
    """The application is with the alliance, or decided: the applicant cannot change this now."""

    code = "onboarding.not_to_fill"
    message = mark("Phần này của hồ sơ hiện không sửa được.")


class NotToJudgeError(ConflictError):
    """The application, or the item, is not with the alliance."""

    code = "onboarding.not_to_judge"
    message = mark("Mục này hiện không chờ liên minh xét. Mời tải lại trang.")


class KindNotAdmittedError(InvalidError):
    """Organisations of this kind do not apply. Details: `field`."""

    code = "onboarding.kind_not_admitted"
    message = mark("Mời chọn loại tổ chức trong danh sách.")


class TaxCodeMissingError(InvalidError):
    """Every kind but a group has a tax code. Details: `field`."""

    code = "onboarding.tax_code_missing"
    message = mark("Nhập mã số thuế, ví dụ 0100109106")


class TaxCodeWrongError(InvalidError):
    """Wrong in length, or its check digit does not fit. Details: `field`."""

    code = "onboarding.tax_code_wrong"
    message = mark("Mã số thuế chưa đúng: gồm 10 số, chữ số cuối là số kiểm tra. Mời so với giấy.")


class TaxCodeTakenError(InvalidError):
    """An organisation of the market has this tax code. Details: `field`."""

    code = "onboarding.tax_code_taken"
    message = mark(
        "Tổ chức có mã số thuế này đã ở trên chợ. Nếu bạn là người của tổ chức, mời đăng nhập, "
        "hoặc nhờ giám đốc gửi lời mời."
    )


class FieldMissingError(InvalidError):
    """Something that every application has. Details: `field`."""

    code = "onboarding.field_missing"
    message = mark("Mời bạn điền ô này")


class DayInFutureError(InvalidError):
    """A founding day that is yet to come. Details: `field`."""

    code = "onboarding.day_in_future"
    message = mark("Ngày này chưa tới. Mời xem lại.")


class NumberOutOfBoundsError(InvalidError):
    """A number that can only be a slip of the keyboard. Details: `field`."""

    code = "onboarding.number_out_of_bounds"
    message = mark("Số này chưa đúng. Mời xem lại.")


class CategoryMissingError(InvalidError):
    """Whoever joins grows or makes something of our tree of goods. Details: `field`."""

    code = "onboarding.category_missing"
    message = mark("Chọn ít nhất một nhóm hàng")


class StepMissingError(ConflictError):
    """A step before this one has not been filled in. Details: `step`."""

    code = "onboarding.step_missing"
    message = mark("Hồ sơ còn thiếu bước %(step)s.")


class ItemsMissingError(InvalidError):
    """Items without what they ask for. Details: `item_ids`."""

    code = "onboarding.items_missing"
    message = mark("Còn mục chưa đủ giấy tờ hoặc nội dung.")


class RoomFullError(InvalidError):
    """The files of an application may have so many bytes together. Details: `field`, `limit_mb`."""

    code = "onboarding.room_full"
    message = mark("Các tệp của hồ sơ đã quá %(limit_mb)s MB. Mời gửi tệp nhỏ hơn.")


class NoteMissingError(InvalidError):
    """Whoever returns, waives or rejects something says why. Details: `field`."""

    code = "onboarding.note_missing"
    message = mark("Viết lý do để người nộp biết phải làm gì.")


class WaiverDayError(InvalidError):
    """A waiver ends on a day after today, within a year. Details: `field`."""

    code = "onboarding.waiver_day"
    message = mark("Chọn ngày hết hạn miễn sau hôm nay và trong vòng một năm.")


class SecondOfficerNeededError(ConflictError):
    """The same officer cannot be both of the two."""

    code = "onboarding.second_officer_needed"
    message = mark("Mục này cần hai cán bộ: bạn đã xét rồi, còn chờ một cán bộ khác.")


class ItemsNotDoneError(ConflictError):
    """Not every item is accepted or waived. Details: `count`."""

    code = "onboarding.items_not_done"
    message = mark("Còn %(count)s mục chưa được chấp nhận hoặc miễn.")


class NothingReturnedError(ConflictError):
    """An application goes back because of an item."""

    code = "onboarding.nothing_returned"
    message = mark("Chưa có mục nào được trả lại: hãy trả lại ít nhất một mục, kèm lời nhắn.")


class OutOfReachError(ConflictError):
    """A provincial alliance writes requirements for its own province only."""

    code = "onboarding.out_of_reach"
    message = mark("Liên minh tỉnh chỉ đặt yêu cầu cho tỉnh của mình.")
