"""Size classes of Decree 113/2024, Article 5."""

from datetime import date

import pytest

from marketplace.accounts.size_classes import Size, rule_on, size_class

BN = 1_000_000_000
RULE = rule_on(date(2026, 11, 22))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        # members alone say that it is the smallest
        (Size(49), "micro"),
        (Size(49, 90 * BN, 90 * BN), "micro"),
        # members and revenue, or members and capital
        (Size(300, 50 * BN, 0), "large"),
        (Size(300, 0, 10 * BN), "large"),
        (Size(300, 50 * BN - 1, 10 * BN - 1), "medium"),
        (Size(299, 90 * BN, 90 * BN), "medium"),
        (Size(200, 10 * BN, 0), "medium"),
        (Size(200, 0, 5 * BN), "medium"),
        (Size(200, 10 * BN - 1, 5 * BN - 1), "small"),
        (Size(50, 2 * BN, 0), "small"),
        (Size(50, 0, BN), "small"),
        (Size(50, 2 * BN - 1, BN - 1), "micro"),
        # what is not known
        (Size(), None),
        (Size(None, 90 * BN, 90 * BN), None),
        (Size(120), None),
        (Size(120, 0), None),
        (Size(120, None, 0), None),
        # charter capital proves that there is enough, never that there is not
        (Size(120, charter_minor=BN), "small"),
        (Size(120, charter_minor=BN - 1), None),
        (Size(500, charter_minor=10 * BN), "large"),
        (Size(500, charter_minor=6 * BN), None),
        (Size(500, 0, 0, 6 * BN), "medium"),
    ],
)
def test_the_class_follows_the_article(size, expected):
    assert size_class(size, RULE) == expected


@pytest.mark.parametrize(("day", "known"), [(date(2024, 10, 31), False), (date(2024, 11, 1), True)])
def test_the_rule_has_its_first_day(day, known):
    assert (rule_on(day) is not None) == known


def test_only_agriculture_is_known():
    assert rule_on(date(2026, 1, 1), "trade") is None
    assert "113/2024" in RULE.source("vi")
    assert "Decree" in RULE.source("en")
