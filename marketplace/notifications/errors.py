"""Refusals about messages."""

from marketplace.kernel.errors import NotFoundError, UnavailableError
from marketplace.kernel.translation import mark


class MailServerError(UnavailableError):
    """The mail server did not take a mail; the job tries again."""

    code = "notifications.mail_server"
    message = mark("Máy chủ thư chưa nhận thư này.")


class MailNotFoundError(NotFoundError):
    """No such mail in the outbox."""

    code = "notifications.mail_not_found"
    message = mark("Không tìm thấy thư này.")
