"""States, moments, months and differences of requests, without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.kernel.references import dated_number
from marketplace.sourcing.requests import rules
from marketplace.sourcing.requests.errors import ClosingTooFarError, ClosingTooSoonError
from marketplace.sourcing.requests.terms import (
    Limit,
    Place,
    Terms,
    differences,
    facts_of,
    require_closing,
)
from marketplace.sourcing.supply.rules import months_from

AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@dataclass
class Row:
    state: str
    closes_at: datetime = AT


class TestMoments:
    @pytest.mark.parametrize(
        ("state", "at", "is_open", "is_closed", "waits", "shown"),
        [
            ("draft", AT, False, False, False, "draft"),
            ("open", AT - timedelta(microseconds=1), True, False, False, "open"),
            ("open", AT, False, True, True, "closed"),
            ("opened", AT, False, True, False, "opened"),
            ("cancelled", AT - timedelta(days=1), False, True, False, "cancelled"),
        ],
    )
    def test_the_clock_says_what_is_closed(  # noqa: PLR0913, PLR0917 - a row of the table
        self, state, at, is_open, is_closed, waits, shown
    ):
        row = Row(state)
        assert rules.is_open(row, at) is is_open
        assert rules.is_closed(row, at) is is_closed
        assert rules.can_be_opened(row, at) is waits
        assert rules.shown_state(row, at) == shown

    def test_putting_off_is_always_fair(self):
        require_closing(AT + timedelta(hours=2), at=AT, was=AT + timedelta(hours=1))
        with pytest.raises(ClosingTooSoonError):
            require_closing(AT + timedelta(hours=2), at=AT, was=AT + timedelta(hours=3))

    def test_nobody_waits_for_ever(self):
        require_closing(AT + rules.LONGEST, at=AT)
        with pytest.raises(ClosingTooFarError):
            require_closing(
                AT + rules.LONGEST + timedelta(seconds=1), at=AT, was=AT + timedelta(days=3)
            )


class TestMonths:
    def test_they_follow_each_other_over_the_year(self):
        assert months_from(date(2026, 11, 30), 3) == [
            date(2026, 11, 1),
            date(2026, 12, 1),
            date(2027, 1, 1),
        ]

    def test_a_year_of_them(self):
        assert len(months_from(date(2026, 1, 31), rules.MONTHS_SHOWN)) == 12


class TestDifferences:
    def terms(self, **values):
        said = {"title": "Gạo", "category_id": 1, "place": Place("79"), "closes_at": AT}
        return Terms(**(said | values))

    def test_sellers_never_see_the_target(self):
        assert "target" not in str(facts_of(self.terms(target_minor=68_421)))
        assert "68421" not in str(facts_of(self.terms(target_minor=68_421)))

    def test_idle_zeros_make_no_difference(self):
        before, after = (
            facts_of(self.terms(limits=(Limit("Ẩm", "at_most", Decimal(value), "%"),)))
            for value in ("12.5", "12.500")
        )
        assert differences(before, after) == []

    def test_a_month_that_goes_is_told(self):
        before = facts_of(self.terms(periods=((date(2027, 1, 1), 5),)))
        assert differences(before, facts_of(self.terms())) == [
            {"field": "month", "month": "2027-01-01", "before": 5, "after": None}
        ]


def test_numbers_begin_as_their_kind_does():
    assert dated_number("YC", date(2026, 11, 22), 0) == "YC261122-00000"
