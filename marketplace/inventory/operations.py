"""Changing what is in stock and for whom it is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update
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
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.errors import BusyError
from marketplace.platform.statements import Change, NewRows, Question, adding
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
class Held:
    """What is now kept for order lines, and the plan by which it was chosen."""

    holds: Sequence[Hold]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Taken:
    """Packs of a line that left the store, and the lot they came from."""

    line_id: int
    lot_id: int
    packs: int


class _Ended(NamedTuple):
    """A hold that has just ended."""

    id: int
    line_id: int
    lot_id: int
    packs: int
    grams: int


_LIVE = (
    Hold.line_id == func.any(bindparam("line_ids", type_=ARRAY(BigInteger))),
    Hold.state == HoldState.LIVE,
)
_KEEP_HOLDS = Change(update(Hold).where(*_LIVE).values(expires_at=None))
_END_HOLDS = Change(
    update(Hold)
    .where(*_LIVE)
    .values(state=bindparam("outcome"), ended_at=bindparam("ended_at"))
    .returning(Hold.id, Hold.line_id, Hold.lot_id, Hold.packs, Hold.grams)
)
_OF_LOT = LotStock.lot_id == bindparam("its_id", type_=BigInteger)
_GRAMS = bindparam("grams", type_=BigInteger)
_GIVE_BACK = Change(update(LotStock).where(_OF_LOT).values(held_g=LotStock.held_g - _GRAMS))
_TAKE_OUT = Change(
    update(LotStock)
    .where(_OF_LOT)
    .values(on_hand_g=LotStock.on_hand_g - _GRAMS, held_g=LotStock.held_g - _GRAMS)
)
_MOVEMENT = ("lot_id", "kind", "grams", "ref", "reason", "at", "by_user_id")
_NEW_MOVEMENTS = adding(StockMovement)
_OWNED = Question(
    select(Lot.id).where(
        Lot.id == bindparam("lot_id", type_=BigInteger),
        Lot.organisation_id == bindparam("organisation_id", type_=BigInteger),
        Lot.product_id == bindparam("product_id", type_=BigInteger),
    )
)
_AVAILABLE = Question(
    select(LotStock.on_hand_g - LotStock.held_g)
    .join(Lot, Lot.id == LotStock.lot_id)
    .where(
        LotStock.lot_id == bindparam("lot_id", type_=BigInteger),
        Lot.organisation_id == bindparam("organisation_id", type_=BigInteger),
    )
)
_NEW_ADJUSTMENT = Change(
    insert(StockMovement)
    .values({column: bindparam(column) for column in _MOVEMENT})
    .on_conflict_do_nothing(index_elements=["ref"])
    .returning(StockMovement.id)
)
_ADJUST = Change(
    update(LotStock)
    .where(_OF_LOT, LotStock.on_hand_g + _GRAMS >= LotStock.held_g)
    .values(on_hand_g=LotStock.on_hand_g + _GRAMS)
    .returning(LotStock.lot_id)
)
_NEW_STOCK = Change(
    insert(LotStock)
    .values(
        lot_id=bindparam("lot_id"),
        product_id=bindparam("product_id"),
        on_hand_g=bindparam("on_hand_g"),
        held_g=0,
    )
    .on_conflict_do_nothing()
    .returning(LotStock.lot_id)
)


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
    if not _OWNED.ask(lot_id=lot_id, organisation_id=organisation_id, product_id=product_id):
        raise StockNotFoundError(lot_id=lot_id)
    if _NEW_STOCK.make(lot_id=lot_id, product_id=product_id, on_hand_g=grams):
        _NEW_MOVEMENTS.make(
            lot_id=lot_id,
            kind=MovementKind.RECEIVED,
            grams=grams,
            ref=f"received:{lot_id}",
            reason="",
            at=at,
            by_user_id=actor.user_id,
        )


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
    owned = _AVAILABLE.ask(lot_id=lot_id, organisation_id=organisation_id)
    if not owned:
        raise StockNotFoundError(lot_id=lot_id)
    if not _NEW_ADJUSTMENT.make(
        lot_id=lot_id,
        kind=kind,
        grams=grams,
        ref=f"adjusted:{organisation_id}:{key}",
        reason=reason.strip()[:200],
        at=at,
        by_user_id=actor.user_id,
    ):
        return
    if not _ADJUST.make(its_id=lot_id, grams=grams):
        raise HeldForBuyersError(available_g=owned[0][0], field="grams")
    audit.record_help(
        actor=actor, action="inventory.adjust_stock", subject_kind="lot", subject_id=lot_id, at=at
    )


def hold_stock(*, wants: Sequence[Want], expires_at: datetime | None, at: datetime) -> Held:
    """Keep packs for order lines: all of them, or none.

    Lots are read first-expired-first-out, then taken by one conditional update each, in
    ascending order of lot id. Whoever loses a race for a lot gives back what it took, looks
    again, and is refused only when the lots really do not suffice. Lots that keep a claim for a
    whole line come first for it: see `rules.plan`.

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
    return Held(holds, chosen)


def keep_holds(line_ids: Collection[int]) -> None:
    """Let the live holds of these lines no longer expire: their money has come."""
    _KEEP_HOLDS.make(line_ids=sorted(line_ids))


def release_holds(line_ids: Collection[int], *, at: datetime) -> None:
    """Give back what is held for these lines; what was released or packed before stays so.

    The caller holds the lock of the order that the lines belong to.
    """
    ended = _end_holds(line_ids, HoldState.RELEASED, at)
    _GIVE_BACK.make_each(_sums(ended))


def commit_holds(*, actor: Actor, line_ids: Collection[int], at: datetime) -> list[Taken]:
    """Take what is held for these lines out of the store, for good.

    The caller holds the lock of the order that the lines belong to. Lines without live holds
    add nothing to the answer.

    Returns:
        What left the store, by line and lot.
    """
    ended = _end_holds(line_ids, HoldState.COMMITTED, at)
    _TAKE_OUT.make_each(_sums(ended))
    _NEW_MOVEMENTS.make_each(
        {
            "lot_id": hold.lot_id,
            "kind": MovementKind.SOLD,
            "grams": -hold.grams,
            "ref": f"sold:{hold.id}",
            "reason": "",
            "at": at,
            "by_user_id": actor.user_id,
        }
        for hold in ended
    )
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


def _end_holds(line_ids: Collection[int], state: HoldState, at: datetime) -> list[_Ended]:
    """End the live holds of these lines and say which they were."""
    rows = _END_HOLDS.make(line_ids=sorted(line_ids), outcome=state, ended_at=at)
    return sorted(_Ended(*row) for row in rows)


def _sums(holds: Sequence[_Ended]) -> list[dict[str, int]]:
    """Each lot once with the grams of its holds, in ascending order of lot id."""
    sums: dict[int, int] = {}
    for hold in holds:
        sums[hold.lot_id] = sums.get(hold.lot_id, 0) + hold.grams
    return [{"its_id": lot_id, "grams": grams} for lot_id, grams in sorted(sums.items())]
