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


class LongerThanItsPlaceError(InvalidError):
    """A text is longer than its place in the register. Details: `longest`."""

    code = "membership.longer_than_its_place"
    message = mark("Ô này ghi được nhiều nhất %(longest)s ký tự. Mời bạn rút ngắn lại.")


class TooLongAgoError(InvalidError):
    """A day before 1900 is a slip of the finger."""

    code = "membership.too_long_ago"
    message = mark("Ngày phải từ 01/01/1900 trở đi. Hãy xem lại năm.")


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


class OpenQuoteError(InvalidError):
    """A quotation mark is opened and never closed. Details: `line`, where its row begins."""

    code = "membership.open_quote"
    message = mark(
        "Dòng %(line)s có dấu ngoặc kép mở mà không đóng. "
        "Hãy đóng hoặc xoá dấu ấy rồi chọn lại tệp."
    )

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


class ShapeInvalidError(InvalidError):
    """GeoJSON that gives no plot. Details: `why`, a marked sentence."""

    code = "membership.shape_invalid"
    message = mark("Không dùng được hình này.")


class NotAFileOfPlotsError(InvalidError):
    """No GeoJSON, or none with features."""

    code = "membership.not_a_file_of_plots"
    message = mark(
        "Không đọc được tệp. Cần một tệp GeoJSON (UTF-8) có “FeatureCollection”, như tệp mẫu."
    )

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class PlotFileEmptyError(InvalidError):
    """No plots in the file."""

    code = "membership.plot_file_empty"
    message = mark("Tệp chưa có thửa nào.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class PlotFileTooLargeError(InvalidError):
    """More than is read at once, `files.features.MAX_FEATURES`."""

    code = "membership.plot_file_too_large"
    message = mark("Mỗi lần nhập được nhiều nhất 5.000 thửa, 5 MB. Hãy chia thành nhiều tệp.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "file", **details})


class PlotNotFoundError(NotFoundError):
    """There is no such plot, or another organisation's."""

    code = "membership.plot_not_found"
    message = mark("Không tìm thấy thửa này.")


class PlotCodeTakenError(ConflictError):
    """The code stands for another plot of the organisation. Details: `plot_code`."""

    code = "membership.plot_code_taken"
    message = mark("Mã thửa %(plot_code)s đã dùng.")


class PlotOwnerMissingError(InvalidError):
    """A plot is farmed by somebody who is a member now."""

    code = "membership.plot_owner_missing"
    message = mark("Không có thành viên nào mang mã này, hoặc đã ra khỏi hợp tác xã.")


class CropMissingError(InvalidError):
    """A plot and a growing area say what grows there."""

    code = "membership.crop_missing"
    message = mark("Mời bạn ghi cây trồng, vật nuôi.")


class AreaOfLandInvalidError(InvalidError):
    """Land measures between 1 m² and 100 km²."""

    code = "membership.area_of_land_invalid"
    message = mark("Diện tích phải từ 0,0001 ha đến 10.000 ha.")


class GrowingAreaNotFoundError(NotFoundError):
    """There is no such growing area, or another organisation's."""

    code = "membership.growing_area_not_found"
    message = mark("Không tìm thấy vùng trồng này.")


class GrowingAreaCodeTakenError(ConflictError):
    """The organisation has written this code down for this market already."""

    code = "membership.growing_area_code_taken"
    message = mark("Mã vùng trồng này đã có cho thị trường ấy.")


class GrowingAreaCodeMissingError(InvalidError):
    """A growing area has a code of at most 40 characters."""

    code = "membership.growing_area_code_missing"
    message = mark("Mời bạn ghi mã vùng trồng, không quá 40 ký tự.")


class CountryUnknownError(InvalidError):
    """An export code is for a country abroad."""

    code = "membership.country_unknown"
    message = mark("Mời chọn nước nhập khẩu.")


class AreaEndsBeforeItBeginsError(InvalidError):
    """The last day comes after the first."""

    code = "membership.area_ends_before_it_begins"
    message = mark("Ngày hết hạn phải từ ngày cấp trở đi.")


class CapacityInvalidError(InvalidError):
    """A season gives between 1 kg and a million tonnes."""

    code = "membership.capacity_invalid"
    message = mark("Sản lượng mỗi vụ phải từ 1 kg đến 1 triệu tấn.")


class UnknownPlotsError(InvalidError):
    """Some codes stand for no plot of the organisation. Details: `plot_codes`."""

    code = "membership.unknown_plots"
    message = mark("Không có thửa mang mã: %(plot_codes)s.")
