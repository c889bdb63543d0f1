"""Keeping parts of months for quotes and contracts, and giving them back.

Every operation locks all rows that it may change by one statement in ascending order of id, and
only then looks what is free: of two who want the last tonne one gets it, and nobody waits in a
circle. Callers hold the lock of the quote or contract that they name, if it can change meanwhile.
Who may do so is asked where the quote is sent and the award decided.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_, union
from sqlalchemy.orm import aliased

from marketplace.platform.database import session
from marketplace.platform.locking import lock_all
from marketplace.sourcing.supply.errors import Short, SupplyShortError
from marketplace.sourcing.supply.rules import Wanted
from models.catalogue import Product
from models.supply import HoldPurpose, Supply, SupplyHold

_Key = tuple[int, str, date]


class _For(NamedTuple):
    """For whom a part of a month is kept: the number of a quote or of a contract."""

    purpose: HoldPurpose
    reference: str


def hold_supply(
    *, purpose: HoldPurpose, reference: str, wanted: Sequence[Wanted], at: datetime
) -> None:
    """Keep exactly these parts of months for a quote or contract: all of them, or none.

    What it held before is given back in the same step, so a revision names all that it wants now.
    The same again changes nothing.

    Args:
        purpose: whether it waits for an answer or is promised.
        reference: the number of the quote or contract.
        wanted: the months, of one product or several, of one seller or several; none of zero.
        at: when.

    Raises:
        SupplyShortError: with every month that has too little left; nothing changes.
    """
    mine = _For(purpose, reference)
    _replace([mine], mine, wanted, at)


def release_supply(*, purpose: HoldPurpose, reference: str, at: datetime) -> None:
    """Give back all that a quote or contract holds; nothing if it holds nothing."""
    mine = _For(purpose, reference)
    _replace([mine], mine, [], at)


def contract_supply(
    *, reference_of_quote: str, reference: str, wanted: Sequence[Wanted], at: datetime
) -> None:
    """Promise exactly these parts of months, instead of all that the quote held.

    The same again changes nothing.

    Args:
        reference_of_quote: the number of the quote that won.
        reference: the number of the contract.
        wanted: what was awarded; more than the quote held only if so much is free.
        at: when.

    Raises:
        SupplyShortError: with every month that has too little left; nothing changes.
    """
    mine = _For(HoldPurpose.CONTRACT, reference)
    _replace([_For(HoldPurpose.QUOTE, reference_of_quote), mine], mine, wanted, at)


def divide_supply(
    *, references: Collection[str], wanted: Mapping[str, Sequence[Wanted]], at: datetime
) -> None:
    """Let what some promised be promised by others: a quote that won by its contracts.

    Args:
        references: numbers whose promises end.
        wanted: what is promised from now on, by number; together no more than before.
        at: when.

    Raises:
        SupplyShortError: it is more than before, and not free; nothing changes.
    """
    ending = [_For(HoldPurpose.CONTRACT, reference) for reference in references]
    # All months in one step, before each number by itself: see `docs/locking.md`.
    _lock_months(ending, _sums(each for parts in wanted.values() for each in parts))
    for each in ending:
        _replace([each], each, [], at)
    for reference, parts in wanted.items():
        hold_supply(purpose=HoldPurpose.CONTRACT, reference=reference, wanted=parts, at=at)


def promise_what_is_free(
    *, reference: str, product_id: int, grams: Mapping[date, int], at: datetime
) -> None:
    """Promise as much of these months as is free, instead of what the contract held before.

    A seller may sign more than it has forecast; the book promises what is in it. The grade is the
    one that the contract holds already, if it does.

    Args:
        reference: the number of the contract, which the caller has locked.
        product_id: of which product.
        grams: by month, none of zero.
        at: when.
    """
    mine = _For(HoldPurpose.CONTRACT, reference)
    grade = session.scalar(
        select(func.min(Supply.grade))
        .join(SupplyHold, SupplyHold.supply_id == Supply.id)
        .where(*_open_of([mine]))
    )
    keys = {(product_id, grade or "", month): wanted for month, wanted in grams.items()}
    rows = {row.id: row for row in _lock_months([mine], keys)}
    free = _free_without(rows, _open_holds([mine]))
    possible = [Wanted(*key, grams=min(most, free.get(key, 0))) for key, most in keys.items()]
    _replace([mine], mine, possible, at)


def _replace(ending: Sequence[_For], mine: _For, wanted: Iterable[Wanted], at: datetime) -> None:
    """End the open holds of `ending` and begin those of `mine`, under the lock of all months."""
    grams = _sums(wanted)
    rows = {row.id: row for row in _lock_months(ending, grams)}
    ended = _open_holds(ending)
    free = _free_without(rows, ended)
    short = {key: free.get(key, 0) for key in grams if free.get(key, 0) < grams[key]}
    if short:
        raise SupplyShortError(_named(short, grams))
    ids = {(row.product_id, row.grade, row.month): row.id for row in rows.values()}
    begun = {ids[key]: needed for key, needed in grams.items()}
    for hold in ended:
        if (hold.purpose, hold.reference) == mine and begun.get(hold.supply_id) == hold.grams:
            del begun[hold.supply_id]
            continue
        _count(rows[hold.supply_id], hold.purpose, -hold.grams)
        hold.ended_at = at
    # The unique index of open holds must see the old one ended before the new one comes.
    session.flush()
    for supply_id, needed in sorted(begun.items()):
        _count(rows[supply_id], mine.purpose, needed)
        hold = SupplyHold(supply_id=supply_id, grams=needed, created_at=at, **mine._asdict())
        session.add(hold)
    session.flush()


def _sums(wanted: Iterable[Wanted]) -> dict[_Key, int]:
    """Each month once, with all that is wanted of it."""
    sums: dict[_Key, int] = {}
    for each in wanted:
        if each.grams < 0:
            raise ValueError(f"Nobody can hold {each.grams} g")
        if each.grams:
            key = (each.product_id, each.grade, each.month)
            sums[key] = sums.get(key, 0) + each.grams
    return sums


def _lock_months(ending: Sequence[_For], grams: dict[_Key, int]) -> Sequence[Supply]:
    """The months that are wanted, and those that are given back, locked."""
    # Two lists of ids and not one OR: the planner finds both by their indexes, whatever the size.
    other = aliased(Supply)
    key = tuple_(other.product_id, other.grade, other.month)
    wanted = select(other.id).where(key.in_(sorted(grams)))
    held = select(SupplyHold.supply_id).where(*_open_of(ending))
    return lock_all(select(Supply).where(Supply.id.in_(union(wanted, held))))


def _open_of(ending: Sequence[_For]) -> tuple[ColumnElement[bool], ...]:
    pair = tuple_(SupplyHold.purpose, SupplyHold.reference)
    return (pair.in_(list(ending)), SupplyHold.ended_at.is_(None))


def _open_holds(ending: Sequence[_For]) -> Sequence[SupplyHold]:
    """What they hold now that the months are locked, in the order of the months."""
    found = select(SupplyHold).where(*_open_of(ending)).order_by(SupplyHold.supply_id)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def _free_without(rows: dict[int, Supply], ended: Sequence[SupplyHold]) -> dict[_Key, int]:
    """What would be free of each month if these holds were ended."""
    free = {row.id: row.free_g for row in rows.values()}
    for hold in ended:
        free[hold.supply_id] += hold.grams
    return {(row.product_id, row.grade, row.month): free[row.id] for row in rows.values()}


def _count(row: Supply, purpose: str, grams: int) -> None:
    if purpose == HoldPurpose.QUOTE:
        row.held_g += grams
    else:
        row.contracted_g += grams


def _named(short: dict[_Key, int], grams: dict[_Key, int]) -> list[Short]:
    """The months that are short, with the names of their products."""
    ids = {product_id for product_id, _, _ in short}
    found = session.execute(select(Product.id, Product.name_vi).where(Product.id.in_(ids)))
    names = dict(found.all())
    return [
        Short(Wanted(*key, grams=grams[key]), names.get(key[0], ""), free_g)
        for key, free_g in sorted(short.items())
    ]
