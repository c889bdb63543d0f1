"""The geometry of the column chart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reporting.charts import HEIGHT, MOST_TICKS, TOP, column_chart

amounts = st.lists(st.integers(0, 10**14), min_size=1, max_size=60)


@given(amounts)
def test_no_column_leaves_the_drawing_and_ticks_are_few(values):
    chart = column_chart([""] * len(values), values)

    assert len(chart.ticks) <= MOST_TICKS + 1
    assert all(TOP - 0.1 <= column.y <= HEIGHT for column in chart.columns)
    assert chart.ticks[-1].value >= max(values)


@given(amounts)
def test_heights_are_in_proportion(values):
    chart = column_chart([""] * len(values), values)
    inside = chart.floor - TOP

    for column in chart.columns:
        assert column.height == pytest.approx(
            inside * column.value / chart.ticks[-1].value, abs=0.1
        )


def test_ticks_are_round():
    chart = column_chart(["a", "b"], [92_000_000, 146_000_000])

    assert [tick.value for tick in chart.ticks] == [0, 50_000_000, 100_000_000, 150_000_000]


def test_a_negative_column_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        column_chart(["a"], [-1])
