"""Running the operations against the servers and reading what they cost."""

from dataclasses import dataclass

from tests.benchmarks import load, processes
from tests.benchmarks.database import Filled
from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.journeys import BOOK, BOOK_NAME, READINGS, Goal
from tests.benchmarks.servers import Server, serving
from tests.benchmarks.signing_in import accountant_cookie
from tests.benchmarks.statements import Counter

WARM_UP = 0.7
MILLISECONDS = 1_000
BOOK_P95_MS = 50


@dataclass(frozen=True)
class Meter:
    """A server, the database behind it, and how long to look."""

    server: Server
    database: Filled
    seconds: float

    def cost_of(self, work: load.Work) -> tuple[load.Timings, float, float]:
        """The timings, and the CPU milliseconds of application and database for each piece."""
        load.run(self.server.port, work, seconds=WARM_UP)
        before = self._cpu()
        timings = load.run(self.server.port, work, seconds=self.seconds)
        after = self._cpu()
        done = len(timings.seconds)
        application, database = (
            (late - early) * MILLISECONDS / done for early, late in zip(before, after, strict=True)
        )
        return timings, application, database

    def _cpu(self) -> tuple[float, float]:
        return processes.cpu_seconds(self.server.pid), processes.cpu_seconds(self.database.pid)

    def figure(
        self, name: str, work: load.Work, *, b_ms: float, statements: int | None, goal: Goal
    ) -> Figure:
        """What one operation costs."""
        timings, application, database = self.cost_of(work)
        return Figure(
            name=name,
            per_second=timings.per_second,
            p50=timings.quantile(0.5),
            p95=timings.quantile(0.95),
            application_ms=application,
            database_ms=database,
            in_b=(application + database) / b_ms,
            statements=statements,
            failures=timings.failures,
            goal=goal,
        )


def measure(database: Filled, *, seconds: float) -> Figures:
    """All operations, each for so many seconds after a warm-up."""
    with serving("tests.benchmarks.bare:app", "/page", database.environment, is_bare=True) as bare:
        _, unit, _ = Meter(bare, database, seconds).cost_of(load.fetching(["/page"]))
    figures = Figures(b_ms=unit)
    counter = Counter(database.settings)
    cookie = accountant_cookie(database.settings)
    with serving("wsgi:app", "/healthz", database.environment) as shop:
        figures.facts.append(("web server ready after", shop.ready_after, "s", 2.0))
        meter = Meter(shop, database, seconds)
        for reading in READINGS:
            figures.operations.append(
                meter.figure(
                    reading.name,
                    load.fetching(reading.paths),
                    b_ms=unit,
                    statements=counter.reading(reading.paths[0]),
                    goal=reading.goal,
                )
            )
        book = meter.figure(
            BOOK_NAME,
            load.fetching([BOOK], cookie=cookie),
            b_ms=unit,
            statements=counter.reading(BOOK, cookie=cookie),
            goal=Goal(),
        )
        figures.operations.append(book)
        alone = load.run(shop.port, load.fetching([BOOK], cookie=cookie), seconds=2, clients=1)
        figures.facts += [
            (f"{BOOK_NAME}, one reader, p95", alone.quantile(0.95), "ms", BOOK_P95_MS),
            (
                "memory of two web workers and their master (PSS)",
                processes.pss_mib(shop.pid),
                "MiB",
                200,
            ),
        ]
    counter.close()
    return figures
