"""Geometry of a column chart, so that a page, a paper and a mail draw the same one.

Everything is in units of the drawing's own box; colours are the page's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 660
HEIGHT = 260
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 20, 30
MOST_TICKS = 5
COLUMN_SHARE = 0.6
STEPS = (1, 2, 2.5, 5)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart, at `y`, for `value`."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, how high it is, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """A drawn chart; the last column is the one to label."""

    width: int
    height: int
    left: int
    right: int
    floor: float
    ticks: Sequence[Tick]
    columns: Sequence[Column]


def column_chart(labels: Sequence[str], values: Sequence[int]) -> ColumnChart:
    """Columns from a zero line, with at most five round ticks above it.

    Args:
        labels: what stands under each column.
        values: their heights; none is below zero.

    Raises:
        ValueError: there is not one label for each value, or a value is negative.
    """
    if len(labels) != len(values) or any(value < 0 for value in values):
        raise ValueError("one label for each value, and no value below zero")
    inside = HEIGHT - TOP - BOTTOM
    step = _step(max(values, default=0))
    top = step * max(1, -(-max(values, default=0) // step))
    each = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    columns = []
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        height = inside * value / top
        start = LEFT + each * index
        columns.append(
            Column(
                x=round(start + each * (1 - COLUMN_SHARE) / 2, 1),
                y=round(TOP + inside - height, 1),
                width=round(each * COLUMN_SHARE, 1),
                height=round(height, 1),
                middle=round(start + each / 2, 1),
                label=label,
                value=value,
            )
        )
    ticks = [
        Tick(y=round(TOP + inside - inside * value / top, 1), value=value)
        for value in range(0, top + 1, step)
    ]
    return ColumnChart(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP + inside, ticks, columns)


def _step(highest: int) -> int:
    """The smallest round step with which `highest` needs no more than five ticks."""
    size = 1
    while True:
        for factor in STEPS:
            step = int(size * factor)
            if step and step == size * factor and step * MOST_TICKS >= highest:
                return step
        size *= 10
