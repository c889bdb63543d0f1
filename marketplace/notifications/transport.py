"""The port to the world of mail: a server in production, a folder everywhere else."""

import hashlib
import smtplib
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

from marketplace.notifications.errors import MailServerError
from marketplace.platform.config import Settings
from marketplace.platform.transaction import require_no_transaction
from models.notifications import Message

TIMEOUT_SECONDS = 20


class WholeSubject(EmailPolicy):
    """The standard library's policy, with subjects that keep every space.

    Its own folding writes two encoded words beside each other and drops the space between them
    (RFC 2047, section 6.2: readers ignore it), so that "trên Chợ Mùa" arrives as "trênChợ Mùa".
    `Header` puts the space into the encoded word.
    """

    def fold(self, name: str, value: str) -> str:
        """A header as lines of text."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        words = Header(str(value), header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as lines of bytes."""
        if name.lower() != "subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


POLICY = WholeSubject(linesep="\r\n")


class MailTransport(Protocol):
    """Takes a mail and answers for it from then on."""

    def send(self, mail: EmailMessage) -> None:
        """Hand the mail over; the same `Message-ID` again replaces or repeats it.

        Raises:
            MailServerError: it was not taken; trying again may help.
        """


class SmtpTransport:
    """A mail server that speaks SMTP, with TLS where it offers it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage) -> None:
        """Hand the mail to the server."""
        require_no_transaction()
        settings = self._settings
        try:
            with smtplib.SMTP(
                settings.mail_host, settings.mail_port, timeout=TIMEOUT_SECONDS
            ) as server:
                if server.has_extn("starttls") or settings.mail_user:
                    server.starttls()  # a password is never sent in the clear
                if settings.mail_user:
                    server.login(settings.mail_user, settings.mail_password)
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerError(reason=type(error).__name__) from error


class OutboxTransport:
    """A folder of `.eml` files, newest last; `/dev/outbox` shows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage) -> None:
        """Write the mail down; the same mail again replaces its file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(str(mail["Message-ID"]).encode()).hexdigest()[:24]
        partial = self._folder / f".{name}.part"
        partial.write_bytes(mail.as_bytes())
        partial.replace(self._folder / f"{name}.eml")


def transport_of(settings: Settings) -> MailTransport:
    """The server of the settings, or the outbox when none is named."""
    if settings.mail_host:
        return SmtpTransport(settings)
    return OutboxTransport(outbox_dir(settings))


def outbox_dir(settings: Settings) -> Path:
    """Where mails go when no server is set."""
    return settings.var_dir / "outbox"


def mail_of(message: Message, settings: Settings, at: datetime) -> EmailMessage:
    """A message as it goes over the wire, text and HTML.

    The id is made of the key, so that a mail sent twice, because a worker died in between, can be
    known for one.
    """
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(POLICY)
    mail["From"] = settings.mail_from
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
    mail["Content-Language"] = message.locale
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body_text)
    mail.add_alternative(message.body_html, subtype="html")
    return mail
