"""The figures as a page of the documentation."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.figures import Figures


def machine() -> str:
    """What the figures were measured on."""
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} cores, {cpu}, {system}, Python {platform.python_version()}"


def as_markdown(figures: Figures, where: str) -> str:
    """One table of operations, one of single facts."""
    day = datetime.now(UTC).date()  # noqa: TID251 - the day of the measurement
    lines = [
        f"Measured on {day}: {where}. B = {figures.b_ms:.2f} ms of CPU for a bare page.",
        "",
        "| operation | per s | p50 ms | p95 ms | CPU ms app + db | x B | goal | SQL | goal |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for figure in figures.operations:
        goal = "" if figure.goal.in_b is None else f"{figure.goal.in_b:g}"
        most = "" if figure.goal.statements is None else f"{figure.goal.statements}"
        sent = "" if figure.statements is None else f"{figure.statements}"
        lines.append(
            f"| {figure.name} | {figure.per_second:,.0f} | {figure.p50:.1f} | {figure.p95:.1f} "
            f"| {figure.application_ms:.2f} + {figure.database_ms:.2f} | {figure.in_b:.1f} "
            f"| {goal} | {sent} | {most} |"
        )
    lines += ["", "| fact | value | goal |", "|---|---|---|"]
    for name, value, unit, top in figures.facts:
        goal = "" if top is None else f"≤ {top:g}"
        lines.append(f"| {name} | {value:,.1f} {unit} | {goal} |")
    return "\n".join([*lines, ""])
