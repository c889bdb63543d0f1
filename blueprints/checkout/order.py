"""`/don-hang/<number>`: what became of an order, for its buyer, with or without an account."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cart.basket import own_token, remember_count, shopper
from blueprints.checkout import checkout
from blueprints.checkout.access import order_at_hand
from blueprints.errors import sentence
from blueprints.locale import path
from blueprints.security import public
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError
from marketplace.orders import operations
from marketplace.orders.errors import PackNotOnSaleError
from marketplace.orders.links import order_path
from marketplace.orders.queries import OrderView
from marketplace.payments import queries as payments
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import cancellation


@checkout.get("/don-hang/<number>")
@public
def show(number: str) -> ResponseReturnValue:
    """The order, each cooperative's part with its timeline, and its money."""
    order, actor = order_at_hand(number)
    return render_template(
        "checkout/order.html",
        order=order,
        payment=payments.pay_page(number, viewer=actor),
        key=request.args.get("k", ""),
        by_link=actor.order_id is not None,
        noindex=True,
    )


@checkout.post("/don-hang/<number>/huy")
@public
def cancel(number: str) -> ResponseReturnValue:
    """Call the order off, or the one part that the form names, as long as it is not packed."""
    order, actor = order_at_hand(number)
    part_id = request.form.get("part_id", "")
    reason = request.form.get("reason", "")[:200]
    try:
        with transaction():
            if part_id:
                wanted = {str(part.id): part.id for part in order.parts}.get(part_id)
                if wanted is not None:
                    cancellation.cancel_part(
                        actor=actor, seller_order_id=wanted, reason=reason, at=now()
                    )
            else:
                cancellation.cancel_order(actor=actor, order_id=order.id, reason=reason, at=now())
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        flash(_("Đã huỷ. Hàng được trả lại kho."), "ok")
    return redirect(_back(order), 303)


@checkout.post("/don-hang/<number>/mua-lai")
@public
def buy_again(number: str) -> ResponseReturnValue:
    """Put the goods of an old order into the basket, as far as they are still for sale."""
    order, _actor = order_at_hand(number)
    missing: list[str] = []
    for line in (line for part in order.parts for line in part.lines):
        try:
            with transaction():
                count = operations.add_to_cart(
                    actor=shopper(),
                    token_hash=own_token(),
                    pack_id=line.pack_id,
                    quantity=line.quantity,
                    at=now(),
                )
        except PackNotOnSaleError:
            missing.append(line.name_vi)
        else:
            remember_count(count)
    if missing:
        flash(_("Hiện không bán nữa: %(names)s.", names=", ".join(missing)), "wait")
    return redirect(path("/gio-hang"), 303)


def _back(order: OrderView) -> str:
    """The page of the order, by the link that the reader came with."""
    if request.form.get("k"):
        return path(order_path(order.number))
    return path(f"/don-hang/{order.number}")
