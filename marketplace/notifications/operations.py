"""Telling people things, once each."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.notifications.rendering import render
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.queue import defer, is_quiet
from models.notifications import Message

SEND = "notifications.send_message"
SECRET_TEMPLATES = frozenset(
    {
        "application_approved",
        "application_received",
        "application_rejected",
        "application_returned",
        "application_started",
        "application_waiver_over",
        "change_email",
        "confirm_email",
        "invitation",
        "reset_password",
    }
)
"""Messages whose link opens an account or an application: wiped once they have been sent."""
WIPED = "—"


def notify(
    *, key: str, recipient: str, locale: str, template: str, at: datetime, **values: object
) -> None:
    """Write a message in the caller's transaction and queue its sending.

    The same template and key again change nothing, so the caller may be repeated. Inside
    `queue.quiet` nothing is written.

    Args:
        key: names the fact and the reader, "order-placed:CM261122-K7Q2M"; at most 120 characters.
        recipient: an e-mail address.
        locale: the reader's language, "vi" or "en".
        template: the files in `templates/email/`, see `rendering`.
        at: when the fact happened.
        **values: what the templates ask for besides `at`.
    """
    if is_quiet():
        return
    words = render(template, locale, at=at, **values)
    message_id = session.scalar(
        insert(Message)
        .values(
            key=f"{template}:{key}",
            recipient=recipient,
            locale=locale,
            subject=words.subject,
            body_text=words.text,
            body_html=words.html,
            created_at=at,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
        .returning(Message.id)
    )
    if message_id is not None:
        defer(SEND, message_id=message_id)


def start_sending(*, message_id: int) -> Message | None:
    """Count an attempt and give the message to send; None when it has been sent or is gone."""
    message = lock_one(select(Message).where(Message.id == message_id, Message.sent_at.is_(None)))
    if message is not None:
        message.attempts += 1
    return message


def record_sent(*, message_id: int, at: datetime) -> None:
    """Note that a message went out, and wipe it if whoever reads it could get into an account."""
    message = lock_one(select(Message).where(Message.id == message_id))
    if message is None or message.sent_at is not None:
        return
    message.sent_at, message.failure = at, None
    if message.key.partition(":")[0] in SECRET_TEMPLATES:
        message.body_text = message.body_html = WIPED


def record_failure(*, message_id: int, failure: str) -> None:
    """Note why a message did not go out this time."""
    message = lock_one(select(Message).where(Message.id == message_id))
    if message is not None and message.sent_at is None:
        message.failure = failure
