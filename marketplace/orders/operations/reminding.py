"""Keeping what the last count of promises found, for the desk of the alliance."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert

from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.promises import PromiseReminder


@dataclass(frozen=True, slots=True)
class Tally:
    """What one seller beyond a limit kept and missed.

    Attributes:
        organisation_id: the seller.
        off_kept: parts that it did not call off, and `off_missed` those that it did.
        late_kept: parts handed over in time, and `late_missed` those that were late.
        replies: how many of them it has said something beside.
    """

    organisation_id: int
    off_kept: int
    off_missed: int
    late_kept: int
    late_missed: int
    replies: int


def hold_reminders() -> None:
    """Let nobody else count until the transaction ends: the later count is the one that stays."""
    lock_key("promise-reminders", "")


def replace_reminders(*, tallies: Collection[Tally], at: datetime) -> None:
    """Put what a count has found in the place of what the one before it had. Safe to repeat."""
    session.execute(delete(PromiseReminder))
    if tallies:
        session.execute(
            insert(PromiseReminder), [asdict(tally) | {"counted_at": at} for tally in tallies]
        )
