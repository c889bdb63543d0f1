"""The mails of a trial, in the browser."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from marketplace.jobs.notifications import send_message
from marketplace.notifications.operations import notify
from marketplace.notifications.outbox import latest_mails
from models.notifications import Message
from tests.moments import MONDAY


@pytest.fixture
def mail(session):
    """One that was sent to Hoa."""
    notify(
        key="outbox",
        recipient="hoa.outbox@example.com",
        locale="vi",
        template="reset_password",
        at=MONDAY,
        name="Hoa <b>",
        token="abc",  # noqa: S106 - made up
    )
    send_message(message_id=session.scalar(select(Message.id)))
    return latest_mails(1, "hoa.outbox@example.com")[0]


def test_lists_and_filters(client, mail):
    everything = client.get("/dev/outbox").text
    others = client.get("/dev/outbox?to=lan@example.com").text

    assert mail.subject in everything
    assert mail.subject not in others
    assert "Chưa có thư nào" in others


def test_shows_the_text_with_links_to_click(client, mail):
    page = client.get(f"/dev/outbox/{mail.name}").text

    assert 'href="http://localhost/dat-lai-mat-khau/abc"' in page
    assert "Hoa &lt;b&gt;" in page


def test_shows_the_page_under_a_policy_of_its_own(client, mail):
    answer = client.get(f"/dev/outbox/{mail.name}/html")

    policy = answer.headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; "
        r"frame-ancestors 'none'",
        policy,
    )
    assert "unsafe" not in policy
    assert 'href="http://localhost/dat-lai-mat-khau/abc"' in answer.text


def test_what_is_not_there_is_not_found(client, session):
    assert client.get("/dev/outbox/000000000000000000000000").status_code == 404
    assert client.get("/dev/outbox/..%2f..%2fetc").status_code == 404


def test_there_is_none_in_production(app, client, mail):
    trial = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(trial, app_env="production")
    try:
        answers = [
            client.get(path).status_code
            for path in (
                "/dev/outbox",
                f"/dev/outbox/{mail.name}",
                f"/dev/outbox/{mail.name}/html",
            )
        ]
    finally:
        app.config["SETTINGS"] = trial

    assert answers == [404, 404, 404]
