"""Joining the market and coming back to it: an account, its mails, the basket that was filled."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.links import Letter
from marketplace.accounts.operations import (
    addresses,
    credentials,
    invitations,
    people,
    second_factor,
    sessions,
)
from marketplace.accounts.operations.invitations import NewMember
from marketplace.accounts.operations.people import NewPerson
from marketplace.accounts.operations.sessions import Device, OpenedSession
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of
from marketplace.notifications.operations import notify
from marketplace.orders.operations import carts
from marketplace.orders.queries.carts import find_cart_id


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody came in: their session, and what their basket holds now.

    If the session waits for a code, the basket stays the guest's until that is given.

    Attributes:
        cart_count: how many things.
    """

    session: OpenedSession
    cart_count: int


def sign_up(*, person: NewPerson, at: datetime) -> None:
    """Make an account and mail the link that opens it; see `people.sign_up`.

    Whoever asks learns nothing about who has an account: the mail goes to its owner.
    """
    _post(people.sign_up(person=person, at=at), at)


def resend_confirmation(*, email: str, at: datetime) -> None:
    """Mail a fresh link to somebody who lost the first; says nothing about who has an account."""
    _post(people.request_confirmation(email=email, at=at), at)


def confirm_email(
    *, token: str, password: str, device: Device, cart_token: str | None, at: datetime
) -> Entry:
    """Open a new account and let its owner in, basket and all; see `people.confirm_email`."""
    opened = people.confirm_email(token=token, password=password, device=device, at=at)
    return _enter(opened, cart_token, at)


def sign_in(
    *, email: str, password: str, device: Device, cart_token: str | None, at: datetime
) -> Entry:
    """Let somebody in with the basket they filled as a guest; see `sessions.sign_in`.

    Args:
        email: as typed.
        password: as typed.
        device: where they come from.
        cart_token: what the browser carries of a guest's basket, if anything.
        at: the present moment.
    """
    opened = sessions.sign_in(email=email, password=password, device=device, at=at)
    return _enter(opened, cart_token, at)


def pass_second_step(*, token: str, code: str, cart_token: str | None, at: datetime) -> Entry:
    """Let somebody in who gave their code, basket and all; see `sessions.pass_second_step`."""
    return _enter(sessions.pass_second_step(token=token, code=code, at=at), cart_token, at)


def join_by_invitation(
    *, token: str, person: NewMember, device: Device, cart_token: str | None, at: datetime
) -> Entry:
    """Make an account by an invitation and come in; see `invitations.join_by_invitation`."""
    opened = invitations.join_by_invitation(token=token, person=person, device=device, at=at)
    return _enter(opened, cart_token, at)


def request_email_change(*, actor: Actor, email: str, at: datetime) -> None:
    """Mail a link to somebody's new address; see `addresses.request_email_change`."""
    _post(addresses.request_email_change(actor=actor, email=email, at=at), at)


def confirm_email_change(*, token: str, at: datetime) -> None:
    """Move an account to its new address and tell the old one; see `addresses`."""
    _post(addresses.confirm_email_change(token=token, at=at), at)


def request_password_reset(*, email: str, at: datetime) -> None:
    """Mail a link to choose a new password; says nothing about who has an account."""
    _post(credentials.request_password_reset(email=email, at=at), at)


def reset_password(*, token: str, password: str, at: datetime) -> None:
    """Set a new password by a mailed link and tell its owner; see `credentials.reset_password`."""
    _post(credentials.reset_password(token=token, password=password, at=at), at)


def change_password(
    *, actor: Actor, current: str, password: str, keep_session_id: int, at: datetime
) -> None:
    """Change one's password and be told so by mail; see `credentials.change_password`."""
    told = credentials.change_password(
        actor=actor, current=current, password=password, keep_session_id=keep_session_id, at=at
    )
    _post(told, at)


def switch_on_second_factor(
    *, actor: Actor, session_id: int, code: str, at: datetime
) -> tuple[str, ...]:
    """Ask for a code from now on, and tell the person by mail; see `second_factor`.

    Returns:
        The recovery codes, to be shown this once.
    """
    done = second_factor.confirm_second_factor(actor=actor, session_id=session_id, code=code, at=at)
    _post(done.letter, at)
    return done.codes


def switch_off_second_factor(*, actor: Actor, code: str, at: datetime) -> None:
    """Ask for the password alone from now on, and tell the person by mail."""
    _post(second_factor.switch_off_second_factor(actor=actor, code=code, at=at), at)


def _enter(opened: OpenedSession, cart_token: str | None, at: datetime) -> Entry:
    if opened.needs_code:
        return Entry(opened, 0)
    brought = hash_of(cart_token) if cart_token else None
    if brought is None and find_cart_id(user_id=opened.user_id, token_hash=None) is None:
        return Entry(opened, 0)
    actor = Actor(user_id=opened.user_id)
    # Without a guest's basket this only counts what the person left here last time.
    return Entry(opened, carts.adopt_cart(actor=actor, token_hash=brought or "", at=at))


def _post(letter: Letter | None, at: datetime) -> None:
    if letter is None:
        return
    notify(
        key=letter.key,
        recipient=letter.recipient,
        locale=letter.locale,
        template=letter.template,
        at=at,
        name=letter.name,
        token=letter.token,
    )
