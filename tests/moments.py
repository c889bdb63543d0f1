"""Moments to test with. No test looks at the clock.

All are aware and in UTC, as the database has them; nine in the morning UTC is four in the
afternoon in Việt Nam, the same calendar day.
"""

from datetime import UTC, date, datetime

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)

LAST_SECOND_OF_OCTOBER = datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC)
"""23:59:59 on 31 October in Việt Nam."""
FIRST_SECOND_OF_NOVEMBER = datetime(2026, 10, 31, 17, 0, 0, tzinfo=UTC)
"""Midnight of 1 November in Việt Nam, still October in UTC."""

MONDAY_DAY = date(2026, 11, 2)
TUESDAY_DAY = date(2026, 11, 3)
"""The Vietnamese days of the moments above."""
