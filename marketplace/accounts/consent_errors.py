"""Refusals about acting on behalf of a cooperative."""

from marketplace.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class ConsentNotFoundError(NotFoundError):
    """No such consent of this organisation, or none for this one."""

    code = "accounts.consent_not_found"
    message = mark("Không tìm thấy uỷ quyền này.")


class ConsentEndedError(ForbiddenError):
    """The consent was withdrawn, or its last day is over."""

    code = "accounts.consent_ended"
    message = mark("Uỷ quyền làm thay đã hết hạn hoặc đã được rút lại. Việc này chưa được ghi.")


class HelperUnknownError(InvalidError):
    """Neither an alliance nor a union of the market. Details: `field`."""

    code = "accounts.helper_unknown"
    message = mark("Hãy chọn một liên minh hoặc liên hiệp hợp tác xã trong danh sách.")


class ScopesMissingError(InvalidError):
    """A consent to nothing. Details: `field`."""

    code = "accounts.scopes_missing"
    message = mark("Hãy chọn ít nhất một việc được làm thay.")


class ConsentTooLongError(InvalidError):
    """The last day is past, or more than twelve months away. Details: `field`."""

    code = "accounts.consent_too_long"
    message = mark("Ngày cuối phải từ hôm nay và không quá 12 tháng.")
