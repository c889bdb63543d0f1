"""What the ways in share: where somebody comes from, their basket, links that come by mail."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from blueprints.account.forms import EmailForm
from blueprints.cart.basket import TOKEN, remember_count
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import start_session, start_waiting
from marketplace.accounts import throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.operations.sessions import Device
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction
from marketplace.workflows.welcome import Entry

TOO_MANY: Final = 429
CODE: Final = "/dang-nhap/ma"


def this_device() -> Device:
    """Where the request comes from."""
    return Device(ip_address=this_address(), user_agent=request.user_agent.string)


def this_address() -> str:
    """The address in the network that limits are counted by; proxies only as configured."""
    return request.remote_addr or ""


def guest_cart_token() -> str | None:
    """What the browser carries of a basket that was filled before signing in."""
    token = session.get(TOKEN)
    return token if isinstance(token, str) else None


def let_in(entry: Entry, wanted: str) -> ResponseReturnValue:
    """Give the browser its new session; the basket is the person's from now on.

    Somebody with a second factor is asked for a code first and is not signed in before.

    Args:
        entry: who comes in.
        wanted: the address where they go, with the language.
    """
    if entry.session.needs_code:
        start_waiting(entry.session.token)
        return redirect(f"{path(CODE)}?{urlencode({'next': wanted})}", 303)
    start_session(entry.session.token)
    session.pop(TOKEN, None)
    remember_count(entry.cart_count)
    return redirect(wanted, 303)


def refuse_for_now(form: BaseForm, error: TooManyAttemptsError) -> int:
    """Say in the form that somebody tried too often; returns the status."""
    refuse_in_form(form, error)
    return TOO_MANY


def ask_for_mail(
    template: str, *, again: str, limit: throttle.Limit, send: Callable[..., object]
) -> ResponseReturnValue:
    """A page that asks for an address and sends a mail; it answers the same for every address.

    Args:
        template: the page.
        again: where it is.
        limit: how many mails may be asked for from one place.
        send: takes `email` and `at`, in a transaction.
    """
    form = EmailForm()
    status = None
    if form.validate_on_submit():
        at = now()
        try:
            with transaction():
                throttle.spend(limit, this_address(), at)
            with transaction():
                send(email=form.email.data or "", at=at)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        else:
            return look_into_your_mail(form.email.data or "", again)
    return render_template(template, form=form), status or form_status(form)


def look_into_your_mail(email: str, again: str) -> ResponseReturnValue:
    """The page that says so, and leads to where one can ask once more."""
    return render_template("account/mail_sent.html", email=email, again=again)
