"""Goods that a buyer did not take and that are back in the store, in the lot they came from."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor
from marketplace.inventory.errors import NothingMovedError, StockNotFoundError
from marketplace.platform.statements import Change, Question
from models.inventory import LotStock, MovementKind, StockMovement
from models.traceability import Lot

_OWNED: Final = Question(
    select(LotStock.lot_id)
    .join(Lot, Lot.id == LotStock.lot_id)
    .where(
        LotStock.lot_id == bindparam("lot_id", type_=BigInteger),
        Lot.organisation_id == bindparam("organisation_id", type_=BigInteger),
    )
)
_NEW_RETURN: Final = Change(
    insert(StockMovement)
    .values(
        lot_id=bindparam("lot_id"),
        kind=MovementKind.RETURNED,
        grams=bindparam("grams"),
        ref=bindparam("ref"),
        reason="",
        at=bindparam("at"),
        by_user_id=bindparam("by_user_id"),
    )
    .on_conflict_do_nothing(index_elements=["ref"])
    .returning(StockMovement.id)
)
_PUT_BACK: Final = Change(
    update(LotStock)
    .where(LotStock.lot_id == bindparam("its_id", type_=BigInteger))
    .values(on_hand_g=LotStock.on_hand_g + bindparam("grams", type_=BigInteger))
)


def take_back(  # noqa: PLR0913 - the columns of one movement
    *, actor: Actor, organisation_id: int, lot_id: int, grams: int, ref: str, at: datetime
) -> None:
    """Put goods back into the lot that they left; the same `ref` again changes nothing.

    Whether the actor may is asked by whoever knows why they come back.

    Args:
        actor: who has them in hand.
        organisation_id: whose store.
        lot_id: the lot they came from.
        grams: how much; more than nothing.
        ref: the natural key of the return.
        at: when.

    Raises:
        NothingMovedError: `grams` is not above zero.
        StockNotFoundError: the organisation has no such lot.
    """
    if grams <= 0:
        raise NothingMovedError(grams=grams)
    if not _OWNED.ask(lot_id=lot_id, organisation_id=organisation_id):
        raise StockNotFoundError(lot_id=lot_id)
    if _NEW_RETURN.make(lot_id=lot_id, grams=grams, ref=ref, at=at, by_user_id=actor.user_id):
        _PUT_BACK.make(its_id=lot_id, grams=grams)
