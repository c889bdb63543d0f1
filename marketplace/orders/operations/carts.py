"""Changing carts. A cart belongs to a person, or to whoever holds its token."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor
from marketplace.orders.errors import (
    CartFullError,
    PackNotOnSaleError,
    QuantityError,
)
from marketplace.orders.queries.carts import find_cart_id, find_known_pack
from marketplace.orders.rules import MAX_LINES, MAX_QUANTITY
from marketplace.platform.database import session
from marketplace.platform.locking import locking
from marketplace.platform.statements import Change, Question
from models.catalogue import Pack
from models.orders import Cart, CartLine

KEPT_FOR = timedelta(days=60)
"""How long a cart that nobody touches is kept."""

CART_OF_PERSON: Final = Change(
    insert(Cart)
    .values(created_at=bindparam("at"), updated_at=bindparam("at"), user_id=bindparam("user_id"))
    .on_conflict_do_update(
        index_elements=["user_id"],
        index_where=Cart.user_id.is_not(None),
        set_={"updated_at": bindparam("at")},
    )
    .returning(Cart.id)
)
CART_OF_TOKEN: Final = Change(
    insert(Cart)
    .values(created_at=bindparam("at"), updated_at=bindparam("at"), token_hash=bindparam("token"))
    .on_conflict_do_update(index_elements=["token_hash"], set_={"updated_at": bindparam("at")})
    .returning(Cart.id)
)
_LINE = insert(CartLine).values(
    {name: bindparam(name) for name in ("cart_id", "pack_id", "quantity", "seen_price_minor")}
)
ADD_LINE: Final = Change(
    _LINE.on_conflict_do_update(
        index_elements=["cart_id", "pack_id"],
        set_={
            "quantity": func.least(CartLine.quantity + _LINE.excluded.quantity, MAX_QUANTITY),
            "seen_price_minor": _LINE.excluded.seen_price_minor,
        },
    )
)
LOCK: Final = locking(select(Cart.id).where(Cart.id == bindparam("cart_id")))
DISCARD: Final = Change(delete(Cart).where(Cart.id == bindparam("cart_id")))
COUNT: Final = Question(
    select(func.count()).select_from(CartLine).where(CartLine.cart_id == bindparam("cart_id"))
)


def add_to_cart(
    *, actor: Actor, token_hash: str | None, pack_id: int, quantity: int, at: datetime
) -> int:
    """Put packs into the cart, on top of those of the same kind; makes the cart if there is none.

    Args:
        actor: whose cart; for a guest, whoever holds the token.
        token_hash: SHA-256 of a guest's token; ignored for a person who is signed in.
        pack_id: what to add.
        quantity: how many packs, from 1 to 999; a line holds 999 at most.
        at: when.

    Returns:
        How many lines the cart has now.

    Raises:
        QuantityError: not a number of packs.
        PackNotOnSaleError: nobody can buy that pack now.
        CartFullError: one more kind than a cart takes.
    """
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityError(field="quantity")
    pack = find_known_pack(pack_id)
    if pack is None or not pack[1]:
        raise PackNotOnSaleError(pack_id=pack_id)
    cart_id = _own_cart(actor, token_hash, at)
    ADD_LINE.make(cart_id=cart_id, pack_id=pack_id, quantity=quantity, seen_price_minor=pack[0])
    count = _count(cart_id)
    if count > MAX_LINES:
        raise CartFullError
    return count


def set_quantities(*, cart_id: int, quantities: Mapping[int, int], at: datetime) -> int:
    """Change how many packs lines have; none takes a line out.

    A line that changes counts as seen at today's price. Lines that are gone, or belong to
    another cart, are passed over.

    Args:
        cart_id: the cart, found by its token or its person.
        quantities: from 0 to 999, by line id.
        at: when.

    Returns:
        How many lines the cart has now.

    Raises:
        QuantityError: one of them is not a number of packs; nothing is changed.
    """
    if any(not 0 <= quantity <= MAX_QUANTITY for quantity in quantities.values()):
        raise QuantityError(field="quantity")
    if not lock_cart(cart_id):
        return 0
    rows = session.execute(
        select(CartLine.id, CartLine.quantity).where(CartLine.cart_id == cart_id)
    )
    known = {row.id: row.quantity for row in rows}
    changed = {
        line_id: quantity
        for line_id, quantity in quantities.items()
        if known.get(line_id, quantity) != quantity
    }
    for line_id, quantity in changed.items():
        _set(line_id, quantity)
    if changed:
        session.execute(
            update(Cart)
            .where(Cart.id == cart_id)
            .values(updated_at=at)
            .execution_options(synchronize_session=False)
        )
    return len(known) - sum(1 for quantity in changed.values() if quantity == 0)


def adopt_cart(*, actor: Actor, token_hash: str, at: datetime) -> int:
    """Give what a guest put into a cart to the person who has just signed in.

    Where both carts have the same pack, the larger number counts: nobody means the sum. Lines
    above the limit of a cart stay behind.

    Returns:
        How many lines the person's cart has now.
    """
    guest_id = find_cart_id(user_id=None, token_hash=token_hash)
    own_id = _own_cart(actor, None, at)
    if guest_id is None or not lock_cart(guest_id):
        return _count(own_id)
    theirs = (
        select(
            literal(own_id),
            CartLine.pack_id,
            CartLine.quantity,
            CartLine.seen_price_minor,
        )
        .where(CartLine.cart_id == guest_id)
        .order_by(CartLine.id)
        .limit(max(MAX_LINES - _count(own_id), 0))
    )
    moved = insert(CartLine).from_select(
        ["cart_id", "pack_id", "quantity", "seen_price_minor"], theirs
    )
    session.execute(
        moved.on_conflict_do_update(
            index_elements=["cart_id", "pack_id"],
            set_={
                "quantity": func.greatest(CartLine.quantity, moved.excluded.quantity),
                "seen_price_minor": moved.excluded.seen_price_minor,
            },
        )
    )
    discard_cart(guest_id)
    return _count(own_id)


def lock_cart(cart_id: int) -> bool:
    """Lock a cart until the transaction ends; False once it has become an order."""
    return bool(LOCK.ask(cart_id=cart_id))


def discard_cart(cart_id: int) -> None:
    """Throw a cart away with all its lines: it was ordered, or given to somebody."""
    DISCARD.make(cart_id=cart_id)


def discard_old_carts(at: datetime) -> int:
    """Throw away the carts that nobody has touched for `KEPT_FOR`; say how many."""
    gone = session.scalars(
        delete(Cart)
        .where(Cart.updated_at < at - KEPT_FOR)
        .returning(Cart.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _own_cart(actor: Actor, token_hash: str | None, at: datetime) -> int:
    """The id of the actor's cart, made if there is none, and its row locked."""
    if actor.user_id:
        made = CART_OF_PERSON.make(user_id=actor.user_id, at=at)
    else:
        made = CART_OF_TOKEN.make(token=token_hash, at=at)
    return int(made[0][0])


def _set(line_id: int, quantity: int) -> None:
    """Write a number on a line of a locked cart, or take the line out."""
    mine = CartLine.id == line_id
    price = select(Pack.price_minor).where(Pack.id == CartLine.pack_id).scalar_subquery()
    change = (
        update(CartLine).where(mine).values(quantity=quantity, seen_price_minor=price)
        if quantity
        else delete(CartLine).where(mine)
    )
    session.execute(change.execution_options(synchronize_session=False))


def _count(cart_id: int) -> int:
    return int(COUNT.ask(cart_id=cart_id)[0][0])
