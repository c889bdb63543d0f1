"""Work deferred in our own transaction, and the worker that does it."""

import asyncio
import json
import time

import pytest
from procrastinate.jobs import Job
from sqlalchemy import text

from marketplace.jobs import worker
from marketplace.jobs.registry import TASKS, Task
from marketplace.kernel.errors import ConflictError, UnavailableError
from marketplace.platform.database import db
from marketplace.platform.queue import defer
from marketplace.platform.transaction import transaction
from tests.moments import MONDAY

WAITING = text(
    "select task_name, queue_name, queueing_lock, args, scheduled_at "
    "from procrastinate_jobs where status = 'todo' order by id"
)


def waiting(session):
    return [tuple(row) for row in session.execute(WAITING)]


def test_a_job_carries_its_arguments(session):
    defer("test.greet", queue="slow", at=MONDAY, order_id=7, word="chào")

    assert waiting(session) == [
        ("test.greet", "slow", None, {"order_id": 7, "word": "chào"}, MONDAY)
    ]


def test_a_job_exists_only_if_the_change_does(session):
    with pytest.raises(ZeroDivisionError), transaction():
        defer("test.greet", order_id=1)
        _ = 1 / 0

    assert waiting(session) == []


def test_of_jobs_with_one_key_one_waits(session):
    defer("test.index", key="index:1", product_id=1)
    defer("test.index", key="index:1", product_id=1)
    defer("test.index", key="index:2", product_id=2)

    assert [row[2] for row in waiting(session)] == ["index:1", "index:2"]


def test_a_key_is_free_again_when_its_job_runs(session):
    defer("test.index", key="index:1")
    session.execute(text("update procrastinate_jobs set status = 'doing'"))

    defer("test.index", key="index:1")

    assert len(waiting(session)) == 1


@pytest.fixture
def tasks(monkeypatch):
    """Handlers of this test only; it gives the list of calls they got."""
    calls = []

    def greet(*, order_id, **_newer):
        calls.append(order_id)

    def refuse(**_newer):
        calls.append("refused")
        raise ConflictError

    def fail(**_newer):
        calls.append("failed")
        raise UnavailableError

    for name, handler in (("test.greet", greet), ("test.refuse", refuse), ("test.fail", fail)):
        monkeypatch.setitem(TASKS, name, Task(name, handler))
    return calls


def run_what_is_due(database):
    context = database.app.app_context
    queue = worker.make_app(database.url, context=context)
    asyncio.run(worker.work(queue, context=context, wait=False))


def statuses(database):
    with database.app.app_context():
        rows = db.session.execute(
            text(
                "select task_name, status::text, attempts from procrastinate_jobs "
                "where task_name like 'test.%' order by id"
            )
        )
        return [tuple(row) for row in rows]


def test_the_worker_does_what_is_due(committed_database, tasks):
    with committed_database.app.app_context(), transaction():
        defer("test.greet", order_id=7)
        defer("test.refuse")
        defer("test.fail")

    run_what_is_due(committed_database)

    assert sorted(map(str, tasks)) == ["7", "failed", "refused"]
    assert statuses(committed_database) == [
        ("test.greet", "succeeded", 1),
        ("test.refuse", "failed", 1),
        ("test.fail", "todo", 1),
    ]


def test_what_a_slow_job_asks_for_is_due_too(committed_database, tasks, monkeypatch):
    def announce(**_newer):
        time.sleep(0.5)  # long enough for a second worker to find the queue empty
        with transaction():
            defer("test.greet", order_id=8)

    monkeypatch.setitem(TASKS, "test.announce", Task("test.announce", announce))
    with committed_database.app.app_context(), transaction():
        defer("test.announce")

    run_what_is_due(committed_database)

    assert tasks == [8]


def test_the_worker_says_that_it_lives(committed_database, tasks):
    run_what_is_due(committed_database)

    with committed_database.app.app_context():
        names = db.session.scalars(text("select name from heartbeats")).all()
    assert names == ["worker"]


def test_the_job_of_a_dead_worker_is_done_by_the_next(committed_database, tasks):
    with committed_database.app.app_context(), transaction():
        defer("test.greet", order_id=9)
        db.session.execute(
            text("""
                with dead as (
                    insert into procrastinate_workers (last_heartbeat)
                    values (now() - interval '1 hour') returning id
                )
                update procrastinate_jobs set status = 'doing', worker_id = (select id from dead)
            """)
        )
        defer("queue.retry_stalled", timestamp=0)

    run_what_is_due(committed_database)

    assert tasks == [9]


def test_pauses_grow_and_end():
    def decision(attempts, error):
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        return worker.PatientRetry().get_retry_decision(exception=error, job=job)

    assert decision(0, UnavailableError()) is not None
    assert decision(6, RuntimeError()) is not None
    assert decision(7, RuntimeError()) is None
    assert decision(0, ConflictError()) is None


def test_arguments_are_plain_json(session):
    defer("test.greet", order_id=None)

    [(_, _, _, arguments, _)] = waiting(session)
    assert json.dumps(arguments) == '{"order_id": null}'
