"""Goods that leave the store for a delivery of a contract, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, update

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
_NEW_MOVEMENTS: Final = adding(StockMovement)


@dataclass(frozen=True, slots=True)
class Portion:
    """Grams of a lot that leave the store.

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


def take_out(lot_id: int, grams: int) -> bool:
    """Take `grams` of a lot out of the store if so much is free; say whether it was.

    One statement that checks and changes, as `operations.take`.
    """
    return bool(_LEAVE.make(its_id=lot_id, grams=grams))
