"""Messages: written with the fact, sent once."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import func, select, text

from marketplace.jobs.notifications import send_message
from marketplace.notifications import operations
from marketplace.notifications.errors import MailNotFoundError, MailServerError
from marketplace.notifications.operations import notify
from marketplace.notifications.outbox import get_mail, latest_mails
from marketplace.notifications.transport import (
    MailTransport,
    OutboxTransport,
    SmtpTransport,
    mail_of,
)
from marketplace.platform.config import current_settings
from models.notifications import Message
from tests.moments import MONDAY, TUESDAY


def tell(key: str = "1", template: str = "password_changed", **values) -> None:
    notify(
        key=key,
        recipient="hoa@example.com",
        locale="vi",
        template=template,
        at=MONDAY,
        name="Hoa",
        **values,
    )


def jobs(session) -> int:
    return session.scalar(
        text("select count(*) from procrastinate_jobs where task_name = :name"),
        {"name": operations.SEND},
    )


class TestNotify:
    def test_writes_the_message_and_asks_for_its_sending(self, session):
        tell()

        [message] = session.scalars(select(Message))
        assert message.key == "password_changed:1"
        assert message.subject == "Mật khẩu của bạn ở Chợ Mùa vừa được đổi"
        assert "Chào Hoa," in message.body_text
        assert "02/11/2026 16:00" in message.body_text
        assert message.body_html.startswith("<!doctype html>")
        assert jobs(session) == 1

    def test_the_same_fact_is_told_once(self, session):
        tell()
        tell()

        assert session.scalar(select(func.count()).select_from(Message)) == 1
        assert jobs(session) == 1

    def test_another_template_of_the_same_key_is_another_fact(self, session):
        tell()
        tell(template="already_registered")

        assert session.scalar(select(func.count()).select_from(Message)) == 2

    def test_a_rolled_back_fact_is_told_to_nobody(self, session):
        with session.begin_nested() as savepoint:
            tell()
            savepoint.rollback()

        assert session.scalar(select(func.count()).select_from(Message)) == 0
        assert jobs(session) == 0


class TestSending:
    def test_writes_the_mail_and_notes_it(self, session):
        tell()
        [message] = session.scalars(select(Message))

        send_message(message_id=message.id)

        session.expire_all()
        [mail] = latest_mails(1, "hoa@example.com")
        assert (mail.subject, mail.text.strip()) == (message.subject, message.body_text.strip())
        assert mail.html.strip() == message.body_html.strip()
        assert message.sent_at is not None
        assert message.attempts == 1

    def test_twice_is_once(self, session):
        tell("2")
        message_id = session.scalar(select(Message.id))

        send_message(message_id=message_id)
        send_message(message_id=message_id)

        session.expire_all()
        assert session.scalar(select(Message.attempts)) == 1

    def test_a_mail_sent_again_after_a_crash_replaces_its_file(self, session):
        tell("3")
        message_id = session.scalar(select(Message.id))
        before = len(latest_mails(1000))

        send_message(message_id=message_id)
        session.scalar(select(Message)).sent_at = None
        session.flush()
        send_message(message_id=message_id)

        assert len(latest_mails(1000)) == before + 1

    def test_a_link_that_opens_an_account_is_wiped(self, session):
        tell("4", template="reset_password", token="SECRET")  # noqa: S106 - made up
        message_id = session.scalar(select(Message.id))

        send_message(message_id=message_id)

        session.expire_all()
        message = session.scalar(select(Message))
        assert (message.body_text, message.body_html) == ("—", "—")
        assert "SECRET" in latest_mails(1)[0].text

    def test_a_message_that_is_gone_is_no_error(self, session):
        send_message(message_id=0)

        assert session.scalar(select(func.count()).select_from(Message)) == 0

    def test_a_failure_is_noted_until_it_works(self, session):
        tell("5")
        message_id = session.scalar(select(Message.id))

        operations.start_sending(message_id=message_id)
        operations.record_failure(message_id=message_id, failure="notifications.mail_server")
        session.flush()
        failed = session.scalar(select(Message.failure))
        operations.record_sent(message_id=message_id, at=TUESDAY)
        operations.record_failure(message_id=message_id, failure="too late")
        session.flush()

        assert failed == "notifications.mail_server"
        assert session.scalar(select(Message.failure)) is None


class TestTransports:
    def test_both_keep_the_protocol(self, app, tmp_path):
        transports: list[MailTransport] = [
            SmtpTransport(current_settings()),
            OutboxTransport(tmp_path),
        ]

        assert [type(each).__name__ for each in transports] == ["SmtpTransport", "OutboxTransport"]

    def test_a_server_that_does_not_answer_is_unavailable(self, session):
        settings = replace(current_settings(), mail_host="127.0.0.1", mail_port=1)

        with pytest.raises(MailServerError):
            SmtpTransport(settings).send(EmailMessage())

    @pytest.mark.parametrize(
        "subject",
        [
            "Làm tiếp hồ sơ HS261123-AK229E trên Chợ Mùa",  # folded just before "Chợ"
            "Chứng nhận VietGAP sắp hết hiệu lực: còn 7 ngày, mã số VG-0012-33-44 " * 2 + "Ea Tu",
            "Your certificate ends soon",
        ],
    )
    def test_a_long_subject_keeps_its_spaces(self, app, subject):
        message = Message(
            key="x", recipient="a@example.com", locale="vi", body_text="a", body_html="<p>a</p>"
        )
        message.subject = subject

        sent = mail_of(message, current_settings(), MONDAY).as_bytes()

        assert message_from_bytes(sent, policy=default)["Subject"] == subject
        assert all(len(line) <= 78 for line in sent.splitlines())

    def test_no_path_leads_out_of_the_outbox(self, app):
        for name in ("../secrets", "x" * 24, "0" * 24):
            with pytest.raises(MailNotFoundError):
                get_mail(name)
