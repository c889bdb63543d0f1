"""What the store refuses."""

from collections.abc import Sequence

from marketplace.inventory.rules import Short
from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class InsufficientStockError(ConflictError):
    """There are not enough packs for some of the lines; nothing was held.

    Attributes:
        short: each line that ran short, with the packs that are left for it.
    """

    code = "inventory.insufficient_stock"
    message = mark("Có món vừa hết hoặc không đủ số lượng.")

    def __init__(self, short: Sequence[Short]) -> None:
        super().__init__(lines=[(each.line_id, each.available) for each in short])
        self.short = tuple(short)


class LotsShortError(ConflictError):
    """Some lots have less left than was to leave the store; nothing left.

    Attributes:
        lot_ids: which.
    """

    code = "inventory.lots_short"
    message = mark("Có lô vừa bán bớt, không còn đủ. Mời xem lại số còn trong kho rồi đóng lại.")

    def __init__(self, lot_ids: Sequence[int]) -> None:
        super().__init__(lots=list(lot_ids))
        self.lot_ids = tuple(lot_ids)


class StockNotFoundError(NotFoundError):
    """This organisation has no such lot in its store."""

    code = "inventory.stock_not_found"
    message = mark("Không tìm thấy lô hàng này trong kho.")


class HeldForBuyersError(ConflictError):
    """Taking so much away would leave less than what buyers have ordered already.

    Details: `available_g`, the grams that may go.
    """

    code = "inventory.held_for_buyers"
    message = mark(
        "Không giảm được nhiều như vậy: phần còn lại đã có người đặt. "
        "Chỉ giảm được tối đa %(available_g)s g."
    )


class NothingMovedError(InvalidError):
    """A movement of zero grams, or one whose sign does not fit its kind."""

    code = "inventory.nothing_moved"
    message = mark("Mời nhập số lượng khác 0; hàng hao hụt là số giảm đi.")


class ReasonMissingError(InvalidError):
    """Nobody may change the store's book without saying why."""

    code = "inventory.reason_missing"
    message = mark("Mời ghi lý do điều chỉnh.")
