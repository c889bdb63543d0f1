"""Reading the folder that takes mails where no mail server is set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from marketplace.notifications.errors import MailNotFoundError
from marketplace.notifications.transport import outbox_dir
from marketplace.platform.config import current_settings

_NAME = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was sent. `name` is how the outbox calls it."""

    name: str
    recipient: str
    subject: str
    sent_at: datetime
    text: str
    html: str


def latest_mails(limit: int, recipient: str = "") -> Sequence[Mail]:
    """The mails sent last, newest first.

    Args:
        limit: at most so many.
        recipient: only to this address.
    """
    files = sorted(
        outbox_dir(current_settings()).glob("*.eml"),
        key=lambda file: (file.stat().st_mtime_ns, file.name),
        reverse=True,
    )
    mails = (_read(file) for file in files)
    wanted = (mail for mail in mails if not recipient or mail.recipient == recipient)
    return [mail for mail, _ in zip(wanted, range(limit), strict=False)]


def get_mail(name: str) -> Mail:
    """One mail of the outbox.

    Raises:
        MailNotFoundError: there is none of this name.
    """
    file = outbox_dir(current_settings()) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.exists():
        raise MailNotFoundError
    return _read(file)


def _read(file: Path) -> Mail:
    mail = message_from_bytes(file.read_bytes(), EmailMessage, policy=default)
    return Mail(
        name=file.stem,
        recipient=str(mail["To"]),
        subject=str(mail["Subject"]),
        sent_at=mail["Date"].datetime,
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    # On the wire lines end as mail wants it; people and policies count line feeds.
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")
