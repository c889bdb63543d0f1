"""Two people at once, and how to take out what keeps them apart."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.errors import DomainError
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from tests.conftest import CommittedDatabase


def both(market: CommittedDatabase, *acts: Callable[[int], Any]) -> list[Any]:
    """Do two things at the same time, or one twice; the results, or the refusals."""
    started = threading.Barrier(2)

    def run(index: int) -> Any:
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return acts[index % len(acts)](index)
            except (DomainError, IntegrityError) as refused:
                return refused

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def unlocked(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Take the locks out of a module."""
    monkeypatch.setattr(module, "lock_key", lambda *_: None, raising=False)
    monkeypatch.setattr(module, "lock_one", session.scalar, raising=False)


def meet_after(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Both wait for each other once they have done what is called `name`."""
    together = threading.Barrier(2, timeout=30)
    done = getattr(module, name)

    def met(*values: Any, **more: Any) -> Any:
        result = done(*values, **more)
        together.wait()
        return result

    monkeypatch.setattr(module, name, met)


def kinds(results: Sequence[Any]) -> list[str]:
    """The names of what came out, sorted."""
    return sorted(type(each).__name__ for each in results)


def all_of(column: Any) -> list[Any]:
    """What stands in a column now, sorted."""
    session.rollback()
    return sorted(session.scalars(select(column)))
