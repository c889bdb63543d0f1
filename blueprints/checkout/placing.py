"""`/dat-hang`: who gets the goods, how they come, how they are paid for; then the order."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cart.basket import (
    find_basket,
    forget_basket,
    known_province,
    remember_count,
    remember_province,
    shopper,
)
from blueprints.checkout import checkout
from blueprints.checkout.forms import CheckoutForm, pickups_in
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import current_session, public
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.orders.errors import (
    EmptyCartError,
    LinesNotOnSaleError,
    ShortLinesError,
)
from marketplace.orders.links import order_path
from marketplace.orders.quotes import Quote
from marketplace.platform.config import current_settings
from marketplace.platform.transaction import transaction
from marketplace.workflows import checkout as story
from models.orders import Order, PaymentMethod

CHECKOUT = "/dat-hang"


@checkout.get(CHECKOUT)
@public
def ask() -> ResponseReturnValue:
    """The form, filled in as far as the reader is known."""
    cart_id = find_basket()
    form = CheckoutForm(data=_known_of_reader())
    quote = story.look_at_cart(cart_id=cart_id, province_code=form.province_code, at=now())
    remember_count(len(quote.rows))
    if cart_id is None or not quote.is_orderable:
        return redirect(path("/gio-hang"), 303)
    form.key.data = story.key_of_cart(cart_id)
    return _page(form, quote)


@checkout.post(CHECKOUT)
@public
def place() -> ResponseReturnValue:
    """Order; or with `act` other than "place" only count again what is typed so far."""
    form, cart_id = CheckoutForm(), find_basket()
    if form.province_code:
        remember_province(form.province_code)
    if request.form.get("act") != "place" or not form.validate():
        return _again(form, cart_id)
    try:
        with transaction():
            order = story.place_order(
                actor=shopper(),
                cart_id=cart_id,
                purchase=form.purchase(pickups_in(request.form)),
                at=now(),
            )
            target = _after(order)
    except (EmptyCartError, ShortLinesError, LinesNotOnSaleError) as error:
        flash(sentence(error), "bad")
        return redirect(path("/gio-hang"), 303)
    except (InvalidError, ConflictError) as error:
        refuse_in_form(form, error)
        return _again(form, cart_id)
    forget_basket()
    return redirect(target, 303)


def _again(form: CheckoutForm, cart_id: int | None) -> ResponseReturnValue:
    """The form once more, with what was typed and what it costs now."""
    quote = story.look_at_cart(
        cart_id=cart_id,
        province_code=form.province_code,
        pickups=pickups_in(request.form),
        at=now(),
    )
    if cart_id is None or not quote.is_orderable:
        return redirect(path("/gio-hang"), 303)
    form.key.data = story.key_of_cart(cart_id)
    return _page(form, quote)


def _page(form: CheckoutForm, quote: Quote) -> ResponseReturnValue:
    # What is in the page is what the buyer agrees to with the button.
    form.agreed.data = quote.digest
    if not quote.accepts_cash:
        form.payment_method.data = PaymentMethod.BANK_TRANSFER.value
    page = render_template(
        "checkout/form.html",
        form=form,
        quote=quote,
        hold_minutes=current_settings().hold_minutes,
        noindex=True,
        htmx=True,
    )
    return page, form_status(form)


def _after(order: Order) -> str:
    """Where the buyer goes next: to pay, or to the order that is under way."""
    is_cash = order.payment_method == PaymentMethod.CASH
    return path(order_path(order.number, "" if is_cash else "tra-tien"))


def _known_of_reader() -> dict[str, str | None]:
    """What we need not ask again."""
    person = current_session()
    known: dict[str, str | None] = {"province": known_province() or ""}
    if person is not None:
        known |= {"name": person.full_name, "email": person.email, "phone": person.phone}
    return known
