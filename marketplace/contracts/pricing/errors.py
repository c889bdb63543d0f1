"""What cannot be priced."""

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark


class UnknownGradeError(InvalidError):
    """The contract names no such grade, or names grades and none was said."""

    code = "contracts.unknown_grade"
    message = mark("Hợp đồng không có loại hàng “%(grade)s”. Hãy chọn một loại trong hợp đồng.")


class MoistureImpossibleError(InvalidError):
    """A moisture that nothing can have."""

    code = "contracts.moisture_impossible"
    message = mark("Độ ẩm phải từ 0 đến dưới 100 %%.")


class ReferenceMissingError(InvalidError):
    """The price follows a reference price, and none was published by the day of shipping."""

    code = "contracts.reference_missing"
    message = mark(
        "Chưa có giá tham chiếu “%(code)s” cho ngày %(day)s nên chưa tính được tiền hàng."
    )
