"""What a process reads seldom and answers from often, read anew beside the answers.

Reading what thousands of pages are answered from takes a second at the size of a nation, so no
page waits for it: the one that finds it too old answers with the old one and lets a thread read
the new one. Whoever asks first waits, since there is nothing yet to answer with, and so does who
finds one so old that it would mislead.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Generic, TypeVar

import structlog
from flask import Flask, current_app

from marketplace.platform.config import current_settings

Thing = TypeVar("Thing")
Row = TypeVar("Row")

BUILD_SHARE: Final = 50
"""What takes long to read is kept longer: this many times as long as that took."""

WAIT_SHARE: Final = 1_000
"""What is quickly read is waited for soon; the rest is of use for this many times its reading."""

OLDEST_SECONDS: Final = 1_800.0
"""Past its age, nothing is answered with for longer than this, however long reading takes."""

STEP: Final = 25
"""So many rows are read between two pauses: half a millisecond."""

PAUSE_SECONDS: Final = 0.000_1
"""How long a pause is: enough for a page that waits to go on."""

_is_beside: ContextVar[bool] = ContextVar("is_beside", default=False)
"""Whether this thread reads beside pages, so that nobody waits for it."""

log = structlog.get_logger("kept")


@dataclass(frozen=True, slots=True)
class _Copy(Generic[Thing]):
    """What was read, and of which day; moments are those of the clock that only goes forward."""

    day: date
    thing: Thing
    good_until: float
    usable_until: float


class Kept(Generic[Thing]):
    """One thing of a process, of one day, as old as the setting `shelf_seconds` allows or a little.

    At most one thread reads it, so that there is never more than the old one and the new one.

    Args:
        name: of the thing, for the log.
        read: reads it as of a day, given the one before it.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[date, Thing | None], Thing],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._read = read
        self._clock = clock
        self._copy: _Copy[Thing] | None = None
        self._reading = threading.Lock()

    def of(self, day: date) -> Thing:
        """The thing as of `day`: read now if it may not age, or if there is none to answer with.

        Args:
            day: another one than before, and what was kept is of no use.
        """
        if current_settings().shelf_seconds == 0:
            return self._read(day, None)
        copy = self._usable(day)
        if copy is None:
            return self._wait_for(day)
        if self._clock() >= copy.good_until and self._reading.acquire(blocking=False):
            self._read_beside(copy)
        return copy.thing

    def _usable(self, day: date) -> _Copy[Thing] | None:
        copy = self._copy
        if copy is None or copy.day != day or self._clock() >= copy.usable_until:
            return None
        return copy

    def _wait_for(self, day: date) -> Thing:
        with self._reading:
            # Somebody else may have read it meanwhile.
            copy = self._usable(day) or self._read_anew(day)
            return copy.thing

    def _read_anew(self, day: date) -> _Copy[Thing]:
        """Read it and keep it; only for who holds the lock."""
        before = self._copy
        started = self._clock()
        thing = self._read(day, before.thing if before else None)
        read_at = self._clock()
        took = read_at - started
        good_until = read_at + max(current_settings().shelf_seconds, BUILD_SHARE * took)
        usable_until = good_until + min(OLDEST_SECONDS, WAIT_SHARE * took)
        self._copy = _Copy(day, thing, good_until, usable_until)
        return self._copy

    def _read_beside(self, old: _Copy[Thing]) -> None:
        """Begin to read it in a thread, which gives back the lock that the caller has taken."""
        if self._copy is not old:
            # Somebody has read it since the caller looked.
            self._reading.release()
            return
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            # A process may end in the middle of it: nothing is lost.
            threading.Thread(target=self._read_in, args=(app, old), daemon=True).start()
        except RuntimeError:
            log.exception("no thread to read in", thing=self._name)
            self._try_later(old)
            self._reading.release()

    def _read_in(self, app: Flask, old: _Copy[Thing]) -> None:
        _is_beside.set(True)
        try:
            # A session of its own, closed at the end: this is no part of a page's transaction.
            with app.app_context():
                self._read_anew(old.day)
        except Exception:
            log.exception("not read anew", thing=self._name)
            self._try_later(old)
        finally:
            self._reading.release()

    def _try_later(self, old: _Copy[Thing]) -> None:
        """Let the next reader after a while try again; who needs a newer one reads it himself."""
        seconds = current_settings().shelf_seconds
        self._copy = replace(old, good_until=self._clock() + seconds)


def unhurried(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with pauses where they are read beside pages, which come first.

    Python runs one thread at a time and hands over after 5 ms, several times for each page: with
    pauses a page beside a reading takes a fifth longer than alone, without them up to 2.4 times as
    long.

    Args:
        rows: what is read; where somebody waits for it there are no pauses.
    """
    if not _is_beside.get():
        yield from rows
        return
    for number, row in enumerate(rows):
        if number % STEP == 0:
            time.sleep(PAUSE_SECONDS)
        yield row
