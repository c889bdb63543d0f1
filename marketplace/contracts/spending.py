"""From which amount on an enterprise lets so many directors approve: what is known at once."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from marketplace.platform.database import session
from models.contracts import SpendingLimit

MOST_APPROVALS: Final = 2
LIMIT_MAX_MINOR: Final = 10**15
"""Whole đồng; more can only be a slip of the keyboard."""


def limits_of(organisation_id: int) -> dict[int, int]:
    """By number of approvals, the amount in whole đồng from which on they are wanted."""
    rows = session.execute(
        select(SpendingLimit.approvals, SpendingLimit.from_minor)
        .where(SpendingLimit.organisation_id == organisation_id)
        .order_by(SpendingLimit.approvals)
    )
    return {row.approvals: row.from_minor for row in rows}


def approvals_for(value_minor: int, limits: Mapping[int, int]) -> int:
    """How many directors must approve a contract of such a value, none to two."""
    return max((count for count, least in limits.items() if value_minor >= least), default=0)
