"""Refusals about bank accounts. None of them carries a number."""

from marketplace.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class BankAccountNotFoundError(NotFoundError):
    """No such account of this organisation, or it is closed."""

    code = "accounts.bank_account_not_found"
    message = mark("Không tìm thấy tài khoản ngân hàng này.")


class BankUnknownError(InvalidError):
    """No bank that we know has this BIN. Details: `field`."""

    code = "accounts.bank_unknown"
    message = mark("Hãy chọn ngân hàng trong danh sách.")


class AccountNumberUnreadableError(InvalidError):
    """What was typed is no number of an account. Details: `field`."""

    code = "accounts.account_number_unreadable"
    message = mark("Số tài khoản có 6 đến 19 chữ số hoặc chữ cái, không có dấu.")


class HolderMissingError(InvalidError):
    """Nobody is named as the owner, or with more than 80 letters. Details: `field`."""

    code = "accounts.holder_missing"
    message = mark("Hãy nhập tên chủ tài khoản như ngân hàng ghi, dài nhất 80 chữ.")


class BankAccountTakenError(InvalidError):
    """Another organisation has declared the account. Details: `field`."""

    code = "accounts.bank_account_taken"
    message = mark(
        "Tài khoản này đã có tổ chức khác khai trên chợ. Nếu đúng là của bạn, hãy gọi cho chợ."
    )


class MainAccountError(ConflictError):
    """The account that money comes to is replaced, not closed."""

    code = "accounts.main_account"
    message = mark("Đây là tài khoản đang nhận tiền. Hãy chọn tài khoản chính khác trước.")


class CollectingAccountError(ConflictError):
    """Buyers transfer to this account: another one takes its place, then it is closed."""

    code = "accounts.collecting_account"
    message = mark(
        "Khách đang chuyển tiền vào tài khoản này. "
        "Hãy thêm tài khoản mới và chọn làm tài khoản chính."
    )


class AccountHeldError(ConflictError):
    """The account is new: nobody else has confirmed it, and a day has not passed."""

    code = "accounts.account_held"
    message = mark(
        "Tài khoản này mới khai. Hãy chờ hết thời gian giữ, hoặc nhờ người thứ hai xác nhận."
    )


class OwnAccountConfirmedError(ForbiddenError):
    """Whoever added an account is not the second person who confirms it."""

    code = "accounts.own_account_confirmed"
    message = mark("Bạn đã khai tài khoản này. Người xác nhận phải là một người khác.")
