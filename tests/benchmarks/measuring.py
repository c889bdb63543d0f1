"""Running the operations against the servers and reading what they cost."""

from dataclasses import dataclass

from models.accounts import Role
from tests.benchmarks import buying, load, processes, stock
from tests.benchmarks.ageing import beside_reading
from tests.benchmarks.database import Filled
from tests.benchmarks.desks import DESKS, P95_MS, SOURCING, Desk
from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.journeys import BOOK, BOOK_NAME, READINGS, Goal
from tests.benchmarks.servers import Server, serving
from tests.benchmarks.signing_in import cookie_of
from tests.benchmarks.statements import Counter

WARM_UP = 2.0
"""Seconds; two processes draw each of some two hundred product pages for the first time."""
UNIT_WARM_UP, UNIT_SECONDS = 0.3, 1.0
MILLISECONDS = 1_000
BOOK_P95_MS = 50
MEMORY_MIB = 200
READY_SECONDS = 2.0
RUSH_BUYERS, RUSH_PACKS = 50, 10


@dataclass(frozen=True)
class Meter:
    """A server, the database behind it, and how long to look."""

    server: Server
    database: Filled
    seconds: float
    bare: Server | None = None

    def cost_of(
        self, work: load.Work, *, warm_up: float = WARM_UP
    ) -> tuple[load.Timings, float, float]:
        """The timings, and the CPU milliseconds of application and database for each piece."""
        load.run(self.server.port, work, seconds=warm_up)
        before = self._cpu()
        timings = load.run(self.server.port, work, seconds=self.seconds)
        after = self._cpu()
        done = len(timings.seconds)
        application, database = (
            (late - early) * MILLISECONDS / done for early, late in zip(before, after, strict=True)
        )
        return timings, application, database

    def _unit(self) -> float:
        """B, the CPU milliseconds of the bare page."""
        if self.bare is None:
            raise RuntimeError("there is no bare page to compare with")
        bare = Meter(self.bare, self.database, UNIT_SECONDS)
        return bare.cost_of(load.fetching(["/page"]), warm_up=UNIT_WARM_UP)[1]

    def _cpu(self) -> tuple[float, float]:
        return processes.cpu_seconds(self.server.pid), processes.cpu_seconds(self.database.pid)

    def figure(self, name: str, work: load.Work, *, statements: int | None, goal: Goal) -> Figure:
        """What one operation costs, in units of B before and after it: machines change pace."""
        before = self._unit()
        timings, application, database = self.cost_of(work)
        b_ms = (before + self._unit()) / 2
        return Figure(
            name=name,
            per_second=timings.per_second,
            p50=timings.quantile(0.5),
            p95=timings.quantile(0.95),
            b_ms=b_ms,
            application_ms=application,
            database_ms=database,
            statements=statements,
            failures=timings.failures,
            goal=goal,
        )


def measure(database: Filled, *, seconds: float) -> Figures:
    """All operations, each for so many seconds after a warm-up."""
    figures = Figures()
    counter = Counter(database.settings)
    cookie = cookie_of(database.settings, "B1", Role.ACCOUNTANT)
    with (
        serving("tests.benchmarks.bare:app", "/page", database.environment, is_bare=True) as bare,
        serving("wsgi:app", "/healthz", database.environment) as shop,
    ):
        figures.facts.append(("web server ready after", shop.ready_after, "s", READY_SECONDS))
        meter = Meter(shop, database, seconds, bare)
        for reading in READINGS:
            figures.operations.append(
                meter.figure(
                    reading.name,
                    load.fetching(reading.paths),
                    statements=counter.reading(reading.paths[0]),
                    goal=reading.goal,
                )
            )
        book = meter.figure(
            BOOK_NAME,
            load.fetching([BOOK], cookie=cookie),
            statements=counter.reading(BOOK, cookie=cookie),
            goal=Goal(),
        )
        figures.operations.append(book)
        figures.operations.append(_checkout(meter, counter))
        figures.facts.append(_rush(shop, database))
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
        figures.facts += [_desk(meter, desk) for desk in DESKS]
    figures.facts.append(_ageing(database))
    counter.close()
    return figures


def _checkout(meter: Meter, counter: Counter) -> Figure:
    """Three lines from three cooperatives, from the product page to the order."""
    baskets = stock.baskets(meter.database.admin_url, 500)
    return meter.figure(
        "whole checkout, three lines",
        buying.ordering(READINGS[0].paths[0], baskets, stock.COMMUNE),
        statements=counter.buying(READINGS[0].paths[0], baskets[-1], stock.COMMUNE),
        goal=Goal(100, 60),
    )


def _desk(meter: Meter, desk: Desk) -> tuple[str, float, str, float | None]:
    """How long one reader of a desk waits for a page of it, nineteen times of twenty."""
    cookie = cookie_of(meter.database.settings, desk.code, desk.role)
    work = load.fetching(desk.paths, cookie=cookie)
    # Several connections, so that every process has read what it keeps.
    load.run(meter.server.port, work, seconds=UNIT_WARM_UP)
    alone = load.run(meter.server.port, work, seconds=UNIT_SECONDS, clients=1)
    if alone.failures:
        raise RuntimeError(f"{desk.name}: {alone.failures} pages failed")
    return f"{desk.name}, one reader, p95", alone.quantile(0.95), "ms", desk.most_ms


def _ageing(database: Filled) -> tuple[str, float, str, float | None]:
    """The same search while a process reads anew what it is answered from."""
    cookie = cookie_of(database.settings, SOURCING.code, SOURCING.role)
    beside = beside_reading(database.settings, SOURCING.paths, cookie)
    if beside.failures:
        raise RuntimeError(f"{SOURCING.name}: {beside.failures} pages failed")
    return f"{SOURCING.name}, while the yard is read, p95", beside.quantile(0.95), "ms", P95_MS


def _rush(shop: Server, database: Filled) -> tuple[str, float, str, float | None]:
    """Fifty buyers for ten packs: exactly ten orders, or this is far above its limit."""
    pack_id = stock.leave_only(database.admin_url, RUSH_PACKS)
    won = buying.rush(
        shop.port, f"/san-pham/{stock.RUSH_SLUG}", pack_id, stock.COMMUNE, buyers=RUSH_BUYERS
    )
    wrong = abs(won - RUSH_PACKS) + stock.oversold(database.admin_url)
    return f"{RUSH_BUYERS} buyers for {RUSH_PACKS} packs: orders too many or too few", wrong, "", 0
