"""What is refused about reference prices."""

from marketplace.kernel.errors import InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class UnknownReferenceError(NotFoundError):
    """Nothing of that code is published."""

    code = "contracts.unknown_reference"
    message = mark("Không có giá tham chiếu này.")


class ReferenceDayError(InvalidError):
    """A day that has not come, or one that is too long ago."""

    code = "contracts.reference_day"
    message = mark("Chỉ công bố giá của hôm nay hoặc của %(days)s ngày vừa qua.")


class ReferenceAmountError(InvalidError):
    """No price, or one that can only be a slip of the keyboard."""

    code = "contracts.reference_amount"
    message = mark("Giá phải từ 1 đồng tới 10 triệu đồng một ki-lô-gam.")


class ReferenceSourceError(InvalidError):
    """It is not said where the price comes from, or at too great length."""

    code = "contracts.reference_source"
    message = mark("Hãy ghi nguồn của giá, nhiều nhất %(most)s ký tự.")
