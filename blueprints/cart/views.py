"""`/gio-hang`: look, add, change, remove."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cart import cart
from blueprints.cart.basket import (
    find_basket,
    known_province,
    own_token,
    remember_count,
    shopper,
)
from blueprints.errors import sentence
from blueprints.locale import path
from blueprints.security import is_local, public
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError
from marketplace.orders import operations
from marketplace.orders.rules import MAX_QUANTITY
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import checkout

CART = "/gio-hang"
QUANTITY = "so-luong-"
"""The fields of the form: `so-luong-17` is how many packs line 17 is to have."""


@cart.get(CART)
@public
def show() -> ResponseReturnValue:
    """The basket, grouped by cooperative."""
    quote = checkout.look_at_cart(cart_id=find_basket(), province_code=known_province(), at=now())
    remember_count(len(quote.rows))
    return render_template("cart/show.html", quote=quote, noindex=True, htmx=True)


@cart.post(CART)
@public
def add() -> ResponseReturnValue:
    """Put packs into the basket: `pack_id`, `quantity`; `buy` goes straight to the checkout."""
    form = request.form
    try:
        with transaction():
            count = operations.add_to_cart(
                actor=shopper(),
                token_hash=own_token(),
                pack_id=_whole(form.get("pack_id")),
                quantity=_whole(form.get("quantity", "1"), default=-1),
                at=now(),
            )
    except DomainError as error:
        flash(sentence(error), "bad")
        return redirect(_back(form.get("back")), 303)
    remember_count(count)
    if form.get("buy"):
        return redirect(path("/dat-hang"), 303)
    flash(_("Đã cho vào giỏ hàng."), "ok")
    return redirect(path(CART), 303)


@cart.post(f"{CART}/cap-nhat")
@public
def update() -> ResponseReturnValue:
    """Take over every number of the form; `drop` takes a line out, `next` goes on to order."""
    cart_id, wanted = find_basket(), _wanted()
    # Not "remove": a field of that name hides the form's own remove() from scripts.
    if request.form.get("drop"):
        wanted[_whole(request.form["drop"])] = 0
    if cart_id is not None:
        try:
            with transaction():
                count = operations.set_quantities(cart_id=cart_id, quantities=wanted, at=now())
        except DomainError as error:
            flash(sentence(error), "bad")
            return redirect(path(CART), 303)
        remember_count(count)
    return redirect(path("/dat-hang" if request.form.get("next") else CART), 303)


def _wanted() -> dict[int, int]:
    """The lines of the form and the numbers typed into them."""
    return {
        _whole(name.removeprefix(QUANTITY)): _whole(value, default=-1)
        for name, value in request.form.items()
        if name.startswith(QUANTITY)
    }


def _whole(typed: str | None, default: int = 0) -> int:
    """A whole number that somebody typed; nonsense is `default`, too much is one too many."""
    digits = (typed or "").strip()
    if not digits.isdecimal():
        return default
    return int(digits) if len(digits) < len(str(MAX_QUANTITY)) + 16 else MAX_QUANTITY + 1


def _back(address: str | None) -> str:
    return address if address and is_local(address) else path(CART)
