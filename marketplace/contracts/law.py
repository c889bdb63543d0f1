"""Bounds that a law sets, with the days from which they hold."""

from datetime import date
from typing import Final

PENALTY_CAPS: Final = ((date(2006, 1, 1), 800),)
"""From a day on: penalties are never more than so many basis points of what was breached.

Commercial Law 36/2005/QH11, Article 301, in force since 1 January 2006. A new law is a new row.
"""


def penalty_cap_bps(day: date) -> int:
    """How high penalties may be in a contract that is agreed on a day; 0 before any row."""
    return next((bps for since, bps in reversed(PENALTY_CAPS) if since <= day), 0)
