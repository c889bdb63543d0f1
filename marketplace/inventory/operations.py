"""Changing what is in stock and for whom it is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.inventory.errors import (
    HeldForBuyersError,
    InsufficientStockError,
    NothingMovedError,
    ReasonMissingError,
    StockNotFoundError,
)
from marketplace.inventory.queries import available_lots
from marketplace.inventory.rules import Plan, Want, plan
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.errors import BusyError
from marketplace.platform.statements import Change, NewRows
from models.inventory import Hold, HoldState, LotStock, MovementKind, StockMovement
from models.traceability import Lot

ATTEMPTS = 5
"""How often a loser of a race looks for other lots before giving up. Each time it lost, another
buyer got something, so more rounds would only lengthen the queue."""

HOLDS: Final = NewRows(Hold)
TAKE: Final = Change(
    update(LotStock)
    .where(
        LotStock.lot_id == bindparam("of_lot"),
        LotStock.on_hand_g - LotStock.held_g >= bindparam("grams"),
    )
    .values(held_g=LotStock.held_g + bindparam("grams"))
    .returning(LotStock.lot_id)
)


@dataclass(frozen=True, slots=True)
class Store:
    """The store of an organisation, for asking who may change it."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Packs of a line that left the store, and the lot they came from."""

    line_id: int
    lot_id: int
    packs: int


def receive_stock(  # noqa: PLR0913 - the columns of one movement
    *, actor: Actor, organisation_id: int, lot_id: int, product_id: int, grams: int, at: datetime
) -> None:
    """Put a new lot into the store; the same lot again changes nothing.

    Args:
        actor: a director or a warehouse keeper of the organisation.
        organisation_id: whose store.
        lot_id: a lot of that organisation.
        product_id: what the lot is.
        grams: how much; more than nothing.
        at: when.

    Raises:
        NotAllowedError: the actor may not receive lots there.
        StockNotFoundError: the organisation has no such lot of that product.
        NothingMovedError: `grams` is not above zero.
    """
    authorize(actor, Permission.LOT_RECEIVE, Store(organisation_id))
    if grams <= 0:
        raise NothingMovedError(grams=grams)
    owned = select(Lot.id).where(
        Lot.id == lot_id, Lot.organisation_id == organisation_id, Lot.product_id == product_id
    )
    if session.scalar(owned) is None:
        raise StockNotFoundError(lot_id=lot_id)
    row = {"lot_id": lot_id, "product_id": product_id, "on_hand_g": grams, "held_g": 0}
    added = insert(LotStock).values(row).on_conflict_do_nothing().returning(LotStock.lot_id)
    if session.scalar(added) is not None:
        session.add(
            StockMovement(
                lot_id=lot_id,
                kind=MovementKind.RECEIVED,
                grams=grams,
                ref=f"received:{lot_id}",
                at=at,
                by_user_id=actor.user_id,
            )
        )
        session.flush()


def adjust_stock(  # noqa: PLR0913 - the columns of one movement
    *,
    actor: Actor,
    organisation_id: int,
    lot_id: int,
    grams: int,
    kind: MovementKind,
    reason: str,
    key: str,
    at: datetime,
) -> None:
    """Write off a loss or correct a count; the same `key` again changes nothing.

    Args:
        actor: a director or a warehouse keeper of the organisation.
        organisation_id: whose store.
        lot_id: which lot.
        grams: by how much; below zero to take away. A loss is always below zero.
        kind: `LOST` or `CORRECTED`.
        reason: why, in the person's own words.
        key: made by the form, so that sending it twice moves once.
        at: when.

    Raises:
        NotAllowedError: the actor may not adjust stock there.
        NothingMovedError, ReasonMissingError: the request makes no sense.
        StockNotFoundError: the organisation has no such lot.
        HeldForBuyersError: the store would hold less than buyers have ordered.
    """
    authorize(actor, Permission.STOCK_ADJUST, Store(organisation_id))
    if kind not in {MovementKind.LOST, MovementKind.CORRECTED} or not grams:
        raise NothingMovedError(grams=grams)
    if kind == MovementKind.LOST and grams > 0:
        raise NothingMovedError(grams=grams)
    if not reason.strip():
        raise ReasonMissingError(field="reason")
    owned = (
        select(LotStock.on_hand_g - LotStock.held_g)
        .join(Lot, Lot.id == LotStock.lot_id)
        .where(LotStock.lot_id == lot_id, Lot.organisation_id == organisation_id)
    )
    available = session.scalar(owned)
    if available is None:
        raise StockNotFoundError(lot_id=lot_id)
    movement = {
        "lot_id": lot_id,
        "kind": kind,
        "grams": grams,
        "ref": f"adjusted:{organisation_id}:{key}",
        "reason": reason.strip()[:200],
        "at": at,
        "by_user_id": actor.user_id,
    }
    added = insert(StockMovement).values(movement).on_conflict_do_nothing(index_elements=["ref"])
    if session.scalar(added.returning(StockMovement.id)) is None:
        return
    changed = (
        update(LotStock)
        .where(LotStock.lot_id == lot_id, LotStock.on_hand_g + grams >= LotStock.held_g)
        .values(on_hand_g=LotStock.on_hand_g + grams)
        .returning(LotStock.lot_id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(changed) is None:
        raise HeldForBuyersError(available_g=available, field="grams")


def hold_stock(*, wants: Sequence[Want], expires_at: datetime | None, at: datetime) -> list[Hold]:
    """Keep packs for order lines: all of them, or none.

    Lots are read first-expired-first-out, then taken by one conditional update each, in
    ascending order of lot id. Whoever loses a race for a lot gives back what it took, looks
    again, and is refused only when the lots really do not suffice.

    Args:
        wants: one for each line; no line twice.
        expires_at: when the sweeper may give the packs back; None: never by itself.
        at: when.

    Raises:
        InsufficientStockError: with each line that came out short; nothing is held.
        BusyError: others were quicker `ATTEMPTS` times although there was enough each time.
    """
    chosen = _take_all(wants, at)
    holds = [
        Hold(
            line_id=take.line_id,
            lot_id=take.lot_id,
            packs=take.packs,
            grams=take.grams,
            state=HoldState.LIVE,
            expires_at=expires_at,
            created_at=at,
        )
        for take in chosen.takes
    ]
    HOLDS.write(*holds)
    return holds


def keep_holds(line_ids: Collection[int]) -> None:
    """Let the live holds of these lines no longer expire: their money has come."""
    session.execute(
        update(Hold)
        .where(Hold.line_id.in_(sorted(line_ids)), Hold.state == HoldState.LIVE)
        .values(expires_at=None)
        .execution_options(synchronize_session=False)
    )


def release_holds(line_ids: Collection[int], *, at: datetime) -> None:
    """Give back what is held for these lines; what was released or packed before stays so.

    The caller holds the lock of the order that the lines belong to.
    """
    for lot_id, grams in _sums(_end_holds(line_ids, HoldState.RELEASED, at)):
        session.execute(
            update(LotStock)
            .where(LotStock.lot_id == lot_id)
            .values(held_g=LotStock.held_g - grams)
            .execution_options(synchronize_session=False)
        )


def commit_holds(*, actor: Actor, line_ids: Collection[int], at: datetime) -> list[Taken]:
    """Take what is held for these lines out of the store, for good.

    The caller holds the lock of the order that the lines belong to. Lines without live holds
    add nothing to the answer.

    Returns:
        What left the store, by line and lot.
    """
    ended = _end_holds(line_ids, HoldState.COMMITTED, at)
    for lot_id, grams in _sums(ended):
        session.execute(
            update(LotStock)
            .where(LotStock.lot_id == lot_id)
            .values(on_hand_g=LotStock.on_hand_g - grams, held_g=LotStock.held_g - grams)
            .execution_options(synchronize_session=False)
        )
    session.add_all(
        StockMovement(
            lot_id=hold.lot_id,
            kind=MovementKind.SOLD,
            grams=-hold.grams,
            ref=f"sold:{hold.id}",
            at=at,
            by_user_id=actor.user_id,
        )
        for hold in ended
    )
    session.flush()
    return [Taken(hold.line_id, hold.lot_id, hold.packs) for hold in ended]


def _take_all(wants: Sequence[Want], at: datetime) -> Plan:
    """Take the grams of every want out of what is free, or raise `InsufficientStockError`."""
    products = {want.product_id for want in wants}
    for _ in range(ATTEMPTS):
        chosen = plan(wants, available_lots(products, business_day(at)))
        if chosen.short:
            raise InsufficientStockError(chosen.short)
        # The savepoint gives the locks back too, so that the next round takes them in order.
        savepoint = session.begin_nested()
        if all(take(lot_id, grams) for lot_id, grams in chosen.grams_by_lot):
            savepoint.commit()
            return chosen
        savepoint.rollback()
    raise BusyError


def take(lot_id: int, grams: int) -> bool:
    """Put a hand on `grams` of a lot if so much is free; say whether it was.

    One statement that checks and changes: of two buyers only one can win. (The canary of the
    concurrency tests puts a version that reads first and writes later in its place.)
    """
    return bool(TAKE.make(of_lot=lot_id, grams=grams))


def _end_holds(line_ids: Collection[int], state: HoldState, at: datetime) -> list[Hold]:
    """End the live holds of these lines and say which they were."""
    statement = (
        update(Hold)
        .where(Hold.line_id.in_(sorted(line_ids)), Hold.state == HoldState.LIVE)
        .values(state=state, ended_at=at)
        .returning(Hold)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(session.scalars(statement), key=lambda hold: hold.id)


def _sums(holds: Sequence[Hold]) -> list[tuple[int, int]]:
    """Each lot once with the grams of its holds, in ascending order of lot id."""
    sums: dict[int, int] = {}
    for hold in holds:
        sums[hold.lot_id] = sums.get(hold.lot_id, 0) + hold.grams
    return sorted(sums.items())
