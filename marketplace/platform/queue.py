"""Asking for work to be done later.

A job is a row that procrastinate's own SQL function writes through our session,
so that it exists if and only if the change that asks for it is committed.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from psycopg.errors import UniqueViolation
from sqlalchemy import Enum, column, select, table, text

from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.statements import Change

JOBS = table(
    "procrastinate_jobs",
    column("id"),
    column("queueing_lock"),
    column("status", Enum("todo", name="procrastinate_job_status")),
)

DEFER = Change(
    text("""
    select procrastinate_defer_jobs_v1(array[row(
        cast(:queue as text), cast(:task as text), 0, cast(null as text), cast(:key as text),
        cast(:arguments as jsonb), cast(:at as timestamptz)
    )::procrastinate_job_to_defer_v1])
""")
)


_quiet: ContextVar[bool] = ContextVar("queue_is_quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Queue nothing and write to nobody inside the block, in this thread only.

    For writing down what happened long ago: nobody waits for its mails and reminders today.
    """
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether what is written now is history that nobody is told of."""
    return _quiet.get()


def defer(
    task_name: str,
    *,
    queue: str = "default",
    key: str | None = None,
    at: datetime | None = None,
    **ids: int | str | None,
) -> None:
    """Queue a job in the current transaction.

    Args:
        task_name: the name a handler in `marketplace.jobs` is registered under.
        queue: "default", or the name of a queue with workers of its own.
        key: of several jobs with one key only one waits at a time; asking again
            while it waits changes nothing.
        at: the earliest moment to run it; at once if None.
        **ids: ids and plain values; the handler loads the rest itself.

    Inside `quiet` it does nothing.
    """
    if is_quiet() or (key is not None and _hold_waiting(key)):
        return
    row = {
        "queue": queue,
        "task": task_name,
        "key": key,
        "arguments": json.dumps(ids, ensure_ascii=False),
        "at": at,
    }
    if key is None:
        DEFER.make(**row)
        return
    try:
        with session.begin_nested():
            DEFER.make(**row)
    except UniqueViolation:
        # Somebody else queued the same key between our look and our insert. Theirs may
        # run before we commit only if it was committed first, so hold it where it waits.
        _hold_waiting(key)


def _hold_waiting(key: str) -> bool:
    """Keep workers from a waiting job of this key until our change is committed too."""
    waiting = select(JOBS.c.id).where(JOBS.c.queueing_lock == key, JOBS.c.status == "todo")
    return lock_one(waiting) is not None
