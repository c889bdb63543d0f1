"""Sending requests to a server on this machine, bounded in time, and timing the answers."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CLIENTS = 8
PATIENCE = 20


@dataclass
class Timings:
    """How long each piece of work took, in seconds, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    wall: float = 0.0

    def quantile(self, share: float) -> float:
        """The time, in milliseconds, that this share of the work stayed below."""
        ordered = sorted(self.seconds)
        return 1_000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def per_second(self) -> float:
        """How much was done each second, by all clients together."""
        return len(self.seconds) / self.wall


Work = Callable[[http.client.HTTPConnection, int], bool]
"""One piece of work on a connection; the number says which. Returns whether it went well."""


def fetching(paths: Sequence[str], cookie: str = "") -> Work:
    """Work that gets the addresses one after the other, signed in if there is a cookie."""
    headers = {"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}

    def fetch(connection: http.client.HTTPConnection, number: int) -> bool:
        connection.request("GET", paths[number % len(paths)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status == http.client.OK

    return fetch


def run(port: int, work: Work, *, seconds: float, clients: int = CLIENTS) -> Timings:
    """Let `clients` connections repeat the work for so many seconds."""
    timings = Timings()
    lock = threading.Lock()
    numbers = iter(range(10**9))
    starts_at = time.perf_counter()
    ends_at = starts_at + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while time.perf_counter() < ends_at:
            with lock:
                number = next(numbers)
            began = time.perf_counter()
            went_well = work(connection, number)
            took = time.perf_counter() - began
            with lock:
                timings.seconds.append(took)
                timings.failures += not went_well
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timings.wall = time.perf_counter() - starts_at
    return timings
