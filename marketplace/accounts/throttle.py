"""How often somebody may try, counted in the database so that all processes count together.

Windows are fixed: they begin at multiples of their length, so a counter is one row and one
statement. The table is unlogged: a crash of the server forgets the counts, nothing else. When the
database does not answer nobody gets in, which is what sign-in wants.

Source of the limits: what PyPI does (warehouse), with room for telephone networks, where many
people share one address.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.platform.database import session
from models.accounts import ThrottleCounter

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
KEPT_FOR: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries of `what` in each window."""

    what: str
    most: int
    window: timedelta


SIGN_IN_ACCOUNT: Final = Limit("sign-in:account", 10, timedelta(minutes=5))
SIGN_IN_ADDRESS: Final = Limit("sign-in:address", 30, timedelta(minutes=5))
SIGN_UP_ADDRESS: Final = Limit("sign-up:address", 30, timedelta(hours=1))
CONFIRM_MAIL: Final = Limit("confirm-mail:account", 3, timedelta(hours=6))
RESET_MAIL: Final = Limit("reset-mail:account", 5, timedelta(days=1))
SECOND_FACTOR: Final = Limit("second-factor:account", 10, timedelta(minutes=15))
"""Three codes of a million are good at a time: guessing day and night finds one in a year."""
INVITATION_MAIL: Final = Limit("invitation-mail:address", 5, timedelta(days=1))
CHANGE_MAIL: Final = Limit("change-mail:account", 5, timedelta(days=1))
RESET_ADDRESS: Final = Limit("reset:address", 30, timedelta(hours=1))

JOIN_ADDRESS: Final = Limit("join:address", 30, timedelta(hours=1))
JOIN_MAIL: Final = Limit("join-mail:address", 5, timedelta(days=1))
JOIN_UPLOAD: Final = Limit("join-upload:address", 120, timedelta(hours=1))
"""An application has a dozen papers; several cooperatives of a commune may share an address."""


def allow(key: str, limit: int, window: timedelta, at: datetime) -> bool:
    """Count one try of `key` and say whether it is within `limit` for the window around `at`.

    The count is part of the caller's transaction; several at once wait for each other.

    Args:
        key: what is counted and whose, at most 120 characters.
        limit: how many tries a window has.
        window: how long it is.
        at: the present moment.
    """
    statement = insert(ThrottleCounter).values(
        key=key, window_starts_at=_window_start(window, at), count=1
    )
    counted = session.scalar(
        statement.on_conflict_do_update(
            index_elements=[ThrottleCounter.key, ThrottleCounter.window_starts_at],
            set_={"count": ThrottleCounter.count + 1},
        ).returning(ThrottleCounter.count)
    )
    return counted is not None and counted <= limit


def within(limit: Limit, whose: str, at: datetime) -> bool:
    """Count one try and say whether it may go on. `whose` is kept as a hash only."""
    return allow(_key(limit, whose), limit.most, limit.window, at)


def spend(limit: Limit, whose: str, at: datetime) -> None:
    """Count one try and refuse it when there have been too many.

    Call it in a transaction of its own **before** the thing that is tried, so that a failure of
    that does not take the count back.

    Raises:
        TooManyAttemptsError: with the `minutes` until the window ends.
    """
    if not within(limit, whose, at):
        left = _window_start(limit.window, at) + limit.window - at
        raise TooManyAttemptsError(minutes=max(1, math.ceil(left / timedelta(minutes=1))))


def spend_sign_in(*, email: str, ip_address: str, at: datetime) -> None:
    """Count a try to sign in, for the account and for the address it comes from.

    Raises:
        TooManyAttemptsError: too many for either.
    """
    spend(SIGN_IN_ADDRESS, ip_address, at)
    spend(SIGN_IN_ACCOUNT, email.strip().lower(), at)


def spend_second_factor(*, user_id: int, ip_address: str, at: datetime) -> None:
    """Count a try with a code, for the person and for the address it comes from.

    Raises:
        TooManyAttemptsError: too many for either.
    """
    spend(SIGN_IN_ADDRESS, ip_address, at)
    spend(SECOND_FACTOR, str(user_id), at)


def forget_old_counts(at: datetime) -> int:
    """Remove the counters of windows long gone; returns how many."""
    gone = session.execute(
        delete(ThrottleCounter)
        .where(ThrottleCounter.window_starts_at < at - KEPT_FOR)
        .returning(ThrottleCounter.key)
    )
    return len(gone.all())


def _window_start(window: timedelta, at: datetime) -> datetime:
    return at - (at - EPOCH) % window


def _key(limit: Limit, whose: str) -> str:
    return f"{limit.what}:{hashlib.sha256(whose.encode()).hexdigest()}"
