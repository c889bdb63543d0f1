"""`marketplace jobs ...`: the queue."""

import asyncio

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.jobs import worker
from marketplace.platform.config import current_settings
from marketplace.platform.logs import configure_logs

jobs = AppGroup("jobs", help="Work to do later.")


@jobs.command()
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
def work(*, once: bool) -> None:
    """Do jobs as they come, until stopped."""
    configure_logs()
    context = current_app._get_current_object().app_context  # type: ignore[attr-defined]  # noqa: SLF001
    queue = worker.make_app(current_settings().database_url, context=context)
    asyncio.run(worker.work(queue, context=context, wait=not once))
