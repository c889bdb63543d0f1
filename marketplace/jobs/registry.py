"""Which function answers to which job name, and which ones the clock asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Handler = Callable[..., None]
Marked = TypeVar("Marked", bound=Handler)


@dataclass(frozen=True)
class Task:
    """A handler under its name.

    Attributes:
        name: "orders.expire", area and verb.
        handler: takes ids as keywords, ignores keywords it does not know.
        cron: when the clock asks for it (five fields, UTC), or None.
    """

    name: str
    handler: Handler
    cron: str | None = None


TASKS: dict[str, Task] = {}


def job(name: str, *, cron: str | None = None) -> Callable[[Marked], Marked]:
    """Register the function below as the handler of `name`.

    It is called without a transaction, opens its own, and must be safe to run twice: a
    worker that dies hands its job to the next one. It takes ids as keywords and `**_newer`,
    so that a worker on old code can take a job that newer code has queued.

    Args:
        name: what `defer` asks for.
        cron: also run it by the clock, without arguments: "*/5 * * * *" in UTC.
    """

    def register(handler: Marked) -> Marked:
        if name in TASKS:
            raise LookupError(f"two handlers for {name}")
        TASKS[name] = Task(name, handler, cron)
        return handler

    return register
