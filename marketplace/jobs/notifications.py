"""Sending what was written."""

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.kernel.errors import UnavailableError
from marketplace.notifications import operations
from marketplace.notifications.transport import mail_of, transport_of
from marketplace.platform.config import current_settings
from marketplace.platform.failpoints import failpoint
from marketplace.platform.transaction import transaction


@job(operations.SEND)
def send_message(*, message_id: int, **_newer: object) -> None:
    """Send a message that has not been sent.

    Safe to run twice: a sent message is left alone. A worker that dies between handing the mail
    over and noting it sends the mail again under the same `Message-ID`.

    Raises:
        MailServerError: it was not taken; the queue tries again later.
    """
    settings = current_settings()
    with transaction():
        message = operations.start_sending(message_id=message_id)
        mail = None if message is None else mail_of(message, settings, now())
    if mail is None:
        return
    try:
        transport_of(settings).send(mail)
    except UnavailableError as error:
        with transaction():
            operations.record_failure(message_id=message_id, failure=str(error))
        raise
    failpoint("notifications.after_send")
    with transaction():
        operations.record_sent(message_id=message_id, at=now())
