"""What payments refuses."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class PaymentNotFoundError(NotFoundError):
    """No such payment."""

    code = "payments.payment_not_found"
    message = mark("Không tìm thấy khoản thanh toán này.")


class BankLineNotFoundError(NotFoundError):
    """No such line of a statement."""

    code = "payments.bank_line_not_found"
    message = mark("Không tìm thấy dòng sao kê này.")


class RefundNotFoundError(NotFoundError):
    """No such refund."""

    code = "payments.refund_not_found"
    message = mark("Không tìm thấy khoản hoàn tiền này.")


class CashNotFoundError(NotFoundError):
    """No cash is expected for the seller order."""

    code = "payments.cash_not_found"
    message = mark("Đơn này không thu tiền mặt.")


class NoCollectingAccountError(ConflictError):
    """The operator has no bank account to collect transfers on."""

    code = "payments.no_collecting_account"
    message = mark("Chợ chưa khai tài khoản nhận tiền.")


class LineSettledError(ConflictError):
    """The line is not open any more: it was put to an order, or somebody decided about it."""

    code = "payments.line_settled"
    message = mark("Dòng sao kê này đã được xử lý.")


class LineAmountError(ConflictError):
    """The line is of another amount than the cash it is said to bring."""

    code = "payments.line_amount"
    message = mark("Số tiền của dòng sao kê khác số tiền nộp.")


class NotUnderpaidError(ConflictError):
    """Only an order that was paid in part is given up by hand."""

    code = "payments.not_underpaid"
    message = mark("Chỉ huỷ được đơn mới trả một phần tiền.")


class ReasonMissingError(InvalidError):
    """A decision about money needs its reason in writing."""

    code = "payments.reason_missing"
    message = mark("Hãy ghi lý do.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "reason", **details})


class UnknownReferenceError(InvalidError):
    """No order paid by transfer has this number or reference."""

    code = "payments.unknown_reference"
    message = mark("Không có đơn chuyển khoản nào mang mã này.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "order", **details})


class BankReferenceMissingError(InvalidError):
    """Money that left the account has a reference at the bank."""

    code = "payments.bank_reference_missing"
    message = mark("Hãy ghi mã giao dịch của ngân hàng.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "bank_reference", **details})


class BankReferenceUsedError(ConflictError):
    """Another payout carries this reference of the bank."""

    code = "payments.bank_reference_used"
    message = mark("Mã giao dịch này đã ghi cho một lần chi trả khác.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "bank_reference", **details})


class CashNotCollectedError(ConflictError):
    """Cash cannot be remitted before it was collected."""

    code = "payments.cash_not_collected"
    message = mark("Bên bán chưa báo đã thu tiền của đơn này.")


class CashSettledError(ConflictError):
    """The cash is remitted already, with another amount."""

    code = "payments.cash_settled"
    message = mark("Tiền mặt của đơn này đã ghi nhận với số khác.")


class DifferenceUnexplainedError(InvalidError):
    """What was remitted differs from what was collected, and nobody said why."""

    code = "payments.difference_unexplained"
    message = mark("Số nộp khác số phải nộp %(expected)s ₫. Hãy ghi lý do chênh lệch.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "reason", **details})


class AmountNotPositiveError(InvalidError):
    """An amount of money that moves is above zero."""

    code = "payments.amount_not_positive"
    message = mark("Số tiền phải lớn hơn 0.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "amount", **details})


class PayoutTooHighError(ConflictError):
    """The seller is owed less than that, or still holds cash of the market."""

    code = "payments.payout_too_high"
    message = mark("Chỉ có thể chi trả tới %(available)s ₫.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "amount", **details})
