"""What can be wrong with a lot."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class LotNotFoundError(NotFoundError):
    """There is no such lot, or it belongs to another organisation."""

    code = "traceability.lot_not_found"
    message = mark("Không tìm thấy lô hàng này.")


class ProductOfLotNotFoundError(NotFoundError):
    """The product does not exist, or another organisation sells it."""

    code = "traceability.product_not_found"
    message = mark("Không tìm thấy sản phẩm của lô.")


class PhotoOfLotNotFoundError(NotFoundError):
    """The file is no photo, or belongs to another organisation."""

    code = "traceability.photo_not_found"
    message = mark("Không tìm thấy ảnh này.")


class LotCodeTakenError(ConflictError):
    """The code stands for another lot."""

    code = "traceability.lot_code_taken"
    message = mark("Mã lô %(lot_code)s đã dùng cho lô khác.")


class LotCodesUsedUpError(ConflictError):
    """An organisation has recorded 999 lots in a month under generated codes."""

    code = "traceability.lot_codes_used_up"
    message = mark("Tháng này đã đủ 999 lô. Mời tự đặt mã cho lô.")


class LotCodeInvalidError(InvalidError):
    """A code is 1 to 20 capitals, digits and hyphens."""

    code = "traceability.lot_code_invalid"
    message = mark("Mã lô chỉ gồm chữ in không dấu, số và gạch nối, dài tối đa 20 ký tự.")


class LotQuantityInvalidError(InvalidError):
    """A lot holds between 1 g and 1,000 t."""

    code = "traceability.lot_quantity_invalid"
    message = mark("Khối lượng của lô phải từ 1 g đến 1.000 tấn.")


class HarvestInFutureError(InvalidError):
    """What is not harvested is no lot."""

    code = "traceability.harvest_in_future"
    message = mark("Ngày thu hoạch không thể ở tương lai.")


class PackedBeforeHarvestError(InvalidError):
    """Goods are packed on the day of harvest at the earliest."""

    code = "traceability.packed_before_harvest"
    message = mark("Ngày đóng gói phải từ ngày thu hoạch trở đi.")


class PackedInFutureError(InvalidError):
    """A lot that is received is packed already, or not at all."""

    code = "traceability.packed_in_future"
    message = mark("Ngày đóng gói không thể ở tương lai.")


class BestBeforeTooEarlyError(InvalidError):
    """Goods keep at least until the day they were harvested and packed."""

    code = "traceability.best_before_too_early"
    message = mark("Hạn dùng phải sau ngày thu hoạch và ngày đóng gói.")


class EventInFutureError(InvalidError):
    """Only what has happened is recorded."""

    code = "traceability.event_in_future"
    message = mark("Ngày của việc đã làm không thể ở tương lai.")


class EventTitleMissingError(InvalidError):
    """An event says what was done."""

    code = "traceability.event_title_missing"
    message = mark("Hãy ghi việc đã làm.")
