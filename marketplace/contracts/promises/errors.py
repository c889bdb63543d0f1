"""What a reply beside a delivery refuses."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class PromisedDeliveryNotFoundError(NotFoundError):
    """No such delivery in the seller's record, or one that the actor must not know about."""

    code = "contracts.promised_delivery_not_found"
    message = mark("Không tìm thấy lần giao này.")


class DeliveryPromiseKeptError(ConflictError):
    """There is nothing to reply to: nothing about this delivery counts against its seller."""

    code = "contracts.delivery_promise_kept"
    message = mark("Lần giao này không tính vào lỡ hẹn nên không cần giải thích.")


class DeliveryRepliedError(ConflictError):
    """A seller replies once beside a delivery, and what is said stays."""

    code = "contracts.delivery_replied"
    message = mark("Lần giao này đã có lời giải thích. Mỗi lần giao chỉ giải thích một lần.")


class DeliveryReplyMissingError(InvalidError):
    """A reply says something."""

    code = "contracts.delivery_reply_missing"
    message = mark("Viết lời giải thích, ví dụ vì sao giao trễ.")


class DeliveryReplyTooLongError(InvalidError):
    """A reply stands beside a line of a table. Details: `field`, `most`."""

    code = "contracts.delivery_reply_too_long"
    message = mark("Nội dung dài quá %(most)s ký tự. Mời bạn viết gọn lại.")
