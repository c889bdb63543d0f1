"""Setting up a second factor, new recovery codes, switching it off."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update

from marketplace.accounts import codes, totp
from marketplace.accounts.errors import (
    SecondFactorMissingError,
    SecondFactorPresentError,
    UserNotFoundError,
)
from marketplace.accounts.links import Letter, letter
from marketplace.accounts.operations.sessions import end_sessions_of
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.secrets import seal
from models.accounts import RecoveryCode, TotpFactor, User, UserSession


class SwitchedOn(NamedTuple):
    """The recovery codes, to be shown this once, and the mail that tells the person."""

    codes: tuple[str, ...]
    letter: Letter


def start_second_factor(*, actor: Actor, at: datetime) -> TotpFactor:
    """Make a key for the telephone; it counts for nothing before a code of it was typed.

    Starting again before that makes another key.

    Raises:
        UserNotFoundError: the actor is no person.
        SecondFactorPresentError: there is a confirmed one; it must be switched off first.
    """
    user = _lock_self(actor)
    factor = _lock_factor(user.id)
    if factor is None:
        factor = TotpFactor(user_id=user.id)
        session.add(factor)
    elif factor.confirmed_at is not None:
        raise SecondFactorPresentError
    factor.secret = seal(codes.SEALED_FOR, totp.new_secret())
    factor.created_at = at
    session.flush()
    return factor


def confirm_second_factor(*, actor: Actor, session_id: int, code: str, at: datetime) -> SwitchedOn:
    """Switch the second factor on by a first code; all other sessions end.

    Args:
        actor: the person.
        session_id: the session at hand, which has given a code by this.
        code: what the telephone shows.
        at: the present moment.

    Raises:
        UserNotFoundError: the actor is no person.
        SecondFactorMissingError: it was not started.
        SecondFactorPresentError: it is on already.
        WrongCodeError: not the code of now.
    """
    user = _lock_self(actor)
    factor = _lock_factor(user.id)
    if factor is None:
        raise SecondFactorMissingError
    if factor.confirmed_at is not None:
        raise SecondFactorPresentError
    codes.use_step(factor, codes.plain(code), at=at)
    factor.confirmed_at = at
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user.id)
        .values(second_factor_at=at)
    )
    ended = end_sessions_of(user_id=user.id, keep_session_id=session_id, at=at)
    _record(user, "accounts.second_factor_on", at, after={"sessions_ended": ended})
    return SwitchedOn(_renew(user.id, at), _tell(user, "second_factor_on", at))


def renew_recovery_codes(*, actor: Actor, code: str, at: datetime) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones stop working. To be shown this once.

    Raises:
        UserNotFoundError: the actor is no person.
        SecondFactorMissingError: the person has no second factor.
        WrongCodeError: neither the code of now nor an unused recovery code.
    """
    user = _lock_self(actor)
    codes.use_code(user_id=user.id, code=code, at=at)
    _record(user, "accounts.recovery_codes_renewed", at)
    return _renew(user.id, at)


def switch_off_second_factor(*, actor: Actor, code: str, at: datetime) -> Letter:
    """Sign in with the password alone from now on; key and recovery codes are forgotten.

    Returns:
        The mail that tells the person.

    Raises:
        UserNotFoundError: the actor is no person.
        SecondFactorMissingError: the person has no second factor.
        WrongCodeError: neither the code of now nor an unused recovery code.
    """
    user = _lock_self(actor)
    codes.use_code(user_id=user.id, code=code, at=at)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.execute(delete(TotpFactor).where(TotpFactor.user_id == user.id))
    # Whoever knows only the password must not come in by a session that still waits for a code.
    session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.second_factor_at.is_(None),
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    _record(user, "accounts.second_factor_off", at)
    return _tell(user, "second_factor_off", at)


def _lock_self(actor: Actor) -> User:
    user = lock_one(select(User).where(User.id == actor.user_id))
    if user is None:
        raise UserNotFoundError
    authorize(actor, Permission.PROFILE_EDIT, user)
    return user


def _lock_factor(user_id: int) -> TotpFactor | None:
    return lock_one(select(TotpFactor).where(TotpFactor.user_id == user_id))


def _renew(user_id: int, at: datetime) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    made = tuple(codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES))
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=codes.recovery_hash(user_id, each), created_at=at)
        for each in made
    )
    session.flush()
    return made


def _tell(user: User, template: str, at: datetime) -> Letter:
    return letter(user, template, key=f"{user.id}:{at.isoformat()}")


def _record(user: User, action: str, at: datetime, *, after: dict[str, int] | None = None) -> None:
    audit.record(
        actor=Actor(user_id=user.id),
        action=action,
        subject_kind="user",
        subject_id=user.id,
        at=at,
        after=after,
    )
