"""Joining, confirming an address, keeping one's particulars."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import links, passwords
from marketplace.accounts.errors import (
    EmailUnreadableError,
    LinkExpiredError,
    NameMissingError,
    PasswordTooShortError,
    PhoneUnreadableError,
    UserNotFoundError,
    WrongPasswordError,
)
from marketplace.accounts.operations import people
from marketplace.accounts.operations.people import NewPerson, Particulars
from marketplace.accounts.operations.sessions import Device
from marketplace.accounts.permissions import NotAllowedError
from models.accounts import OneTimeToken, TokenPurpose, User, UserSession
from models.platform import AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory, acting
from tests.moments import MONDAY, TUESDAY

HOA = NewPerson("Nguyễn Thị  Hoa", "Hoa@Example.com", PASSWORD, "vi")
DEVICE = Device("192.0.2.1", "Firefox")


def people_count(session) -> int:
    return session.scalar(select(func.count()).select_from(User))


LATER = MONDAY + timedelta(hours=1)


def confirm(token: str, password: str = PASSWORD, at=LATER):
    return people.confirm_email(token=token, password=password, device=DEVICE, at=at)


class TestSignUp:
    def test_makes_an_account_that_waits_for_its_address(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        user = session.scalar(select(User))
        assert (user.email, user.full_name, user.locale) == (
            "hoa@example.com",
            "Nguyễn Thị Hoa",
            "vi",
        )
        assert user.email_confirmed_at is None
        assert passwords.matches(PASSWORD, user.password_hash)
        assert (told.template, told.recipient, told.name) == (
            "confirm_email",
            "hoa@example.com",
            "Nguyễn Thị Hoa",
        )

    def test_keeps_the_link_only_as_a_hash_for_a_day(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        [kept] = session.scalars(select(OneTimeToken))
        assert len(told.token) == 43
        assert told.token not in kept.token_hash
        assert kept.expires_at == MONDAY + timedelta(hours=24)

    def test_an_address_that_has_an_account_is_told_so_by_mail_only(self, session):
        known = UserFactory(email="hoa@example.com", full_name="Hoa Thật")

        told = people.sign_up(person=HOA, at=MONDAY)

        assert (told.template, told.recipient, told.token) == (
            "already_registered",
            "hoa@example.com",
            "",
        )
        assert known.full_name == "Hoa Thật"
        assert people_count(session) == 1

    def test_an_account_never_confirmed_is_made_anew(self, session):
        first = people.sign_up(
            person=NewPerson("Kẻ Chờ Sẵn", "hoa@example.com", "mật khẩu của kẻ chờ", "vi"),
            at=MONDAY,
        )
        second = people.sign_up(person=HOA, at=MONDAY)

        assert people_count(session) == 1
        with pytest.raises(LinkExpiredError):
            confirm(first.token)
        with pytest.raises(WrongPasswordError):
            confirm(second.token, "mật khẩu của kẻ chờ")

    def test_the_fourth_mail_in_six_hours_is_not_written(self, session):
        told = [people.sign_up(person=HOA, at=MONDAY) for _ in range(4)]

        assert [each is None for each in told] == [False, False, False, True]

    @pytest.mark.parametrize(
        ("person", "error"),
        [
            (NewPerson("Hoa", "hoa", PASSWORD, "vi"), EmailUnreadableError),
            (NewPerson(" ", "hoa@example.com", PASSWORD, "vi"), NameMissingError),
            (NewPerson("Hoa", "hoa@example.com", "ngắn", "vi"), PasswordTooShortError),
        ],
    )
    def test_refuses_what_makes_no_account(self, session, person, error):
        with pytest.raises(error):
            people.sign_up(person=person, at=MONDAY)

        assert people_count(session) == 0


class TestRequestConfirmation:
    def test_a_fresh_link_voids_the_one_before(self, session):
        first = people.sign_up(person=HOA, at=MONDAY)

        second = people.request_confirmation(email=" HOA@example.com", at=MONDAY)

        with pytest.raises(LinkExpiredError):
            confirm(first.token)
        assert confirm(second.token).full_name == "Nguyễn Thị Hoa"

    def test_says_nothing_about_strangers_and_confirmed_people(self, session):
        UserFactory(email="lan@example.com")

        assert people.request_confirmation(email="lan@example.com", at=MONDAY) is None
        assert people.request_confirmation(email="ai@example.com", at=MONDAY) is None
        assert session.scalar(select(func.count()).select_from(OneTimeToken)) == 0

    def test_is_limited(self, session):
        people.sign_up(person=HOA, at=MONDAY)
        told = [people.request_confirmation(email=HOA.email, at=MONDAY) for _ in range(3)]

        assert [each is None for each in told] == [False, False, True]


class TestConfirmEmail:
    def test_opens_the_account_and_a_session(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        opened = confirm(told.token)

        user = session.get(User, opened.user_id)
        [row] = session.scalars(select(UserSession))
        assert user.email_confirmed_at == LATER
        assert row.user_id == user.id
        assert "accounts.email_confirmed" in session.scalars(select(AuditEvent.action)).all()

    def test_works_once(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)
        confirm(told.token)

        with pytest.raises(LinkExpiredError):
            confirm(told.token)

    def test_works_for_a_day(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        with pytest.raises(LinkExpiredError):
            confirm(told.token, at=MONDAY + timedelta(hours=24))

    def test_asks_for_the_password_that_was_chosen(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        with pytest.raises(WrongPasswordError), session.begin_nested():
            confirm(told.token, "một mật khẩu khác")

        assert session.scalar(select(User.email_confirmed_at)) is None
        assert confirm(told.token).full_name == "Nguyễn Thị Hoa"

    def test_a_link_for_one_purpose_serves_no_other(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        with pytest.raises(LinkExpiredError):
            links.use_link(told.token, TokenPurpose.RESET_PASSWORD, MONDAY)

    def test_looking_uses_nothing_up(self, session):
        told = people.sign_up(person=HOA, at=MONDAY)

        holders = [
            links.get_link_holder(told.token, TokenPurpose.CONFIRM_EMAIL, MONDAY) for _ in range(2)
        ]

        assert holders[0].name == "Nguyễn Thị Hoa"
        assert holders[0] == holders[1]


class TestEditProfile:
    def test_changes_particulars_and_says_what_they_were(self, session):
        hoa = UserFactory(full_name="Hoa", phone=None)

        people.edit_profile(
            actor=acting(hoa),
            user_id=hoa.id,
            particulars=Particulars(" Nguyễn  Hoa", "+84912345678", "en"),
            at=TUESDAY,
        )

        session.flush()
        [event] = session.scalars(select(AuditEvent))
        assert (hoa.full_name, hoa.phone, hoa.locale) == ("Nguyễn Hoa", "+84912345678", "en")
        assert event.before == {"full_name": "Hoa", "phone": None, "locale": "vi"}

    def test_twice_is_once(self, session):
        hoa = UserFactory()
        for _ in range(2):
            people.edit_profile(
                actor=acting(hoa),
                user_id=hoa.id,
                particulars=Particulars("Nguyễn Hoa", None, "vi"),
                at=TUESDAY,
            )

        session.flush()
        assert len(session.scalars(select(AuditEvent)).all()) == 1

    def test_is_refused_to_others(self, session):
        hoa, lan = UserFactory(full_name="Hoa"), UserFactory()

        with pytest.raises(NotAllowedError):
            people.edit_profile(
                actor=acting(lan),
                user_id=hoa.id,
                particulars=Particulars("Lan đổi", None, "vi"),
                at=TUESDAY,
            )

        assert hoa.full_name == "Hoa"

    def test_refuses_a_missing_name_and_a_bad_number(self, session):
        hoa = UserFactory()
        for particulars, error in (
            (Particulars("", None, "vi"), NameMissingError),
            (Particulars("Hoa", "0912", "vi"), PhoneUnreadableError),
        ):
            with pytest.raises(error):
                people.edit_profile(
                    actor=acting(hoa), user_id=hoa.id, particulars=particulars, at=TUESDAY
                )

    def test_nobody_is_not_found(self, session):
        with pytest.raises(UserNotFoundError):
            people.edit_profile(
                actor=acting(UserFactory()),
                user_id=0,
                particulars=Particulars("Hoa", None, "vi"),
                at=TUESDAY,
            )
