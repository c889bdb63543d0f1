"""Forgotten and changed passwords."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import passwords, queries
from marketplace.accounts.errors import (
    LinkExpiredError,
    PasswordCommonError,
    UserNotFoundError,
    WrongPasswordError,
)
from marketplace.accounts.operations import credentials, sessions
from marketplace.accounts.operations.sessions import Device
from marketplace.accounts.permissions import SYSTEM
from models.accounts import OneTimeToken
from models.platform import AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory, acting
from tests.moments import MONDAY

NEW = "bốn mùa hoa trái"
OTHER = "một mật khẩu nữa"
WEAK = "password1"
LATER = MONDAY + timedelta(minutes=30)


def signed_in(user):
    opened = sessions.sign_in(email=user.email, password=PASSWORD, device=Device(), at=MONDAY)
    return queries.find_session_user(opened.token, at=MONDAY), opened.token


def ask(email: str):
    return credentials.request_password_reset(email=email, at=MONDAY)


class TestRequestPasswordReset:
    def test_writes_a_link_good_for_an_hour(self, session):
        hoa = UserFactory()

        told = ask(hoa.email.upper())

        [kept] = session.scalars(select(OneTimeToken))
        assert (told.template, told.recipient) == ("reset_password", hoa.email)
        assert kept.expires_at == MONDAY + timedelta(hours=1)

    def test_says_nothing_about_strangers_and_disabled_people(self, session):
        hoa = UserFactory(disabled=True)

        assert ask("ai@example.com") is None
        assert ask(hoa.email) is None
        assert session.scalar(select(func.count()).select_from(OneTimeToken)) == 0

    def test_the_sixth_in_a_day_is_not_written(self, session):
        hoa = UserFactory()

        told = [ask(hoa.email) for _ in range(6)]

        assert [each is None for each in told] == [False] * 5 + [True]


class TestResetPassword:
    def test_sets_the_password_and_ends_every_session(self, session):
        hoa = UserFactory()
        _, token = signed_in(hoa)

        told = credentials.reset_password(token=ask(hoa.email).token, password=NEW, at=LATER)

        assert passwords.matches(NEW, hoa.password_hash)
        assert queries.find_session_user(token, at=LATER) is None
        assert (told.template, told.recipient) == ("password_changed", hoa.email)

    def test_proves_the_address(self, session):
        hoa = UserFactory(unconfirmed=True)

        credentials.reset_password(token=ask(hoa.email).token, password=NEW, at=LATER)

        assert hoa.email_confirmed_at == LATER

    def test_works_once(self, session):
        hoa = UserFactory()
        told = ask(hoa.email)
        credentials.reset_password(token=told.token, password=NEW, at=LATER)

        with pytest.raises(LinkExpiredError):
            credentials.reset_password(token=told.token, password=OTHER, at=LATER)

        assert passwords.matches(NEW, hoa.password_hash)

    def test_works_for_an_hour(self, session):
        hoa = UserFactory()
        told = ask(hoa.email)

        with pytest.raises(LinkExpiredError):
            credentials.reset_password(
                token=told.token, password=NEW, at=MONDAY + timedelta(hours=1)
            )

    def test_a_newer_link_voids_the_older(self, session):
        hoa = UserFactory()
        first, second = ask(hoa.email), ask(hoa.email)

        with pytest.raises(LinkExpiredError):
            credentials.reset_password(token=first.token, password=NEW, at=LATER)
        credentials.reset_password(token=second.token, password=NEW, at=LATER)

        assert passwords.matches(NEW, hoa.password_hash)

    def test_a_weak_password_leaves_the_link_good(self, session):
        hoa = UserFactory()
        told = ask(hoa.email)

        with pytest.raises(PasswordCommonError), session.begin_nested():
            credentials.reset_password(token=told.token, password=WEAK, at=LATER)
        credentials.reset_password(token=told.token, password=NEW, at=LATER)

        assert passwords.matches(NEW, hoa.password_hash)


class TestChangePassword:
    def test_keeps_this_session_and_ends_the_others(self, session):
        hoa = UserFactory()
        here, here_token = signed_in(hoa)
        _, there_token = signed_in(hoa)

        told = credentials.change_password(
            actor=acting(hoa),
            current=PASSWORD,
            password=NEW,
            keep_session_id=here.session_id,
            at=LATER,
        )

        session.flush()
        assert passwords.matches(NEW, hoa.password_hash)
        assert queries.find_session_user(here_token, at=LATER)
        assert queries.find_session_user(there_token, at=LATER) is None
        assert told.template == "password_changed"
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.action, event.after) == ("accounts.password_changed", {"sessions_ended": 1})

    def test_asks_for_the_present_one(self, session):
        hoa = UserFactory()
        here, _ = signed_in(hoa)

        with pytest.raises(WrongPasswordError) as refused:
            credentials.change_password(
                actor=acting(hoa),
                current="một mật khẩu khác",
                password=NEW,
                keep_session_id=here.session_id,
                at=LATER,
            )

        assert refused.value.details == {"field": "current"}
        assert passwords.matches(PASSWORD, hoa.password_hash)

    def test_refuses_a_weak_one(self, session):
        hoa = UserFactory()
        here, _ = signed_in(hoa)

        with pytest.raises(PasswordCommonError):
            credentials.change_password(
                actor=acting(hoa),
                current=PASSWORD,
                password=WEAK,
                keep_session_id=here.session_id,
                at=LATER,
            )

        assert passwords.matches(PASSWORD, hoa.password_hash)

    def test_is_for_people(self, session):
        with pytest.raises(UserNotFoundError):
            credentials.change_password(
                actor=SYSTEM, current=PASSWORD, password=NEW, keep_session_id=0, at=LATER
            )
