"""Forgotten and changed passwords."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import passwords, throttle
from marketplace.accounts.errors import UserNotFoundError, WrongPasswordError
from marketplace.accounts.links import (
    Letter,
    letter,
    letter_with_link,
    use_link,
    void_links,
)
from marketplace.accounts.operations.sessions import end_sessions_of
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform import audit
from marketplace.platform.locking import lock_one
from models.accounts import TokenPurpose, User


def request_password_reset(*, email: str, at: datetime) -> Letter | None:
    """A link to choose a new password, for the owner of the address.

    None, without a word, when nobody has this address or it had five such mails today: the caller
    answers the same in every case.
    """
    address = email.strip().lower()
    if not throttle.within(throttle.RESET_MAIL, address, at):
        return None
    user = lock_one(select(User).where(User.email == address, User.disabled_at.is_(None)))
    return letter_with_link(user, TokenPurpose.RESET_PASSWORD, at) if user else None


def reset_password(*, token: str, password: str, at: datetime) -> Letter:
    """Give a person a new password by a mailed link; every session of theirs ends.

    The link came to their mailbox, so the address counts as confirmed.

    Raises:
        LinkExpiredError: the link was used, replaced, or is too old.
        PasswordTooShortError, PasswordTooLongError, PasswordCommonError, PasswordPersonalError:
            see `passwords.require_acceptable`; the link stays good.
    """
    user = use_link(token, TokenPurpose.RESET_PASSWORD, at)
    user.email_confirmed_at = user.email_confirmed_at or at
    return _set_password(
        user, password, action="accounts.password_reset", keep_session_id=None, at=at
    )


def change_password(
    *, actor: Actor, current: str, password: str, keep_session_id: int, at: datetime
) -> Letter:
    """Give oneself a new password; all other sessions end. Returns the mail that says so.

    Raises:
        UserNotFoundError: the actor is no person.
        WrongPasswordError: `current` is not the present one.
        PasswordTooShortError, PasswordTooLongError, PasswordCommonError, PasswordPersonalError:
            see `passwords.require_acceptable`.
    """
    user = lock_one(select(User).where(User.id == actor.user_id))
    if user is None:
        raise UserNotFoundError
    authorize(actor, Permission.PROFILE_EDIT, user)
    if not passwords.matches(current, user.password_hash):
        raise WrongPasswordError(field="current")
    return _set_password(
        user,
        password,
        action="accounts.password_changed",
        keep_session_id=keep_session_id,
        at=at,
    )


def _set_password(
    user: User, password: str, *, action: str, keep_session_id: int | None, at: datetime
) -> Letter:
    passwords.require_acceptable(password, about=(user.full_name, user.email))
    user.password_hash = passwords.hash_password(password)
    ended = end_sessions_of(user_id=user.id, keep_session_id=keep_session_id, at=at)
    # Whoever knew the old password may have asked for another address.
    void_links(user.id, TokenPurpose.CHANGE_EMAIL, at)
    audit.record(
        actor=Actor(user_id=user.id),
        action=action,
        subject_kind="user",
        subject_id=user.id,
        at=at,
        after={"sessions_ended": ended},
    )
    return letter(user, "password_changed", key=f"{user.id}:{at.isoformat()}")
