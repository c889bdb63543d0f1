"""The second step of signing in: a code from the telephone, or one from paper; each works once."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select, update

from marketplace.accounts import totp
from marketplace.accounts.errors import SecondFactorMissingError, WrongCodeError
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.secrets import unseal
from models.accounts import RecoveryCode, TotpFactor

SEALED_FOR: Final = "totp"
RECOVERY_CODES: Final = 10
ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that nobody mistakes for one another on paper."""
GROUPS: Final = 4
GROUP_LENGTH: Final = 4
"""16 of 30 signs are 78 bits: too many to guess, even from the hash."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """How far a person's second factor is, for their own eyes.

    Attributes:
        confirmed_at: since when it is on; None while it is being set up.
        key: what goes into the telephone; empty once it is on, for then nobody sees it again.
        codes_left: how many recovery codes were not used.
    """

    confirmed_at: datetime | None
    key: str
    codes_left: int


def find_second_factor(user_id: int) -> SecondFactor | None:
    """A person's second factor, on or being set up."""
    factor = session.scalar(select(TotpFactor).where(TotpFactor.user_id == user_id))
    if factor is None:
        return None
    left = session.scalar(
        select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )
    key = "" if factor.confirmed_at else unseal(SEALED_FOR, factor.secret)
    return SecondFactor(factor.confirmed_at, key, left or 0)


def has_second_factor(user_id: int) -> bool:
    """Whether signing in takes a code, too."""
    return bool(
        session.scalar(
            select(
                exists().where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None))
            )
        )
    )


def use_code(*, user_id: int, code: str, at: datetime, field: str = "code") -> None:
    """Take a code of the moment, or a recovery code, which is used up by it.

    Several at once with the same code wait for each other; one of them gets through. Count the
    try first, in a transaction of its own: `throttle.spend_second_factor`.

    Raises:
        SecondFactorMissingError: the person has no second factor.
        WrongCodeError: neither, or used before. Details: `field`.
    """
    factor = lock_one(
        select(TotpFactor).where(
            TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None)
        )
    )
    if factor is None:
        raise SecondFactorMissingError
    typed = plain(code)
    if len(typed) == totp.DIGITS:
        use_step(factor, typed, at=at, field=field)
    else:
        _use_recovery_code(user_id, typed, at=at, field=field)


def use_step(factor: TotpFactor, typed: str, *, at: datetime, field: str = "code") -> None:
    """Take a code of the telephone; its step and all before it are used up. Lock the factor first.

    Raises:
        WrongCodeError: not the code of now, or used before. Details: `field`.
    """
    secret = unseal(SEALED_FOR, factor.secret)
    step = totp.matching_step(secret, typed, at=at, after=factor.last_step)
    if step is None:
        raise WrongCodeError(field=field)
    factor.last_step = step


def plain(code: str) -> str:
    """A code as it is compared: without spaces and dashes, in capitals."""
    return "".join(code.split()).replace("-", "").upper()


def new_recovery_code() -> str:
    """A code for paper, `ABCD-EFGH-JKMN-PQRS`."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def recovery_hash(user_id: int, code: str) -> str:
    """What is kept of a recovery code."""
    return hash_of(f"{user_id}:{plain(code)}")


def _use_recovery_code(user_id: int, typed: str, *, at: datetime, field: str) -> None:
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == recovery_hash(user_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    )
    if used is None:
        raise WrongCodeError(field=field)
    audit.record(
        actor=Actor(user_id=user_id),
        action="accounts.recovery_code_used",
        subject_kind="recovery_code",
        subject_id=used,
        at=at,
    )
