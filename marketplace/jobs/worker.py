"""Running what is due: a procrastinate worker over our handlers.

A handler that raises is tried again later, each time after a longer pause; a refusal
(`DomainError`) is final, unless it says that something did not answer.
"""

import asyncio
import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from importlib import import_module
from typing import Any

import procrastinate
import structlog
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from structlog.contextvars import bound_contextvars

from marketplace import jobs
from marketplace.jobs.registry import TASKS, Task
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError, UnavailableError
from marketplace.platform import health
from marketplace.platform.transaction import transaction

MAX_ATTEMPTS = 8
FIRST_PAUSE_S = 5
LONGEST_PAUSE_S = 3600
KEEP_FINISHED = timedelta(days=7)
GRACE_S = 10.0
CONCURRENCY = 2

Context = Callable[[], AbstractContextManager[Any]]

log = structlog.get_logger("jobs")


class PatientRetry(BaseRetryStrategy):
    """Again after 5, 10, 20 … seconds, eight times in all; refusals are final."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try `job` again; None: never."""
        is_final = isinstance(exception, DomainError) and not isinstance(
            exception, UnavailableError
        )
        if is_final or job.attempts + 1 >= MAX_ATTEMPTS:
            return None
        pause = min(FIRST_PAUSE_S * 2**job.attempts, LONGEST_PAUSE_S)
        return RetryDecision(retry_in={"seconds": pause})


def import_handlers() -> None:
    """Read every module of handlers, so that each registers what it has."""
    for module in pkgutil.iter_modules(jobs.__path__):
        import_module(f"{jobs.__name__}.{module.name}")


def run_task(task: Task, arguments: dict[str, Any], *, context: Context) -> None:
    """Run one handler in an application context of its own, and log how it ended.

    Args:
        task: what to run.
        arguments: as they were queued.
        context: makes an application context, whose session the handler uses.

    Raises:
        Exception: whatever the handler raised; the queue decides what follows.
    """
    with bound_contextvars(task=task.name), context():
        try:
            task.handler(**arguments)
        except DomainError as error:
            log.info("job refused", code=error.code)
            raise
        except Exception:
            log.exception("job failed")
            raise
        log.info("job done")


def make_app(conninfo: str, *, context: Context) -> procrastinate.App:
    """The queue with every handler on it.

    Args:
        conninfo: where the database is, for libpq, as the serving role.
        context: makes an application context.
    """
    import_handlers()
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4)
    app = procrastinate.App(connector=connector)
    for task in TASKS.values():
        _add(app, task, context)
    _add_upkeep(app)
    return app


async def work(app: procrastinate.App, *, context: Context, wait: bool = True) -> None:
    """Do jobs until asked to stop, or with `wait` off until none is due.

    Without `wait` they are done one after the other: a second one would find the queue empty, and
    stop, while the first still writes down what is to be done after it.
    """
    async with app.open_async():
        heart = asyncio.create_task(_beat(context))
        try:
            await app.run_worker_async(
                concurrency=CONCURRENCY if wait else 1,
                wait=wait,
                install_signal_handlers=wait,
                shutdown_graceful_timeout=GRACE_S,
            )
        finally:
            heart.cancel()


def _add(app: procrastinate.App, task: Task, context: Context) -> None:
    def run(*_clock: int, **arguments: Any) -> None:  # noqa: ANN401 - as queued
        arguments.pop("timestamp", None)  # the clock says for which moment it asks
        run_task(task, arguments, context=context)

    queued = app.task(name=task.name, retry=PatientRetry())(run)
    if task.cron is not None:
        app.periodic(cron=task.cron)(queued)


def _add_upkeep(app: procrastinate.App) -> None:
    """What the queue needs for itself."""

    async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 - the clock says it
        for stalled in await app.job_manager.get_stalled_jobs():
            log.warning("job taken from a dead worker", task=stalled.task_name, job=stalled.id)
            await app.job_manager.retry_job(stalled)

    async def remove_finished(timestamp: int) -> None:  # noqa: ARG001 - the clock says it
        hours = int(KEEP_FINISHED.total_seconds() // 3600)
        await app.job_manager.delete_old_jobs(nb_hours=hours)

    stalled_task = app.task(name="queue.retry_stalled", queueing_lock="queue.retry_stalled")
    app.periodic(cron="* * * * *")(stalled_task(retry_stalled))
    finished_task = app.task(name="queue.remove_finished", queueing_lock="queue.remove_finished")
    app.periodic(cron="15 20 * * *")(finished_task(remove_finished))


async def _beat(context: Context) -> None:
    while True:
        await asyncio.to_thread(_beat_once, context)
        await asyncio.sleep(health.HEARTBEAT_EVERY.total_seconds())


def _beat_once(context: Context) -> None:
    try:
        with context(), transaction():
            health.beat(health.WORKER, at=now())
    except Exception:
        log.exception("heartbeat failed")
