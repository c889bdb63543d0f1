"""What people call the kinds and states of what falls due."""

from typing import Final

from marketplace.kernel.translation import mark
from models.invoicing import DueKind, DueState

KIND_WORDS: Final = {
    DueKind.DEPOSIT: mark("Đặt cọc"),
    DueKind.STAGE: mark("Trả tiền hàng"),
    DueKind.RETENTION: mark("Tiền giữ lại"),
}
STATE_WORDS: Final = {
    DueState.AWAITING: mark("Chưa trả"),
    DueState.UNDERPAID: mark("Trả thiếu"),
    DueState.PAID: mark("Đã trả đủ"),
    DueState.OVERPAID: mark("Trả thừa"),
    DueState.CANCELLED: mark("Không phải trả"),
}
