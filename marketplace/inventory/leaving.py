"""Goods that leave the store for a delivery of a contract at once, and what comes back of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor
from marketplace.inventory.errors import LotsShortError
from marketplace.platform.statements import Change, adding
from models.inventory import LotStock, MovementKind, StockMovement

_OF_LOT: Final = LotStock.lot_id == bindparam("its_id", type_=BigInteger)
_GRAMS: Final = bindparam("grams", type_=BigInteger)
_LEAVE: Final = Change(
    update(LotStock)
    .where(_OF_LOT, LotStock.on_hand_g - LotStock.held_g >= _GRAMS)
    .values(on_hand_g=LotStock.on_hand_g - _GRAMS)
    .returning(LotStock.lot_id)
)
_COME_BACK: Final = Change(
    update(LotStock).where(_OF_LOT).values(on_hand_g=LotStock.on_hand_g + _GRAMS)
)
_NEW_MOVEMENTS: Final = adding(StockMovement)
_COLUMNS: Final = ("lot_id", "kind", "grams", "ref", "reason", "at", "by_user_id")
_NEW_RETURN: Final = Change(
    insert(StockMovement)
    .values({column: bindparam(column) for column in _COLUMNS})
    .on_conflict_do_nothing(index_elements=["ref"])
    .returning(StockMovement.id)
)


@dataclass(frozen=True, slots=True)
class Portion:
    """Grams of a lot that leave the store, or come back to it.

    `ref` is the natural key of the fact, "delivery:7".
    """

    lot_id: int
    grams: int
    ref: str


def let_leave(*, actor: Actor, leaving: Sequence[Portion], at: datetime) -> None:
    """Take grams out of the store at once, without holding them first: all of them, or none.

    Each lot gives what nobody has spoken for by one conditional update, in ascending order of lot
    id, as `operations.hold_stock` takes it: a delivery and a cart never get the same gram. A `ref`
    that is known already is a bug of the caller, who makes one for each line.

    Args:
        actor: who packed; the workflow has asked for their right.
        leaving: no lot twice.
        at: when.

    Raises:
        LotsShortError: with the lots that have less left; the caller's transaction is undone.
    """
    ordered = sorted(leaving, key=lambda each: each.lot_id)
    short = [each.lot_id for each in ordered if not take_out(each.lot_id, each.grams)]
    if short:
        raise LotsShortError(short)
    _NEW_MOVEMENTS.make_each(
        {
            "lot_id": each.lot_id,
            "kind": MovementKind.SOLD,
            "grams": -each.grams,
            "ref": each.ref,
            "reason": "",
            "at": at,
            "by_user_id": actor.user_id,
        }
        for each in ordered
    )


def take_back(*, actor: Actor, returning: Sequence[Portion], reason: str, at: datetime) -> int:
    """Put grams back into the lots that they came from; the same `ref` again changes nothing.

    Args:
        actor: who has the goods again; the workflow has asked for their right.
        returning: no lot twice.
        reason: why they came back, for the store's book.
        at: when.

    Returns:
        How many grams came back now.
    """
    grams = 0
    for each in sorted(returning, key=lambda one: one.lot_id):
        if _NEW_RETURN.make(
            lot_id=each.lot_id,
            kind=MovementKind.RETURNED,
            grams=each.grams,
            ref=each.ref,
            reason=reason[:200],
            at=at,
            by_user_id=actor.user_id,
        ):
            _COME_BACK.make(its_id=each.lot_id, grams=each.grams)
            grams += each.grams
    return grams


def take_out(lot_id: int, grams: int) -> bool:
    """Take `grams` of a lot out of the store if so much is free; say whether it was.

    One statement that checks and changes, as `operations.take`.
    """
    return bool(_LEAVE.make(its_id=lot_id, grams=grams))
