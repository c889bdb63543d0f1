"""What deliveries refuse."""

from collections.abc import Mapping

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class DeliveryNotFoundError(NotFoundError):
    """The contract has no such delivery, or the actor must not know of it."""

    code = "contracts.delivery_not_found"
    message = mark("Không tìm thấy đợt giao hàng này.")


class ContractNotRunningError(ConflictError):
    """Goods move only under a contract that both have signed and that is not over."""

    code = "contracts.not_running"
    message = mark("Hợp đồng này chưa có hiệu lực hoặc đã kết thúc, nên chưa giao hàng được.")


class OverVolumeError(ConflictError):
    """More grams than the contract has left, with its tolerance. Details: `field`, `left`."""

    code = "contracts.over_volume"
    message = mark(
        "Hợp đồng chỉ còn %(left)s, đã tính cả dung sai. Mời giảm khối lượng hoặc lập phụ lục."
    )


class OverValueError(ConflictError):
    """More value than the contract has left, with its tolerance. Details: `field`, `left`."""

    code = "contracts.over_value"
    message = mark(
        "Giá trị còn lại của hợp đồng là %(left)s, đã tính cả dung sai, không đủ cho lần gọi này. "
        "Mời giảm khối lượng hoặc lập phụ lục."
    )


class OverDeliveryError(ConflictError):
    """More is packed than was planned, with the tolerance. Details: `field`, `most`."""

    code = "contracts.over_delivery"
    message = mark("Đợt này chỉ được đóng tối đa %(most)s, đã tính cả dung sai.")


class NoGramsError(InvalidError):
    """A weight of nothing, or one that can only be a slip. Details: `field`."""

    code = "contracts.no_grams"
    message = mark("Mời nhập khối lượng lớn hơn 0.")


class DaysReversedError(InvalidError):
    """The first day is after the last. Details: `field`."""

    code = "contracts.days_reversed"
    message = mark("Ngày bắt đầu giao phải trước hoặc trùng ngày giao muộn nhất.")


class DayTooSoonError(InvalidError):
    """The last day comes too soon for a seller to get ready. Details: `field`, `earliest`."""

    code = "contracts.day_too_soon"
    message = mark("Bên bán cần thời gian chuẩn bị: ngày giao muộn nhất sớm nhất là %(earliest)s.")


class DayOutsideContractError(InvalidError):
    """A day on which the contract does not hold. Details: `field`, `starts`, `ends`, `day`."""

    code = "contracts.day_outside"
    message = mark(
        "Ngày %(day)s nằm ngoài thời hạn hợp đồng (%(starts)s đến %(ends)s). "
        "Muốn giao ngoài thời hạn, mời lập phụ lục."
    )


class PlaceMissingError(InvalidError):
    """Neither the form nor the contract says where goods go. Details: `field`."""

    code = "contracts.delivery_place_missing"
    message = mark("Mời ghi nơi nhận hàng.")


class DeliveryReasonMissingError(InvalidError):
    """The other side must read why. Details: `field`."""

    code = "contracts.delivery_reason_missing"
    message = mark("Mời ghi lý do, để bên kia hiểu.")


class NothingPackedError(InvalidError):
    """A delivery of nothing. Details: `field`."""

    code = "contracts.nothing_packed"
    message = mark("Mời chọn ít nhất một lô và ghi khối lượng đóng.")


class GradeUnknownError(InvalidError):
    """A grade that the contract does not name. Details: `field`."""

    code = "contracts.grade_unknown"
    message = mark("Hợp đồng không có loại hàng này. Mời chọn lại.")


class LotsRefusedError(ConflictError):
    """Some lots must not be packed for this contract, each with its own reason.

    Details: `lots`, the codes.

    Attributes:
        reasons: by lot id, the sentence that says why, a msgid with its values.
    """

    code = "contracts.lots_refused"
    message = mark("Không đóng được các lô sau cho hợp đồng này: %(lots)s. Xem lý do ở từng lô.")

    def __init__(
        self, codes: Mapping[int, str], reasons: Mapping[int, "tuple[Reason, ...]"]
    ) -> None:
        super().__init__(lots=", ".join(codes[lot_id] for lot_id in sorted(reasons)))
        self.reasons = dict(reasons)


Reason = tuple[str, dict[str, str]]


class CarrierUnknownError(InvalidError):
    """Who drives, or hands over, must stand on the paper. Details: `field`."""

    code = "contracts.carrier_unknown"
    message = mark("Mời ghi đơn vị vận chuyển, biển số xe và người giao hàng.")


class NotPackedError(NotFoundError):
    """There is no note of a delivery of which nothing is packed."""

    code = "contracts.not_packed"
    message = mark("Đợt này chưa đóng gói nên chưa có phiếu giao hàng.")
