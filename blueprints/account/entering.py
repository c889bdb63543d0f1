"""What the ways in share: where somebody comes from, and taking their basket along."""

from typing import Final

from flask import request, session

from blueprints.cart.basket import TOKEN, remember_count
from blueprints.forms import BaseForm, refuse_in_form
from blueprints.security import start_session
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.operations.sessions import Device
from marketplace.workflows.welcome import Entry

TOO_MANY: Final = 429


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


def let_in(entry: Entry) -> None:
    """Give the browser its new session; the basket is the person's from now on."""
    start_session(entry.session.token)
    session.pop(TOKEN, None)
    remember_count(entry.cart_count)


def refuse_for_now(form: BaseForm, error: TooManyAttemptsError) -> int:
    """Say in the form that somebody tried too often; returns the status."""
    refuse_in_form(form, error)
    return TOO_MANY
