"""The figures of a run, and whether they meet the goals."""

from dataclasses import asdict, dataclass, field
from statistics import fmean

from tests.benchmarks.journeys import Goal

CLOCK = {"s", "ms"}


@dataclass(frozen=True)
class Figure:
    """One operation: times in milliseconds, CPU of application, database and bare page for each."""

    name: str
    per_second: float
    p50: float
    p95: float
    application_ms: float
    database_ms: float
    b_ms: float
    statements: int | None
    failures: int
    goal: Goal

    @property
    def in_b(self) -> float:
        """The CPU time as a multiple of B."""
        return (self.application_ms + self.database_ms) / self.b_ms


@dataclass
class Figures:
    """A whole run. `facts` are single values with their limit, None where there is none."""

    operations: list[Figure] = field(default_factory=list)
    facts: list[tuple[str, float, str, float | None]] = field(default_factory=list)

    @property
    def b_ms(self) -> float:
        """B, its mean over the run."""
        return fmean(figure.b_ms for figure in self.operations)

    def of(self, name: str) -> Figure:
        """The figure of one operation."""
        return next(figure for figure in self.operations if figure.name == name)

    def missed(self, tolerance: float) -> list[str]:
        """The goals that are missed by more than the tolerance; statements have none.

        Times on the clock are left out: a busy machine stretches them and not the code.
        """
        lines = []
        for figure in self.operations:
            if figure.failures:
                lines.append(f"{figure.name}: {figure.failures} requests failed")
            limit = figure.goal.in_b
            if limit is not None and figure.in_b > limit * tolerance:
                lines.append(f"{figure.name}: {figure.in_b:.1f} B, goal {limit:g} B")
            most = figure.goal.statements
            if most is not None and (figure.statements or 0) > most:
                lines.append(f"{figure.name}: {figure.statements} statements, goal {most}")
        for name, value, unit, top in self.facts:
            if top is not None and unit not in CLOCK and value > top * tolerance:
                lines.append(f"{name}: {value:g} {unit}, goal {top:g}")
        return lines

    def as_json(self) -> dict[str, object]:
        """Everything, for comparing runs."""
        return asdict(self)
