"""What is wrong with terms: one error for each rule, with the field of the form that says it."""

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark


class TitleError(InvalidError):
    """No title, or one that is too long."""

    code = "contracts.title"
    message = mark("Đặt tên hợp đồng, nhiều nhất %(most)s ký tự.")


class PartyError(InvalidError):
    """A side without a name, or with more than fits the paper."""

    code = "contracts.party"
    message = mark("Ghi đủ tên hai bên; mỗi ô nhiều nhất %(most)s ký tự.")


class TermError(InvalidError):
    """It ends before it begins, or holds for too long."""

    code = "contracts.term"
    message = mark("Ngày kết thúc phải sau ngày bắt đầu, và hợp đồng dài nhất %(years)s năm.")


class VolumeError(InvalidError):
    """Nothing is sold, or more than the country grows."""

    code = "contracts.volume"
    message = mark("Tổng lượng hàng phải lớn hơn 0 và không quá 1 triệu tấn.")


class ToleranceError(InvalidError):
    """A tolerance below nothing or beyond all use."""

    code = "contracts.tolerance"
    message = mark("Dung sai từ 0 đến %(most)s %%.")


class BasePriceError(InvalidError):
    """No price, or one that can only be a slip of the keyboard."""

    code = "contracts.base_price"
    message = mark("Giá phải từ 1 đồng tới 10 triệu đồng một ki-lô-gam.")


class WorthNothingError(InvalidError):
    """The goods together cost less than a đồng."""

    code = "contracts.worth_nothing"
    message = mark("Lượng hàng và giá này chưa tới một đồng.")


class MonthPriceError(InvalidError):
    """A price of a month outside the contract, or beside a reference price."""

    code = "contracts.month_price"
    message = mark("Giá theo tháng chỉ dùng với giá cố định, cho các tháng trong hợp đồng.")


class ReferenceCodeError(InvalidError):
    """A reference price that nobody publishes."""

    code = "contracts.reference_code"
    message = mark("Chọn một giá tham chiếu trong danh sách.")


class BoundsWithoutReferenceError(InvalidError):
    """Floor, ceiling or premium with a fixed price."""

    code = "contracts.bounds_without_reference"
    message = mark("Giá sàn, giá trần và phần cộng thêm chỉ dùng với giá tham chiếu.")


class BoundsError(InvalidError):
    """A floor above the ceiling, or a bound or premium that makes no sense."""

    code = "contracts.bounds"
    message = mark("Giá sàn không được cao hơn giá trần, và cả hai phải là giá có thật.")


class StandardMoistureError(InvalidError):
    """A moisture to which nothing can be reckoned."""

    code = "contracts.standard_moisture"
    message = mark("Độ ẩm chuẩn phải lớn hơn 0 và không quá %(most)s %%.")


class GradesError(InvalidError):
    """Grades without a code or name, with the same one twice, or too many."""

    code = "contracts.grades"
    message = mark("Mỗi loại hàng cần một mã riêng và tên; nhiều nhất %(most)s loại.")


class BaseGradeMissingError(InvalidError):
    """No grade is the one of the base price."""

    code = "contracts.base_grade_missing"
    message = mark("Phải có một loại hàng được nhận, chênh lệch 0 đồng, để giá gốc áp dụng.")


class GradePriceError(InvalidError):
    """A discount that leaves nothing of the price, or a premium beyond reason."""

    code = "contracts.grade_price"
    message = mark("Loại “%(grade)s” bị trừ hết giá hoặc cộng quá nhiều.")


class LimitsError(InvalidError):
    """A limit of quality without a name or with an operator that nobody knows; too many."""

    code = "contracts.limits"
    message = mark("Mỗi chỉ tiêu cần tên, so sánh và mức; nhiều nhất %(most)s chỉ tiêu.")


class PackingError(InvalidError):
    """Words about packing or the inspector that are too long."""

    code = "contracts.packing"
    message = mark("Viết gọn trong %(most)s ký tự.")


class SchedulePlanError(InvalidError):
    """A delivery without goods, with days the wrong way round or outside the contract."""

    code = "contracts.schedule_plan"
    message = mark("Đợt giao %(position)s: ghi lượng hàng, và ngày giao phải trong hạn hợp đồng.")


class ScheduleSumError(InvalidError):
    """The deliveries are not the whole volume."""

    code = "contracts.schedule_sum"
    message = mark("Các đợt giao cộng lại là %(planned)s, khác với tổng lượng %(total)s.")


class ScheduleSizeError(InvalidError):
    """No delivery at all, or too many."""

    code = "contracts.schedule_size"
    message = mark("Lịch giao cần từ 1 tới %(most)s đợt.")


class PlaceMissingError(InvalidError):
    """Called off by the buyer, and nobody knows where to."""

    code = "contracts.place_missing"
    message = mark("Ghi nơi giao hàng.")


class StagesError(InvalidError):
    """A linkage that does not end with selling."""

    code = "contracts.stages"
    message = mark("Liên kết phải có khâu tiêu thụ.")


class AdvancesError(InvalidError):
    """An advance of nothing, outside the contract, or of more than the goods are worth."""

    code = "contracts.advances"
    message = mark(
        "Mỗi khoản ứng trước cần tên, số tiền và ngày trong hạn hợp đồng; tổng không quá giá trị "
        "hợp đồng."
    )


class AcceptHoursError(InvalidError):
    """No time to look at the goods, or endless time."""

    code = "contracts.accept_hours"
    message = mark("Thời hạn nghiệm thu từ %(least)s tới %(most)s giờ.")


class PaymentStagesError(InvalidError):
    """The stages of payment are not the whole, or not one after the other."""

    code = "contracts.payment_stages"
    message = mark("Các đợt thanh toán phải cộng đủ 100 %%, đợt sau muộn hơn đợt trước.")


class DepositError(InvalidError):
    """A deposit beyond the value, or one that is never used up."""

    code = "contracts.deposit"
    message = mark(
        "Tiền cọc và tỷ lệ trừ cọc phải đi cùng nhau, và trừ dần theo các đợt giao thì "
        "phải hết cọc."
    )


class RetentionError(InvalidError):
    """Money kept back for no time, or time without money."""

    code = "contracts.retention"
    message = mark("Giữ lại tối đa %(most)s %%, kèm số ngày giữ từ 1 tới %(days)s.")


class PenaltyCapError(InvalidError):
    """Penalties above what the law allows. Details: `cap`, per cent."""

    code = "contracts.penalty_cap"
    message = mark(
        "Mức phạt không quá %(cap)s %% giá trị phần vi phạm (Luật Thương mại, Điều 301)."
    )


class PenaltyWithoutCapError(InvalidError):
    """Penalties that the cap of nothing takes away again."""

    code = "contracts.penalty_without_cap"
    message = mark("Có phạt thì phải ghi mức phạt tối đa.")


class PenaltyRateError(InvalidError):
    """A rate per day or a bonus below nothing or beyond reason."""

    code = "contracts.penalty_rate"
    message = mark("Tỷ lệ này phải từ 0 tới %(most)s %%.")


class ClausesError(InvalidError):
    """A clause without words, twice, or too many or too long."""

    code = "contracts.clauses"
    message = mark("Mỗi điều khoản cần tên và nội dung; nhiều nhất %(most)s điều khoản.")


class ClauseAlteredError(InvalidError):
    """A clause that says it comes from the library and has other words. Details: `title`."""

    code = "contracts.clause_altered"
    message = mark("Điều khoản “%(title)s” khác với bản mẫu. Hãy ghi thành điều khoản riêng.")
