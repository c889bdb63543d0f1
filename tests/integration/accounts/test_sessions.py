"""Signing in and out, and where one is signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import passwords, queries
from marketplace.accounts.errors import (
    AccountDisabledError,
    EmailNotConfirmedError,
    SessionNotFoundError,
    WrongCredentialsError,
)
from marketplace.accounts.operations import sessions
from marketplace.accounts.operations.sessions import Device
from models.accounts import Role, User, UserSession
from models.platform import AuditEvent
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
)
from tests.moments import MONDAY, TUESDAY

DEVICE = Device("192.0.2.1", "Firefox")


def sign_in(user: User, password: str = PASSWORD, at=MONDAY):
    return sessions.sign_in(email=user.email, password=password, device=DEVICE, at=at)


class TestSignIn:
    def test_opens_a_session_that_only_the_token_leads_to(self, session):
        hoa = UserFactory()

        opened = sign_in(hoa)

        [row] = session.scalars(select(UserSession))
        assert opened.token not in row.token_hash
        assert (row.ip_address, row.user_agent) == ("192.0.2.1", "Firefox")
        assert row.expires_at == MONDAY + timedelta(days=14)
        assert queries.find_session_user(opened.token, at=MONDAY).user_id == hoa.id
        assert queries.find_session_user(row.token_hash, at=MONDAY) is None

    def test_each_time_has_a_session_of_its_own(self, session):
        hoa = UserFactory()

        tokens = {sign_in(hoa).token for _ in range(3)}

        assert len(tokens) == 3

    def test_an_address_may_be_typed_in_capitals(self, session):
        hoa = UserFactory(email="hoa@example.com")

        opened = sessions.sign_in(
            email=" HOA@Example.com ", password=PASSWORD, device=DEVICE, at=MONDAY
        )

        assert opened.user_id == hoa.id

    def test_a_wrong_password_and_an_unknown_address_answer_the_same(self, session):
        hoa = UserFactory()

        with pytest.raises(WrongCredentialsError) as wrong:
            sign_in(hoa, "một mật khẩu khác")
        with pytest.raises(WrongCredentialsError) as unknown:
            sessions.sign_in(email="ai@example.com", password=PASSWORD, device=DEVICE, at=MONDAY)

        assert str(wrong.value) == str(unknown.value)
        assert session.scalars(select(UserSession)).all() == []

    def test_an_unconfirmed_address_is_told_to_who_has_the_password(self, session):
        hoa = UserFactory(unconfirmed=True)

        with pytest.raises(EmailNotConfirmedError):
            sign_in(hoa)
        with pytest.raises(WrongCredentialsError):
            sign_in(hoa, "một mật khẩu khác")

    def test_a_disabled_account_stays_out(self, session):
        with pytest.raises(AccountDisabledError):
            sign_in(UserFactory(disabled=True))

    def test_a_weak_hash_is_made_anew(self, session):
        hoa = UserFactory()
        assert passwords.needs_rehash(hoa.password_hash)

        sign_in(hoa)

        session.refresh(hoa)
        assert not passwords.needs_rehash(hoa.password_hash)
        assert passwords.matches(PASSWORD, hoa.password_hash)

    def test_staff_are_signed_out_after_twelve_hours(self, session):
        membership = MembershipFactory(
            organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
        )

        opened = sign_in(membership.user)

        assert queries.find_session_user(opened.token, at=MONDAY + timedelta(hours=11))
        assert queries.find_session_user(opened.token, at=MONDAY + timedelta(hours=12)) is None


class TestTouchSession:
    def test_use_prolongs_a_session(self, session):
        sign_in(UserFactory())
        [row] = session.scalars(select(UserSession))

        sessions.touch_session(session_id=row.id, at=TUESDAY)

        assert (row.last_seen_at, row.expires_at) == (TUESDAY, TUESDAY + timedelta(days=14))

    def test_not_more_than_once_an_hour(self, session):
        sign_in(UserFactory())
        [row] = session.scalars(select(UserSession))

        sessions.touch_session(session_id=row.id, at=MONDAY + timedelta(minutes=59))

        assert row.last_seen_at == MONDAY

    def test_never_for_staff(self, session):
        membership = MembershipFactory(
            organisation=OrganisationFactory(operator=True), role=Role.OPERATOR
        )
        sign_in(membership.user)
        [row] = session.scalars(select(UserSession))

        sessions.touch_session(session_id=row.id, at=MONDAY + timedelta(hours=11))

        assert row.expires_at == MONDAY + timedelta(hours=12)

    def test_not_after_the_end(self, session):
        opened = sign_in(UserFactory())
        [row] = session.scalars(select(UserSession))
        sessions.sign_out(token=opened.token, at=MONDAY)

        sessions.touch_session(session_id=row.id, at=TUESDAY)

        assert row.last_seen_at == MONDAY


class TestEndings:
    def test_sign_out_ends_the_session_in_the_database(self, session):
        opened = sign_in(UserFactory())

        for _ in range(2):
            sessions.sign_out(token=opened.token, at=TUESDAY)

        session.flush()
        [row] = session.scalars(select(UserSession))
        assert row.ended_at == TUESDAY
        assert queries.find_session_user(opened.token, at=TUESDAY) is None
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["accounts.signed_in", "accounts.session_ended"]

    def test_a_token_that_leads_nowhere_ends_nothing(self, session):
        opened = sign_in(UserFactory())

        sessions.sign_out(token="nothing", at=TUESDAY)  # noqa: S106 - not one of ours

        assert queries.find_session_user(opened.token, at=TUESDAY)

    def test_one_can_be_ended_from_another(self, session):
        hoa = UserFactory()
        here, there = sign_in(hoa), sign_in(hoa)
        lost = queries.find_session_user(there.token, at=MONDAY).session_id

        for _ in range(2):
            sessions.end_session(actor=acting(hoa), session_id=lost, at=TUESDAY)

        assert queries.find_session_user(there.token, at=TUESDAY) is None
        assert queries.find_session_user(here.token, at=TUESDAY)

    def test_those_of_others_are_not_found(self, session):
        hoa, lan = UserFactory(), UserFactory()
        opened = sign_in(hoa)
        hers = queries.find_session_user(opened.token, at=MONDAY).session_id

        with pytest.raises(SessionNotFoundError):
            sessions.end_session(actor=acting(lan), session_id=hers, at=TUESDAY)
        with pytest.raises(SessionNotFoundError):
            sessions.end_session(actor=acting(lan), session_id=0, at=TUESDAY)

        assert queries.find_session_user(opened.token, at=TUESDAY)

    def test_all_others_at_once(self, session):
        hoa, lan = UserFactory(), UserFactory()
        here = sign_in(hoa)
        others = [sign_in(hoa), sign_in(hoa)]
        hers = sign_in(lan)
        keep = queries.find_session_user(here.token, at=MONDAY).session_id

        ended = [
            sessions.end_other_sessions(actor=acting(hoa), keep_session_id=keep, at=TUESDAY)
            for _ in range(2)
        ]

        assert ended == [2, 0]
        assert [queries.find_session_user(each.token, at=TUESDAY) for each in others] == [None] * 2
        assert queries.find_session_user(here.token, at=TUESDAY)
        assert queries.find_session_user(hers.token, at=TUESDAY)

    def test_a_disabled_person_is_out_at_once(self, session):
        hoa = UserFactory()
        opened = sign_in(hoa)
        hoa.disabled_at = TUESDAY
        session.flush()

        assert queries.find_session_user(opened.token, at=TUESDAY) is None


class TestFindSessionUser:
    def test_tells_the_organisations_in_one_statement(self, session, statements):
        hoa = UserFactory()
        for code in ("ZZ", "AA"):
            MembershipFactory(
                user=hoa, organisation=OrganisationFactory(code=code, name=f"Hợp tác xã {code}")
            )
        MembershipFactory(user=hoa, ended_at=MONDAY)
        opened = sign_in(hoa)
        session.flush()

        with statements() as sent:
            found = queries.find_session_user(opened.token, at=MONDAY)

        assert [each.code for each in found.memberships] == ["AA", "ZZ"]
        assert len(sent) == 1

    def test_people_without_organisations_have_none(self, session):
        opened = sign_in(UserFactory())

        assert queries.find_session_user(opened.token, at=MONDAY).memberships == ()
