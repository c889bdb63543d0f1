"""Refusals that can come from below every sub-domain."""

from marketplace.kernel.errors import NotFoundError, UnavailableError
from marketplace.kernel.translation import mark


class BusyError(UnavailableError):
    """Rows were locked by somebody else for too long; nothing was changed."""

    code = "platform.busy"
    message = mark("Đang có nhiều người cùng thao tác. Mời bạn thử lại sau giây lát.")


class BadTokenError(NotFoundError):
    """A signed link that we did not sign, that was changed, or that is too old."""

    code = "platform.bad_token"
    message = mark("Đường dẫn này không đúng hoặc đã hết hạn.")
