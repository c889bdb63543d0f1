"""What accepting, disputing and returning refuse."""

from marketplace.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class NotUnderwayError(ConflictError):
    """The goods have not been sent, or are not sent any more."""

    code = "contracts.delivery_not_underway"
    message = mark("Đợt giao này chưa được gửi đi, hoặc đã huỷ, nên chưa nhận hàng được.")


class AlreadyAcceptedError(ConflictError):
    """Somebody else accepted it, in other words. Details: `received_by`."""

    code = "contracts.delivery_already_accepted"
    message = mark(
        "Đợt giao này đã có người nhận: %(received_by)s. Mời tải lại trang để xem kết quả."
    )


class AcceptedByClockError(ConflictError):
    """The deadline has passed: everything that was shipped counts as accepted."""

    code = "contracts.acceptance_deadline_passed"
    message = mark(
        "Đã quá hạn nhận hàng, nên toàn bộ hàng đã gửi được coi là nhận đủ. "
        "Nếu không đồng ý, mời mở khiếu nại."
    )


class ResultsIncompleteError(InvalidError):
    """Every line of the delivery needs exactly one result."""

    code = "contracts.results_incomplete"
    message = mark("Mỗi lô hàng của đợt giao cần đúng một kết quả.")


class WeightsDoNotAddUpError(InvalidError):
    """Accepted, short and rejected are not what was shipped. Details: `lot`, `field`."""

    code = "contracts.weights_do_not_add_up"
    message = mark("Lô %(lot)s: số nhận và số trả lại cộng lại nhiều hơn số đã gửi.")


class ReasonForLessMissingError(InvalidError):
    """Less, other or nothing was accepted, and nobody said why. Details: `lot`, `field`."""

    code = "contracts.reason_for_less_missing"
    message = mark("Lô %(lot)s: ghi lý do vì sao nhận thiếu, đổi loại hay trả lại.")


class GradeNotInContractError(InvalidError):
    """The contract knows no such grade. Details: `lot`, `field`."""

    code = "contracts.grade_not_in_contract"
    message = mark("Lô %(lot)s: hợp đồng không có loại hàng này.")


class MoistureMissingError(InvalidError):
    """The price follows moisture, and it was not measured. Details: `lot`, `field`."""

    code = "contracts.moisture_missing"
    message = mark("Lô %(lot)s: ghi độ ẩm đo được, từ 0 đến dưới 100 %%.")


class NamesMissingError(InvalidError):
    """Both who hands over and who receives are named. Details: `field`."""

    code = "contracts.handover_names_missing"
    message = mark("Ghi tên người nhận và người giao.")


class ArrivalImpossibleError(InvalidError):
    """A day before the goods were sent, or one that has not come. Details: `field`."""

    code = "contracts.arrival_impossible"
    message = mark("Ngày hàng đến phải từ ngày gửi đến hôm nay.")


class PhotoUnknownError(InvalidError):
    """A photo that the enterprise has not brought. Details: `lot`, `field`."""

    code = "contracts.acceptance_photo_unknown"
    message = mark("Lô %(lot)s: mời chụp lại ảnh.")


class DisputeTextMissingError(InvalidError):
    """A dispute or its end without a word. Details: `field`."""

    code = "contracts.dispute_text_missing"
    message = mark("Ghi rõ điều chưa đồng ý, hoặc hai bên đã thống nhất thế nào.")


class DisputeOpenError(ConflictError):
    """There is one open already; one at a time."""

    code = "contracts.dispute_open"
    message = mark("Đợt giao này đang có một khiếu nại chưa giải quyết xong.")


class NothingToDisputeError(ConflictError):
    """Nothing has been sent yet, or it was too long ago."""

    code = "contracts.nothing_to_dispute"
    message = mark(
        "Chỉ khiếu nại được từ khi hàng được gửi đi đến %(days)s ngày sau khi nhận hàng."
    )


class DisputeOfOthersError(ForbiddenError):
    """Only the side that opened a dispute says that it is settled."""

    code = "contracts.dispute_of_others"
    message = mark("Bên mở khiếu nại là bên xác nhận đã giải quyết xong.")


class NoDisputeError(ConflictError):
    """There is none open."""

    code = "contracts.no_dispute"
    message = mark("Đợt giao này không có khiếu nại nào đang mở.")


class ReturnEndedError(ConflictError):
    """The goods came back or were written off, and now the other is said."""

    code = "contracts.return_ended"
    message = mark("Hàng trả lại này đã được ghi kết quả rồi.")


class ReturnUnknownError(NotFoundError):
    """No such return, or one that the actor must not know about."""

    code = "contracts.return_unknown"
    message = mark("Không tìm thấy hàng trả lại này.")


class WriteOffReasonMissingError(InvalidError):
    """Goods are not written off without a reason. Details: `field`."""

    code = "contracts.write_off_reason_missing"
    message = mark("Ghi lý do vì sao hàng trả lại không nhập kho được.")
