"""Which plots a certificate names, without a database."""

import pytest

from marketplace.certification.rules import Land, is_narrower


def test_codes_are_kept_in_capitals_once_and_without_gaps():
    assert Land((" th-0001", "TH-0001", "", "Th-0002 ")).codes == {"TH-0001", "TH-0002"}
    assert Land().codes == set()


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        ({1, 2}, {1}, True),
        ({1, 2}, {1, 2}, True),
        ({1, 2}, {1, 3}, False),
        ({1, 2}, {1, 2, 3}, False),
        ({1, 2}, set(), False),
        (set(), {1}, True),
        (set(), set(), True),
    ],
)
def test_whoever_takes_the_last_plot_away_lets_it_reach_everywhere(before, after, is_so):
    assert is_narrower(before, after) is is_so
