"""Moving an account to another e-mail address."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.errors import (
    EmailTakenError,
    EmailUnchangedError,
    EmailUnreadableError,
    LinkExpiredError,
    TooManyAttemptsError,
    UserNotFoundError,
)
from marketplace.accounts.links import get_link_holder
from marketplace.accounts.operations import addresses, credentials
from marketplace.accounts.permissions import SYSTEM
from models.accounts import TokenPurpose
from models.platform import AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory, acting
from tests.moments import MONDAY, TUESDAY

OLD, NEW = "hoa@example.com", "hoa.moi@example.com"


@pytest.fixture
def hoa(session):
    return UserFactory(email=OLD)


def request(user, email=NEW, at=MONDAY):
    return addresses.request_email_change(actor=acting(user), email=email, at=at)


class TestRequest:
    def test_sends_a_link_to_the_new_address_and_changes_nothing(self, session, hoa):
        told = request(hoa, " Hoa.Moi@Example.com ")

        assert (told.template, told.recipient) == ("change_email", NEW)
        assert get_link_holder(told.token, TokenPurpose.CHANGE_EMAIL, MONDAY).email == NEW
        assert hoa.email == OLD

    def test_an_address_of_somebody_else_is_told_to_its_owner(self, session, hoa):
        UserFactory(email=NEW)

        told = request(hoa)

        assert (told.template, told.recipient, told.token) == ("already_registered", NEW, "")

    def test_nobody_is_written_to_who_has_not_confirmed(self, session, hoa):
        UserFactory(email=NEW, unconfirmed=True)

        assert request(hoa) is None

    @pytest.mark.parametrize(
        ("email", "error"), [(OLD, EmailUnchangedError), ("hoa", EmailUnreadableError)]
    )
    def test_what_is_no_new_address_is_refused(self, session, hoa, email, error):
        with pytest.raises(error):
            request(hoa, email)

    def test_five_mails_a_day(self, session, hoa):
        for _ in range(5):
            request(hoa)

        with pytest.raises(TooManyAttemptsError):
            request(hoa)

    def test_is_for_people(self, session):
        with pytest.raises(UserNotFoundError):
            addresses.request_email_change(actor=SYSTEM, email=NEW, at=MONDAY)


class TestConfirm:
    def test_moves_the_account_and_tells_the_old_address(self, session, hoa):
        told = request(hoa)

        notice = addresses.confirm_email_change(token=told.token, at=TUESDAY - timedelta(hours=1))

        assert hoa.email == NEW
        assert (notice.template, notice.recipient) == ("email_changed", OLD)
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
        assert list(actions) == ["accounts.email_change_requested", "accounts.email_changed"]

    def test_works_once(self, session, hoa):
        told = request(hoa)
        addresses.confirm_email_change(token=told.token, at=MONDAY)

        with pytest.raises(LinkExpiredError):
            addresses.confirm_email_change(token=told.token, at=MONDAY)

        assert hoa.email == NEW

    def test_works_for_a_day(self, session, hoa):
        told = request(hoa)

        with pytest.raises(LinkExpiredError):
            addresses.confirm_email_change(token=told.token, at=MONDAY + timedelta(hours=24))

        assert hoa.email == OLD

    def test_a_link_for_another_purpose_moves_nothing(self, session, hoa):
        reset = credentials.request_password_reset(email=OLD, at=MONDAY)

        with pytest.raises(LinkExpiredError):
            addresses.confirm_email_change(token=reset.token, at=MONDAY)
        with pytest.raises(LinkExpiredError):
            credentials.reset_password(
                token=request(hoa).token,
                password=PASSWORD,
                at=MONDAY,
            )

        assert hoa.email == OLD

    def test_an_address_that_was_taken_meanwhile_stays_theirs(self, session, hoa):
        told = request(hoa)
        lan = UserFactory(email=NEW)

        with pytest.raises(EmailTakenError):
            addresses.confirm_email_change(token=told.token, at=MONDAY)

        assert (hoa.email, lan.email) == (OLD, NEW)

    def test_a_new_password_voids_the_link(self, session, hoa):
        told = request(hoa)
        reset = credentials.request_password_reset(email=OLD, at=MONDAY)
        credentials.reset_password(
            token=reset.token,
            password=PASSWORD,
            at=MONDAY,
        )

        with pytest.raises(LinkExpiredError):
            addresses.confirm_email_change(token=told.token, at=MONDAY)

        assert hoa.email == OLD
