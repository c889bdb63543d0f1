"""Whom the alliance is to remind of promises: the sellers beyond a limit, as last counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import within_reach
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.reading import read
from marketplace.reporting.promises import IS_THERE, Figure
from models.accounts import Organisation
from models.promises import PromiseReminder


@dataclass(frozen=True, slots=True)
class Reminder:
    """A seller beyond a limit, for the alliance to speak with, as counted at a moment."""

    code: str
    name: str
    province_code: str
    called_off: Figure
    handed_over: Figure
    replies: int
    counted_at: datetime


def sellers_to_remind(*, viewer: Actor, page: PageRequest) -> Page[Reminder]:
    """The sellers in reach beyond a limit, as the last count found them, by name.

    Three statements.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    conditions = _to_remind(viewer)
    rows = read(
        select(
            Organisation.code,
            Organisation.name,
            Organisation.province_code,
            PromiseReminder.off_kept,
            PromiseReminder.off_missed,
            PromiseReminder.late_kept,
            PromiseReminder.late_missed,
            PromiseReminder.replies,
            PromiseReminder.counted_at,
        )
        .join(PromiseReminder, PromiseReminder.organisation_id == Organisation.id)
        .where(*conditions)
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(page.size)
        .offset(page.offset)
    )
    found = [
        Reminder(
            code, name, province, Figure(kept, off), Figure(in_time, late), replies, counted_at
        )
        for code, name, province, kept, off, in_time, late, replies, counted_at in rows
    ]
    return Page(found, page, _count(conditions))


def count_to_remind(*, viewer: Actor) -> int:
    """How many sellers in reach are beyond a limit, as the last count found them.

    Two statements.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    return _count(_to_remind(viewer))


def _to_remind(viewer: Actor) -> Sequence[ColumnElement[bool]]:
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    return (IS_THERE, *within_reach(viewer, Organisation.province_code))


def _count(conditions: Sequence[ColumnElement[bool]]) -> int:
    [[total]] = read(
        select(func.count())
        .select_from(PromiseReminder)
        .join(Organisation, Organisation.id == PromiseReminder.organisation_id)
        .where(*conditions)
    )
    return int(total)
