"""Searches while the yard that they are answered from is read anew."""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

from marketplace.app import create_app
from marketplace.platform.config import Settings
from marketplace.platform.database import db
from marketplace.reporting.sourcing import yard
from tests.benchmarks.load import Timings

ROUNDS = 3


def beside_reading(settings: Settings, paths: Sequence[str], cookie: str) -> Timings:
    """Time every page from the one that finds the yard too old to the end of its reading.

    In this process, where the yard can be made too old at will: by itself it is so once a minute.
    These are the slowest of all searches, and one in fifty at most is one of them.
    """
    app = create_app(settings)
    client = app.test_client(use_cookies=False)
    headers = {"Accept-Encoding": "gzip", "Cookie": cookie}
    timings, kept = Timings(), yard._kept
    pages = cycle(paths)

    def fetch() -> None:
        began = time.perf_counter()
        answer = client.get(next(pages), headers=headers)
        timings.seconds.append(time.perf_counter() - began)
        timings.failures += answer.status_code != 200

    for _ in paths:
        fetch()
    timings.seconds.clear()
    started = time.perf_counter()
    for _ in range(ROUNDS):
        if kept._copy is None:
            raise RuntimeError("no search has read a yard")
        kept._copy = replace(kept._copy, good_until=0.0)
        fetch()
        while kept._reading.locked():
            fetch()
    timings.wall = time.perf_counter() - started
    with app.app_context():
        db.engine.dispose()
    return timings
