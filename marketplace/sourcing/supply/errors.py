"""What the supply book refuses."""

from collections.abc import Sequence
from typing import NamedTuple

from marketplace.kernel.errors import ConflictError
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import weight
from marketplace.sourcing.supply.rules import Wanted, month_label


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
        "%(product)s: tháng %(month)s chỉ còn %(free)s chưa hứa cho ai. "
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
