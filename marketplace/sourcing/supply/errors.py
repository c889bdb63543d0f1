"""What the supply book refuses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import weight
from marketplace.sourcing.supply.rules import Wanted, field_of, month_label


class Short(NamedTuple):
    """A month that has less left than somebody wants of it, and how much that is, in grams."""

    wanted: Wanted
    product_name: str
    free_g: int


class SupplyShortError(ConflictError):
    """Less is free of a month than is wanted; nothing was held. Details: of the first of them.

    Attributes:
        short: every month that has too little left.
    """

    code = "sourcing.supply_short"
    message = mark(
        "%(product)s: tháng %(month)s chỉ còn trống %(free)s. "
        "Mời giảm khối lượng hoặc sửa dự báo sản lượng."
    )

    def __init__(self, short: Sequence[Short]) -> None:
        first = short[0]
        super().__init__(
            product=first.product_name,
            month=month_label(first.wanted.month),
            free=weight(first.free_g),
        )
        self.short = tuple(short)


class BelowPromisedError(ConflictError):
    """A month cannot become less than what is promised and held of it.

    Details: `field`, `month` and `least` of the first of them.

    Attributes:
        least: of every such month, the least that it can be, in grams.
    """

    code = "sourcing.below_promised"
    message = mark(
        "Tháng %(month)s đã hứa và đang giữ cho người mua %(least)s, không ghi thấp hơn được."
    )

    def __init__(self, least: Mapping[date, int]) -> None:
        self.least = dict(sorted(least.items()))
        [first, *_rest] = self.parts()
        super().__init__(**first)

    def parts(self) -> list[dict[str, object]]:
        """The details of each month, for whoever says it beside every field."""
        return [
            {"field": field_of(month), "month": month_label(month), "least": weight(grams)}
            for month, grams in self.least.items()
        ]


class MonthOutOfBoundsError(InvalidError):
    """A month that is over, or too far ahead to know anything of. Details: `field`."""

    code = "sourcing.month_out_of_bounds"
    message = mark("Chỉ dự báo được từ tháng này tới 12 tháng sau.")


class VolumeOutOfBoundsError(InvalidError):
    """A weight that can only be a slip of the keyboard. Details: `field`."""

    code = "sourcing.volume_out_of_bounds"
    message = mark("Khối lượng này quá lớn hoặc nhỏ hơn 0. Mời xem lại số và đơn vị.")


class GradeTooLongError(InvalidError):
    """A grade that is no short name. Details: `field`, `most`."""

    code = "sourcing.grade_too_long"
    message = mark("Tên loại dài quá %(most)s ký tự. Mời bạn viết gọn lại.")


class ReasonTooLongError(InvalidError):
    """A reason that is a whole story. Details: `field`, `most`."""

    code = "sourcing.reason_too_long"
    message = mark("Lý do dài quá %(most)s ký tự. Mời bạn viết gọn lại.")


class LoweringReasonMissingError(InvalidError):
    """A month became less and nobody says why. Details: `field`."""

    code = "sourcing.lowering_reason_missing"
    message = mark("Có tháng giảm so với lần trước. Viết lý do, để người sau hiểu vì sao.")


class ForecastChangedMeanwhileError(ConflictError):
    """Somebody else has saved the same product meanwhile. Details: `seen`."""

    code = "sourcing.forecast_changed_meanwhile"
    message = mark(
        "Người khác vừa lưu dự báo của sản phẩm này. "
        "Mời xem các lần lưu bên dưới rồi lưu lại nếu cần."
    )


class NothingToUndoError(ConflictError):
    """There is no change that could be taken back."""

    code = "sourcing.nothing_to_undo"
    message = mark("Không có lần lưu nào để hoàn tác.")
