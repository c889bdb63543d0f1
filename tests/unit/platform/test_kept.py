"""What a process keeps is read beside its answers, by one thread at a time, and again after errors.

No test waits for a moment to pass: the clock is turned by hand, and whoever reads stands still
until the test lets it go on.
"""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask, current_app
from structlog.testing import capture_logs

from marketplace.platform import kept
from marketplace.platform.config import current_settings, use_settings
from marketplace.platform.kept import (
    BUILD_SHARE,
    OLDEST_SECONDS,
    PAUSE_SECONDS,
    STEP,
    WAIT_SHARE,
    Kept,
    unhurried,
)
from tests.moments import MONDAY_DAY, TUESDAY_DAY

SECONDS = 5
QUICK = 1 / 16
"""Seconds that a reading takes: a fraction that adds up exactly, and so short that it keeps 5 s."""
PATIENCE = 3
"""Seconds after which a test that hangs fails instead."""


class OutOfOrderError(Exception):
    """What could not be read."""


class Source:
    """Something to keep: numbers itself, takes as long as it is told, and can be stopped."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.takes = QUICK
        self.calls: list[tuple[object, object, str, object]] = []
        self.refuses = False
        self.inside = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.at_once = self.most_at_once = 0
        self.kept = Kept("thing", self.read, clock=lambda: self.now)

    def read(self, day, before):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        app = current_app._get_current_object() if current_app else None
        self.calls.append((day, before, threading.current_thread().name, app))
        number = len(self.calls)
        self.inside.set()
        try:
            assert self.go_on.wait(PATIENCE)
            self.now += self.takes
            if self.refuses:
                raise OutOfOrderError
        finally:
            self.at_once -= 1
        return f"{day:%d}-{number}"

    def stop(self):
        """From now on whoever reads stands still in the middle of it."""
        self.inside.clear()
        self.go_on.clear()

    def finish(self):
        """Let the reader go on, and wait until it has ended."""
        self.go_on.set()
        assert self.kept._reading.acquire(timeout=PATIENCE)
        self.kept._reading.release()

    def of(self, day=MONDAY_DAY):
        return self.kept.of(day)


@pytest.fixture
def app():
    with Flask("kept").app_context() as context:
        yield context.app


@pytest.fixture
def source(app):
    before = current_settings()
    use_settings(replace(before, shelf_seconds=SECONDS))
    made = Source()
    yield made
    made.finish()
    use_settings(before)


class TestAge:
    def test_nothing_is_kept_where_it_may_not_age(self, source):
        use_settings(replace(current_settings(), shelf_seconds=0))

        assert [source.of(), source.of()] == ["02-1", "02-2"]
        assert [call[:2] for call in source.calls] == [(MONDAY_DAY, None)] * 2

    def test_the_first_waits_and_the_others_have_the_same(self, source):
        assert [source.of() for _ in range(3)] == ["02-1"] * 3

    def test_until_its_age_nobody_reads(self, source):
        source.of()
        source.now += SECONDS - 0.001
        source.of()

        assert len(source.calls) == 1
        assert not source.kept._reading.locked()

    def test_what_takes_long_is_kept_longer(self, source):
        source.takes = 2.0
        source.of()
        source.now += BUILD_SHARE * 2.0 - 0.001
        source.of()
        assert len(source.calls) == 1

        source.now += 0.002
        assert source.of() == "02-1"
        source.finish()

        assert source.of() == "02-2"

    def test_on_another_day_the_reader_waits_and_the_reading_knows_what_was(self, source):
        source.of()

        assert source.of(TUESDAY_DAY) == "03-2"
        assert source.calls[1][:2] == (TUESDAY_DAY, "02-1")


class TestBeside:
    def test_the_old_one_is_answered_with_while_one_thread_reads(self, source, app):
        source.of()
        source.now += SECONDS
        source.stop()

        assert source.of() == "02-1"
        assert source.inside.wait(PATIENCE)
        assert [source.of() for _ in range(20)] == ["02-1"] * 20
        source.finish()

        assert source.of() == "02-2"
        assert len(source.calls) == 2
        _day, before, thread, where = source.calls[1]
        assert (before, where) == ("02-1", app)
        assert thread != threading.current_thread().name

    def test_of_many_at_once_one_begins_to_read(self, source, app):
        source.of()
        source.now += SECONDS
        source.stop()
        together = threading.Barrier(8, timeout=PATIENCE)

        def ask(_number):
            with app.app_context():
                together.wait()
                return source.of()

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))
        source.finish()

        assert answers == ["02-1"] * 8
        assert (len(source.calls), source.most_at_once) == (2, 1)

    def test_who_looked_before_another_had_read_does_not_read_again(self, source):
        source.of()
        source.now += SECONDS
        seen = source.kept._copy
        source.of()
        source.finish()

        assert source.kept._reading.acquire(blocking=False)
        source.kept._read_beside(seen)

        assert not source.kept._reading.locked()
        assert len(source.calls) == 2

    def test_it_reads_in_a_context_of_its_own(self, source, app):
        ended = []
        app.teardown_appcontext(lambda _error: ended.append(threading.current_thread().name))
        source.of()
        source.now += SECONDS
        source.of()
        source.finish()

        assert ended == [source.calls[1][2]]


class TestMemory:
    def test_there_are_never_more_than_the_old_one_and_the_new_one(self, source):
        class Large:
            """Something that can be watched."""

        alive = weakref.WeakSet()
        counts = []

        def read(_day, _before):
            made = Large()
            alive.add(made)
            gc.collect()
            counts.append(len(alive))
            source.now += QUICK
            return made

        source.kept = Kept("large", read, clock=lambda: source.now)
        for _ in range(4):
            source.of()
            source.finish()
            source.now += SECONDS
        gc.collect()

        assert counts == [1, 2, 2, 2]
        assert len(alive) == 1


class TestUnhurried:
    @pytest.fixture
    def pauses(self, monkeypatch):
        slept = []
        monkeypatch.setattr(kept.time, "sleep", slept.append)
        return slept

    def test_rows_that_somebody_waits_for_have_no_pauses(self, pauses):
        assert list(unhurried(range(3 * STEP))) == list(range(3 * STEP))
        assert pauses == []

    def test_beside_a_page_there_is_one_after_every_few(self, source, pauses):
        rows = []

        def read(_day, _before):
            source.now += QUICK
            rows.append(list(unhurried(range(3 * STEP))))
            return len(rows)

        source.kept = Kept("rows", read, clock=lambda: source.now)
        source.of()
        assert pauses == []
        source.now += SECONDS
        source.of()
        source.finish()

        assert source.of() == 2
        assert rows == [list(range(3 * STEP))] * 2
        assert pauses == [PAUSE_SECONDS] * 3


class TestTooOld:
    def old(self, source, *, took):
        """The thing at the very end of its use."""
        source.takes = took
        source.of()
        use = min(OLDEST_SECONDS, WAIT_SHARE * took)
        source.now += max(SECONDS, BUILD_SHARE * took) + use

    @pytest.mark.parametrize("took", [QUICK, 0.5, 60.0])
    def test_the_reader_waits(self, source, took):
        self.old(source, took=took)

        assert source.of() == "02-2"
        assert source.calls[1][2] == threading.current_thread().name

    @pytest.mark.parametrize("took", [QUICK, 0.5, 60.0])
    def test_and_a_moment_before_does_not(self, source, took):
        self.old(source, took=took)
        source.now -= 0.001
        source.stop()

        assert source.of() == "02-1"
        source.finish()

    def test_who_waits_while_a_thread_reads_has_what_that_read(self, source, app):
        source.of()
        source.now += SECONDS
        source.stop()
        source.of()
        assert source.inside.wait(PATIENCE)
        source.now += WAIT_SHARE * QUICK

        def ask():
            with app.app_context():
                return source.of()

        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(ask)
            source.finish()

            assert answer.result(PATIENCE) == "02-2"
        assert (len(source.calls), source.most_at_once) == (2, 1)


class TestErrors:
    def test_are_logged_and_tried_again_after_a_while(self, source):
        source.of()
        source.now += SECONDS
        source.refuses = True
        with capture_logs() as logs:
            source.of()
            source.finish()
        assert [(each["event"], each["thing"], each["log_level"]) for each in logs] == [
            ("not read anew", "thing", "error")
        ]
        assert [source.of() for _ in range(3)] == ["02-1"] * 3
        assert len(source.calls) == 2

        source.refuses = False
        source.now += SECONDS
        assert source.of() == "02-1"
        source.finish()

        assert source.of() == "02-3"

    def test_do_not_make_the_old_one_last_longer(self, source):
        source.of()
        for _ in range(int(WAIT_SHARE * QUICK / SECONDS) + 1):
            source.now += SECONDS
            source.refuses = True
            source.of()
            source.finish()
        source.refuses = False
        source.now += SECONDS

        number = len(source.calls) + 1
        assert source.of() == f"02-{number}"

    def test_reach_who_waits_and_leave_the_way_free(self, source):
        source.refuses = True
        with pytest.raises(OutOfOrderError):
            source.of()
        source.refuses = False

        assert source.of() == "02-2"

    def test_no_thread_to_be_had_is_no_error_of_the_page(self, source, monkeypatch):
        class NoThread(threading.Thread):
            def start(self):
                raise RuntimeError("can't start new thread")

        source.of()
        source.now += SECONDS
        monkeypatch.setattr(kept.threading, "Thread", NoThread)
        with capture_logs() as logs:
            assert [source.of(), source.of()] == ["02-1", "02-1"]
        assert [each["event"] for each in logs] == ["no thread to read in"]
        monkeypatch.undo()

        source.now += SECONDS
        source.of()
        source.finish()
        assert source.of() == "02-2"
