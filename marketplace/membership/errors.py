"""What can be wrong with members, their shares and their land."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class MemberNotFoundError(NotFoundError):
    """There is no such member, or another organisation's."""

    code = "membership.member_not_found"
    message = mark("Không tìm thấy thành viên này.")


class MemberCodeTakenError(ConflictError):
    """The code stands for another member of the organisation. Details: `member_code`."""

    code = "membership.member_code_taken"
    message = mark("Mã %(member_code)s đã dùng cho thành viên khác.")


class MemberCodeInvalidError(InvalidError):
    """A code is 1 to 20 capitals, digits, points and hyphens."""

    code = "membership.member_code_invalid"
    message = mark("Mã chỉ gồm chữ không dấu, số, dấu chấm và gạch nối, dài tối đa 20 ký tự.")


class MemberNameMissingError(InvalidError):
    """A member has a name."""

    code = "membership.member_name_missing"
    message = mark("Mời bạn ghi tên thành viên.")


class JoinedInFutureError(InvalidError):
    """Only who has joined is a member."""

    code = "membership.joined_in_future"
    message = mark("Ngày vào không thể ở tương lai.")


class LeftBeforeJoiningError(InvalidError):
    """Nobody leaves before they came."""

    code = "membership.left_before_joining"
    message = mark("Ngày ra phải từ ngày vào trở đi.")


class LeftInFutureError(InvalidError):
    """Leaving is written down when it has happened."""

    code = "membership.left_in_future"
    message = mark("Ngày ra không thể ở tương lai.")


class ConsentMissingError(InvalidError):
    """A name is shown only after its owner has agreed, on a day that has been."""

    code = "membership.consent_missing"
    message = mark("Ghi ngày thành viên đồng ý, không muộn hơn hôm nay.")


class StillMemberError(ConflictError):
    """What is known of a member is erased after they have left."""

    code = "membership.still_member"
    message = mark("Chỉ xoá thông tin riêng của người đã ra khỏi hợp tác xã.")


class MemberErasedError(ConflictError):
    """What was erased is not changed or shown again."""

    code = "membership.member_erased"
    message = mark("Thông tin riêng của thành viên này đã được xoá theo yêu cầu.")


class AmountMissingError(InvalidError):
    """Capital that moves is between 1 đồng and 1,000 tỷ."""

    code = "membership.amount_missing"
    message = mark("Số tiền phải từ 1 ₫ đến 1.000 tỷ ₫.")


class ShareInFutureError(InvalidError):
    """Only what was paid is written down."""

    code = "membership.share_in_future"
    message = mark("Ngày góp hoặc trả vốn không thể ở tương lai.")


class ShareOutsideMembershipError(InvalidError):
    """Capital is paid in between the day of joining and the day of leaving."""

    code = "membership.share_outside_membership"
    message = mark("Vốn chỉ góp được trong thời gian là thành viên.")


class MoreThanPaidInError(ConflictError):
    """Nobody gets back more than they paid in. Details: `amount`, what is there."""

    code = "membership.more_than_paid_in"
    message = mark("Không trả lại được nhiều hơn số vốn thành viên đang góp.")


class ImportNotFoundError(NotFoundError):
    """There is no such import, or another organisation's."""

    code = "membership.import_not_found"
    message = mark("Không tìm thấy lần nhập này.")


class NotASpreadsheetError(InvalidError):
    """Neither CSV nor a workbook that opens."""

    code = "membership.not_a_spreadsheet"
    message = mark("Không mở được tệp. Hãy lưu thành .xlsx hoặc .csv rồi chọn lại.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class NotARegisterError(InvalidError):
    """No row of headings that names members."""

    code = "membership.not_a_register"
    message = mark(
        "Không thấy dòng tiêu đề. "
        "Cần một dòng có cột “Họ tên” và ít nhất một cột khác, như tệp mẫu."
    )

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class ImportEmptyError(InvalidError):
    """No members in the file."""

    code = "membership.import_empty"
    message = mark("Tệp chưa có thành viên nào.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class ImportTooLongError(InvalidError):
    """More rows than are read at once, `files.reading.MAX_ROWS`."""

    code = "membership.import_too_long"
    message = mark("Mỗi lần nhập được nhiều nhất 20.000 dòng, 5 MB. Hãy chia thành nhiều tệp.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})
