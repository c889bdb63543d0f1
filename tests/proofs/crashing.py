"""A process that dies: does one thing as the marketplace does it, and is killed on the way.

`python -m tests.proofs.crashing` reads one command a line from its input, as JSON. For each it
forks a child with `FAILPOINT` set; the child builds the application on the database of the command
and acts. The answer is the number of the signal that ended the child, or 0.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask

from marketplace.app import create_app
from marketplace.jobs import worker
from marketplace.jobs.registry import TASKS
from marketplace.platform.config import Settings

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Action:
    """What is done: a form that is sent, or a job, or everything that is due.

    Attributes:
        address: where the form goes; empty for a job.
        cookie: the header of whoever sends it.
        form: its fields.
        file: the field, the name and the content of a file, if one is sent.
        job: the name of a job; "*" is a worker that does what is due.
    """

    address: str = ""
    cookie: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    file: tuple[str, str, str] | None = None
    job: str = ""


def act(app: Flask, action: Action, database_url: str) -> int:
    """Do it. Returns the status of the answer; 0 for a job."""
    context = app.app_context
    if action.job == "*":
        queue = worker.make_app(database_url, context=context)
        asyncio.run(worker.work(queue, context=context, wait=False))
        return 0
    if action.job:
        worker.import_handlers()
        worker.run_task(TASKS[action.job], {}, context=context)
        return 0
    form = dict(action.form)
    if action.file is not None:
        name, file_name, content = action.file
        form[name] = (BytesIO(content.encode("latin-1")), file_name)
    browser = app.test_client(use_cookies=False)
    answer = browser.post(action.address, data=form, headers={"Cookie": action.cookie})
    return answer.status_code


class Crasher:
    """The process, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def kill(self, action: Action, *, at: str, app: Flask, url: str) -> int:
        """Let a child act and die at a failpoint. Returns the signal that ended it, or 0."""
        settings: Settings = app.config["SETTINGS"]
        command = {
            "action": asdict(action),
            "failpoint": at,
            "url": url,
            "var_dir": str(settings.var_dir),
            "secret": settings.secret_key,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def crasher() -> Iterator[Crasher]:
    """Start the process; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.crashing"],
        cwd=ROOT,
        env={**os.environ, "APP_ENV": "test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Crasher(process)
        assert process.stdin is not None
        process.stdin.close()


def main() -> None:
    """Answer commands until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _die(json.loads(line))
        _, status = os.waitpid(child, 0)
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        sys.stdout.write(f"{ended_by}\n")
        sys.stdout.flush()


def _die(command: dict[str, Any]) -> None:
    os.environ["FAILPOINT"] = f"{command['failpoint']}:kill"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    settings = Settings(
        app_env="test",
        secret_key=command["secret"],
        database_url=command["url"],
        var_dir=Path(command["var_dir"]),
        base_url="http://localhost",
        shelf_seconds=0,
    )
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    act(app, Action(**command["action"]), command["url"])
    os._exit(0)


if __name__ == "__main__":
    main()
