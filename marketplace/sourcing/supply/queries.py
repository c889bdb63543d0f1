"""Reading the supply book of one product. The whole book is read by `reporting.supply`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from models.accounts import User
from models.catalogue import Product
from models.supply import Supply, SupplyChange

HISTORY: Final = 240
"""How many changes of months the history shows: twenty of a whole year."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One time that somebody saved forecasts of a product.

    Attributes:
        at: when.
        by_name: who; empty if it was the marketplace.
        reason: why.
        changes: (month, grams before, grams after), by month.
    """

    at: datetime
    by_name: str
    reason: str
    changes: Sequence[tuple[date, int, int]]


def months_of(product: Product, grade: str, *, viewer: Actor) -> dict[date, Supply]:
    """All months of a grade of a product, by month.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    authorize(viewer, Permission.SUPPLY_VIEW, product)
    found = session.scalars(
        select(Supply)
        .where(Supply.product_id == product.id, Supply.grade == grade)
        .order_by(Supply.month)
    )
    return {row.month: row for row in found}


def grades_of(product: Product, *, viewer: Actor) -> list[str]:
    """The grades of a product that stand in the book, the one without a name first.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    authorize(viewer, Permission.SUPPLY_VIEW, product)
    found = select(Supply.grade).where(Supply.product_id == product.id).distinct()
    return sorted(session.scalars(found))


def last_change(product_id: int, grade: str) -> int:
    """The id of the last change of a grade of a product; 0 if there was none."""
    newest = (
        select(func.max(SupplyChange.id))
        .join(Supply, Supply.id == SupplyChange.supply_id)
        .where(Supply.product_id == product_id, Supply.grade == grade)
    )
    return session.scalar(newest) or 0


def history_of(product: Product, grade: str, *, viewer: Actor) -> list[Saved]:
    """What was saved of a grade of a product, the latest first.

    Raises:
        NotAllowedError: the viewer does not work at the seller's desk.
    """
    authorize(viewer, Permission.SUPPLY_VIEW, product)
    rows = session.execute(
        select(
            SupplyChange.at,
            User.full_name,
            SupplyChange.reason,
            Supply.month,
            SupplyChange.before_g,
            SupplyChange.after_g,
        )
        .join(Supply, Supply.id == SupplyChange.supply_id)
        .outerjoin(User, User.id == SupplyChange.by_id)
        .where(Supply.product_id == product.id, Supply.grade == grade)
        .order_by(SupplyChange.id.desc())
        .limit(HISTORY)
    )
    saved: dict[datetime, Saved] = {}
    changes: dict[datetime, list[tuple[date, int, int]]] = {}
    for at, name, reason, month, before, after in rows:
        changes.setdefault(at, []).append((month, before, after))
        saved[at] = Saved(at, name or "", reason, changes[at])
    for each in changes.values():
        each.sort()
    return list(saved.values())
