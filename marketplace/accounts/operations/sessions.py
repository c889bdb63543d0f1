"""Signing in and out: each browser has a row of its own that can be ended from elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from marketplace.accounts import codes, passwords, rules
from marketplace.accounts.errors import (
    AccountDisabledError,
    EmailNotConfirmedError,
    SessionNotFoundError,
    WrongCredentialsError,
    WrongPasswordError,
)
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.accounts import Membership, Organisation, User, UserSession

USER_AGENT_MAX = 300


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody signs in from, as they recognise it in the list of their sessions."""

    ip_address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session. The token goes into the cookie and is kept nowhere else.

    Attributes:
        needs_code: the session counts as none before `pass_second_step`.
    """

    token: str
    user_id: int
    full_name: str
    locale: str
    needs_code: bool = False


@dataclass(frozen=True, slots=True)
class WaitingSession:
    """A session whose password was right and whose code is still asked for."""

    user_id: int
    full_name: str


def sign_in(*, email: str, password: str, device: Device, at: datetime) -> OpenedSession:
    """Open a new session for whoever knows the password.

    If the person has a second factor, the session waits for a code: see `pass_second_step`. An
    address nobody has takes as long and answers the same as a wrong password. Count the try first,
    in a transaction of its own: `throttle.spend_sign_in`.

    Raises:
        WrongCredentialsError: no such account, or not its password.
        AccountDisabledError, EmailNotConfirmedError: the password is right, and yet.
    """
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        passwords.pretend_to_check(password)
        raise WrongCredentialsError
    if not passwords.matches(password, user.password_hash):
        raise WrongCredentialsError
    if user.disabled_at is not None:
        raise AccountDisabledError
    if user.email_confirmed_at is None:
        raise EmailNotConfirmedError
    if passwords.needs_rehash(user.password_hash):
        _keep_stronger(user, password)
    return open_session(user=user, device=device, at=at)


def open_session(*, user: User, device: Device, at: datetime) -> OpenedSession:
    """A new session with a new token for somebody who has given their password, or a link.

    Somebody with a second factor is not in yet: every way in leads through here, so every way in
    asks for the code.
    """
    token = new_token()
    needs_code = codes.has_second_factor(user.id)
    row = UserSession(
        user_id=user.id,
        token_hash=hash_of(token),
        created_at=at,
        last_seen_at=at,
        expires_at=at + rules.SECOND_STEP_LIMIT
        if needs_code
        else rules.session_expires_at(at, at, is_staff=_is_staff(user.id)),
        ip_address=device.ip_address,
        user_agent=device.user_agent[:USER_AGENT_MAX],
        fresh_at=None if needs_code else at,
    )
    session.add(row)
    session.flush()  # the audit row names it
    _record_entry(row, "accounts.code_asked" if needs_code else "accounts.signed_in", at)
    return OpenedSession(token, user.id, user.full_name, user.locale, needs_code)


def find_waiting_session(token: str, *, at: datetime) -> WaitingSession | None:
    """Whose code a browser still owes; None when there is nothing to wait for, or too long ago."""
    found = session.execute(
        select(User.id, User.full_name)
        .join(UserSession, UserSession.user_id == User.id)
        .where(*_waits(token, at), User.disabled_at.is_(None))
    ).one_or_none()
    return None if found is None else WaitingSession(*found)


def pass_second_step(*, token: str, code: str, at: datetime) -> OpenedSession:
    """Let somebody in whose password was right and who now gives a code; the token is a new one.

    Count the try first, in a transaction of its own: `throttle.spend_second_factor`.

    Raises:
        SessionNotFoundError: the session does not wait for a code, or has waited too long.
        AccountDisabledError: the account was closed meanwhile.
        SecondFactorMissingError: it was switched off meanwhile.
        WrongCodeError: neither the code of now nor an unused recovery code.
    """
    row = lock_one(select(UserSession).where(*_waits(token, at)))
    if row is None:
        raise SessionNotFoundError
    user = session.get_one(User, row.user_id)
    if user.disabled_at is not None:
        raise AccountDisabledError
    codes.use_code(user_id=user.id, code=code, at=at)
    fresh = _renew_token(row)
    row.created_at = row.last_seen_at = row.second_factor_at = row.fresh_at = at
    row.expires_at = rules.session_expires_at(at, at, is_staff=_is_staff(user.id))
    _record_entry(row, "accounts.signed_in", at)
    return OpenedSession(fresh, user.id, user.full_name, user.locale)


def prove_again(*, actor: Actor, session_id: int, password: str, code: str, at: datetime) -> str:
    """Make a session fresh by the password and, with a second factor, a code.

    Count the try first, in a transaction of its own, as at sign-in.

    Returns:
        The new token of the session; the old one is void.

    Raises:
        SessionNotFoundError: the actor has no such session.
        WrongPasswordError: not the present password.
        WrongCodeError: neither the code of now nor an unused recovery code.
    """
    row = lock_one(
        select(UserSession).where(UserSession.id == session_id, UserSession.ended_at.is_(None))
    )
    if row is None or row.user_id != actor.user_id:
        raise SessionNotFoundError
    user = session.get_one(User, row.user_id)
    if not passwords.matches(password, user.password_hash):
        raise WrongPasswordError(field="password")
    if codes.has_second_factor(user.id):
        codes.use_code(user_id=user.id, code=code, at=at)
    fresh = _renew_token(row)
    row.fresh_at = at
    _record_entry(row, "accounts.proved_again", at)
    return fresh


def touch_session(*, session_id: int, at: datetime) -> None:
    """Remember that a session was used, and prolong it; at most once an hour.

    The sessions of staff end when they end, used or not.
    """
    row = lock_one(
        select(UserSession).where(
            UserSession.id == session_id,
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at <= at - rules.TOUCH_EVERY,
        )
    )
    if row is None:
        return
    row.last_seen_at = at
    row.expires_at = rules.session_expires_at(row.created_at, at, is_staff=_is_staff(row.user_id))


def sign_out(*, token: str, at: datetime) -> None:
    """End the session of a cookie; one that has ended already stays as it is."""
    row = lock_one(
        select(UserSession).where(
            UserSession.token_hash == hash_of(token), UserSession.ended_at.is_(None)
        )
    )
    if row is not None:
        _end(row, Actor(user_id=row.user_id), at)


def end_session(*, actor: Actor, session_id: int, at: datetime) -> None:
    """End one of one's own sessions, wherever it is. Safe to repeat.

    Raises:
        SessionNotFoundError: the actor has no such session.
    """
    row = lock_one(select(UserSession).where(UserSession.id == session_id))
    if row is None or row.user_id != actor.user_id:
        raise SessionNotFoundError
    if row.ended_at is None:
        _end(row, actor, at)


def end_other_sessions(*, actor: Actor, keep_session_id: int, at: datetime) -> int:
    """End all of one's own sessions but the one at hand; returns how many ended."""
    assert actor.user_id is not None  # noqa: S101 - only a person has sessions
    ended = end_sessions_of(user_id=actor.user_id, keep_session_id=keep_session_id, at=at)
    if ended:
        audit.record(
            actor=actor,
            action="accounts.other_sessions_ended",
            subject_kind="user",
            subject_id=actor.user_id,
            at=at,
            after={"ended": ended},
        )
    return ended


def end_sessions_of(*, user_id: int, keep_session_id: int | None, at: datetime) -> int:
    """End a person's sessions, but for one; returns how many ended."""
    statement = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None)
    )
    if keep_session_id is not None:
        statement = statement.where(UserSession.id != keep_session_id)
    return len(session.scalars(statement.values(ended_at=at).returning(UserSession.id)).all())


def _waits(token: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        UserSession.token_hash == hash_of(token),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > at,
        UserSession.second_factor_at.is_(None),
        UserSession.fresh_at.is_(None),
    )


def _renew_token(row: UserSession) -> str:
    # Whoever saw the old one, before somebody proved more, has nothing by it.
    token = new_token()
    row.token_hash = hash_of(token)
    return token


def _record_entry(row: UserSession, action: str, at: datetime) -> None:
    audit.record(
        actor=Actor(user_id=row.user_id),
        action=action,
        subject_kind="user_session",
        subject_id=row.id,
        at=at,
        after={"ip_address": row.ip_address, "user_agent": row.user_agent},
    )


def _end(row: UserSession, actor: Actor, at: datetime) -> None:
    row.ended_at = at
    audit.record(
        actor=actor,
        action="accounts.session_ended",
        subject_kind="user_session",
        subject_id=row.id,
        at=at,
    )


def _is_staff(user_id: int) -> bool:
    return bool(
        session.scalar(
            select(
                exists()
                .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
                .where(Organisation.id == Membership.organisation_id)
                .where(Organisation.kind.in_(rules.STAFF_KINDS))
            )
        )
    )


def _keep_stronger(user: User, password: str) -> None:
    # Only if nobody changed it meanwhile: the row is not locked while hashing takes its time.
    session.execute(
        update(User)
        .where(User.id == user.id, User.password_hash == user.password_hash)
        .values(password_hash=passwords.hash_password(password))
        .execution_options(synchronize_session=False)
    )
