"""The second factor: setting it up, signing in with it, codes on paper, switching it off."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import codes, queries, throttle, totp
from marketplace.accounts.errors import (
    AccountDisabledError,
    SecondFactorMissingError,
    SecondFactorPresentError,
    SessionNotFoundError,
    TooManyAttemptsError,
    UserNotFoundError,
    WrongCodeError,
    WrongPasswordError,
)
from marketplace.accounts.operations import second_factor, sessions
from marketplace.accounts.operations.sessions import Device
from marketplace.accounts.permissions import SYSTEM
from marketplace.platform.secrets import unseal
from models.accounts import RecoveryCode, TotpFactor, UserSession
from models.platform import AuditEvent
from tests.factories.accounts import (
    PASSWORD,
    TOTP_SECRET,
    UserFactory,
    acting,
    code_at,
    give_second_factor,
)
from tests.moments import MONDAY

SOON = MONDAY + timedelta(minutes=1)
LATER = MONDAY + timedelta(minutes=5)
WRONG = "000000"


def sign_in(user, at=MONDAY):
    return sessions.sign_in(email=user.email, password=PASSWORD, device=Device(), at=at)


def seen(token, at=MONDAY):
    return queries.find_session_user(token, at=at)


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def switched_on(user, at=MONDAY):
    """Set up from the beginning; the session, its token, and the recovery codes."""
    opened = sign_in(user, at)
    here = seen(opened.token, at)
    factor = second_factor.start_second_factor(actor=acting(user), at=at)
    key = unseal(codes.SEALED_FOR, factor.secret)
    made = second_factor.confirm_second_factor(
        actor=acting(user),
        session_id=here.session_id,
        code=totp.code_of(key, totp.step_at(at)),
        at=at,
    )
    assert (made.letter.template, made.letter.recipient) == ("second_factor_on", user.email)
    return key, opened.token, made.codes


class TestSettingUp:
    def test_counts_for_nothing_before_a_code_was_typed(self, session):
        hoa = UserFactory()

        factor = second_factor.start_second_factor(actor=acting(hoa), at=MONDAY)

        assert factor.confirmed_at is None
        assert not codes.has_second_factor(hoa.id)
        assert not sign_in(hoa).needs_code

    def test_the_key_is_not_readable_in_the_database(self, session):
        hoa = UserFactory()
        second_factor.start_second_factor(actor=acting(hoa), at=MONDAY)

        kept = session.scalar(select(TotpFactor.secret))
        shown = codes.find_second_factor(hoa.id)

        assert unseal(codes.SEALED_FOR, kept) == shown.key
        assert shown.key not in kept

    def test_a_code_switches_it_on_and_ends_other_sessions(self, session):
        hoa = UserFactory()
        elsewhere = sign_in(hoa)

        _, token, made = switched_on(hoa)

        assert seen(token).has_second_factor
        assert seen(elsewhere.token) is None
        assert len(set(made)) == 10
        assert codes.find_second_factor(hoa.id) == codes.SecondFactor(MONDAY, "", 10)
        assert "accounts.second_factor_on" in actions(session)

    def test_recovery_codes_are_kept_as_hashes(self, session):
        _, _, made = switched_on(UserFactory())

        kept = set(session.scalars(select(RecoveryCode.code_hash)))

        assert len(kept) == 10
        assert not kept & set(made)

    def test_a_wrong_code_switches_nothing_on(self, session):
        hoa = UserFactory()
        give_second_factor(hoa, is_on=False)

        with pytest.raises(WrongCodeError):
            second_factor.confirm_second_factor(
                actor=acting(hoa), session_id=0, code=WRONG, at=MONDAY
            )

        assert not codes.has_second_factor(hoa.id)
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0

    def test_starting_again_makes_another_key(self, session):
        hoa = UserFactory()
        second_factor.start_second_factor(actor=acting(hoa), at=MONDAY)
        first = codes.find_second_factor(hoa.id).key

        second_factor.start_second_factor(actor=acting(hoa), at=LATER)

        assert codes.find_second_factor(hoa.id).key != first

    def test_one_that_is_on_stays(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)

        with pytest.raises(SecondFactorPresentError):
            second_factor.start_second_factor(actor=acting(hoa), at=MONDAY)
        with pytest.raises(SecondFactorPresentError):
            second_factor.confirm_second_factor(
                actor=acting(hoa), session_id=0, code=code_at(MONDAY), at=MONDAY
            )

        assert unseal(codes.SEALED_FOR, session.scalar(select(TotpFactor.secret))) == TOTP_SECRET

    def test_what_was_not_started_cannot_be_confirmed(self, session):
        with pytest.raises(SecondFactorMissingError):
            second_factor.confirm_second_factor(
                actor=acting(UserFactory()), session_id=0, code=WRONG, at=MONDAY
            )

    def test_is_for_people(self, session):
        with pytest.raises(UserNotFoundError):
            second_factor.start_second_factor(actor=SYSTEM, at=MONDAY)


class TestSigningIn:
    """SES-03, SES-04: the code belongs to the sign-in, and the token is a new one after it."""

    def test_the_password_alone_lets_nobody_in(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)

        opened = sign_in(hoa)

        assert opened.needs_code
        assert seen(opened.token) is None
        assert queries.sessions_of(hoa.id, MONDAY) == []
        assert actions(session) == ["accounts.code_asked"]

    def test_a_code_does_and_the_token_is_another_one(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        waiting = sign_in(hoa)

        opened = sessions.pass_second_step(token=waiting.token, code=code_at(SOON), at=SOON)

        assert seen(opened.token, SOON).user_id == hoa.id
        assert seen(opened.token, SOON).is_fresh(SOON)
        assert seen(waiting.token, SOON) is None
        assert opened.token != waiting.token
        [row] = session.scalars(select(UserSession))
        assert row.expires_at == SOON + timedelta(days=14)

    def test_a_code_of_six_digits_may_be_typed_with_a_space(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        typed = f"{code_at(MONDAY)[:3]} {code_at(MONDAY)[3:]}"

        opened = sessions.pass_second_step(token=sign_in(hoa).token, code=typed, at=MONDAY)

        assert seen(opened.token).user_id == hoa.id

    def test_a_code_is_used_once(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        first, second = sign_in(hoa), sign_in(hoa)
        sessions.pass_second_step(token=first.token, code=code_at(MONDAY), at=MONDAY)

        with pytest.raises(WrongCodeError):
            sessions.pass_second_step(token=second.token, code=code_at(MONDAY), at=MONDAY)

        assert seen(second.token) is None

    def test_a_wrong_code_leaves_the_session_waiting(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        waiting = sign_in(hoa)

        with pytest.raises(WrongCodeError) as refused:
            sessions.pass_second_step(token=waiting.token, code=WRONG, at=MONDAY)

        assert refused.value.details == {"field": "code"}
        assert sessions.find_waiting_session(waiting.token, at=MONDAY).user_id == hoa.id

    def test_the_code_of_somebody_else_is_wrong(self, session):
        hoa, lan = UserFactory(), UserFactory()
        give_second_factor(hoa)
        _, _, of_lan = switched_on(lan)

        with pytest.raises(WrongCodeError):
            sessions.pass_second_step(token=sign_in(hoa).token, code=of_lan[0], at=MONDAY)

        assert codes.find_second_factor(lan.id).codes_left == 10

    def test_the_password_holds_for_ten_minutes(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        waiting = sign_in(hoa)
        late = MONDAY + timedelta(minutes=10)

        assert sessions.find_waiting_session(waiting.token, at=late) is None
        with pytest.raises(SessionNotFoundError):
            sessions.pass_second_step(token=waiting.token, code=code_at(late), at=late)

    def test_a_session_that_is_in_waits_for_nothing(self, session):
        opened = sign_in(UserFactory())

        assert sessions.find_waiting_session(opened.token, at=MONDAY) is None
        with pytest.raises(SessionNotFoundError):
            sessions.pass_second_step(token=opened.token, code=WRONG, at=MONDAY)

    def test_a_closed_account_stays_closed(self, session):
        hoa = UserFactory()
        give_second_factor(hoa)
        waiting = sign_in(hoa)
        hoa.disabled_at = MONDAY

        with pytest.raises(AccountDisabledError):
            sessions.pass_second_step(token=waiting.token, code=code_at(MONDAY), at=MONDAY)

    def test_ten_tries_in_a_quarter_of_an_hour(self, session):
        hoa = UserFactory()
        for _ in range(10):
            throttle.spend_second_factor(user_id=hoa.id, ip_address="192.0.2.1", at=MONDAY)

        with pytest.raises(TooManyAttemptsError):
            throttle.spend_second_factor(user_id=hoa.id, ip_address="192.0.2.2", at=MONDAY)


class TestRecoveryCodes:
    def test_one_stands_in_for_the_telephone_once(self, session):
        hoa = UserFactory()
        _, _, made = switched_on(hoa)
        typed = made[3].lower().replace("-", " ")

        opened = sessions.pass_second_step(token=sign_in(hoa).token, code=typed, at=LATER)
        with pytest.raises(WrongCodeError):
            sessions.pass_second_step(token=sign_in(hoa).token, code=made[3], at=LATER)

        assert seen(opened.token, LATER).user_id == hoa.id
        assert codes.find_second_factor(hoa.id).codes_left == 9
        assert "accounts.recovery_code_used" in actions(session)

    def test_new_ones_void_the_old(self, session):
        hoa = UserFactory()
        key, _, made = switched_on(hoa)

        fresh = second_factor.renew_recovery_codes(
            actor=acting(hoa), code=totp.code_of(key, totp.step_at(LATER)), at=LATER
        )

        assert len(set(fresh)) == 10
        assert not set(fresh) & set(made)
        with pytest.raises(WrongCodeError):
            codes.use_code(user_id=hoa.id, code=made[0], at=LATER)

    def test_new_ones_take_a_code(self, session):
        hoa = UserFactory()
        _, _, made = switched_on(hoa)

        with pytest.raises(WrongCodeError):
            second_factor.renew_recovery_codes(actor=acting(hoa), code=WRONG, at=LATER)

        codes.use_code(user_id=hoa.id, code=made[0], at=LATER)
        assert codes.find_second_factor(hoa.id).codes_left == 9

    def test_who_has_no_second_factor_has_none(self, session):
        with pytest.raises(SecondFactorMissingError):
            second_factor.renew_recovery_codes(actor=acting(UserFactory()), code=WRONG, at=MONDAY)


class TestSwitchingOff:
    def test_takes_a_code_and_forgets_everything(self, session):
        hoa = UserFactory()
        key, token, _ = switched_on(hoa)

        letter = second_factor.switch_off_second_factor(
            actor=acting(hoa), code=totp.code_of(key, totp.step_at(LATER)), at=LATER
        )

        assert (letter.template, letter.recipient) == ("second_factor_off", hoa.email)
        assert not codes.has_second_factor(hoa.id)
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
        assert not seen(token, LATER).has_second_factor
        assert not sign_in(hoa, LATER).needs_code

    def test_does_not_let_in_who_only_gave_the_password(self, session):
        hoa = UserFactory()
        key, _, _ = switched_on(hoa)
        waiting = sign_in(hoa, LATER)

        second_factor.switch_off_second_factor(
            actor=acting(hoa), code=totp.code_of(key, totp.step_at(LATER)), at=LATER
        )

        assert seen(waiting.token, LATER) is None

    def test_a_wrong_code_changes_nothing(self, session):
        hoa = UserFactory()
        switched_on(hoa)

        with pytest.raises(WrongCodeError):
            second_factor.switch_off_second_factor(actor=acting(hoa), code=WRONG, at=LATER)

        assert codes.find_second_factor(hoa.id).codes_left == 10

    def test_twice_is_once(self, session):
        hoa = UserFactory()
        _, _, made = switched_on(hoa)
        second_factor.switch_off_second_factor(actor=acting(hoa), code=made[0], at=LATER)

        with pytest.raises(SecondFactorMissingError):
            second_factor.switch_off_second_factor(actor=acting(hoa), code=made[1], at=LATER)


class TestProvingAgain:
    """SES-09: the password, and a code, once more before what guards an account."""

    def prove(self, user, session_id, at=LATER, password=PASSWORD, code=""):
        return sessions.prove_again(
            actor=acting(user), session_id=session_id, password=password, code=code, at=at
        )

    def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour(self, session):
        opened = sign_in(UserFactory())
        here = seen(opened.token)

        assert here.is_fresh(MONDAY + timedelta(minutes=15, seconds=-1))
        assert not here.is_fresh(MONDAY + timedelta(minutes=15))

    def test_makes_it_fresh_under_a_new_token(self, session):
        hoa = UserFactory()
        opened = sign_in(hoa)
        tomorrow = MONDAY + timedelta(days=1)

        token = self.prove(hoa, seen(opened.token).session_id, at=tomorrow)

        assert seen(token, tomorrow).is_fresh(tomorrow)
        assert seen(opened.token, tomorrow) is None

    def test_a_wrong_password_leaves_it_stale(self, session):
        hoa = UserFactory()
        opened = sign_in(hoa)
        tomorrow = MONDAY + timedelta(days=1)

        with pytest.raises(WrongPasswordError):
            self.prove(hoa, seen(opened.token).session_id, at=tomorrow, password=WRONG)

        assert not seen(opened.token, tomorrow).is_fresh(tomorrow)

    @pytest.mark.parametrize("code", ["", WRONG])
    def test_a_second_factor_is_asked_for_too(self, session, code):
        hoa = UserFactory()
        _, token, _ = switched_on(hoa)

        with pytest.raises(WrongCodeError):
            self.prove(hoa, seen(token).session_id, code=code)

        assert seen(token).is_fresh(MONDAY)

    def test_only_ones_own_session(self, session):
        hoa, lan = UserFactory(), UserFactory()
        opened = sign_in(hoa)

        with pytest.raises(SessionNotFoundError):
            self.prove(lan, seen(opened.token).session_id)
        with pytest.raises(SessionNotFoundError):
            self.prove(hoa, 987654321)

        assert seen(opened.token).user_id == hoa.id
