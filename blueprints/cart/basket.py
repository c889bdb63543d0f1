"""Whose basket it is: the person's, or the browser's that holds a token in its signed cookie."""

from flask import session

from blueprints.security import current_viewer
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.kernel.clock import now
from marketplace.orders import operations, queries
from marketplace.platform.transaction import transaction

TOKEN = "cart"  # noqa: S105 - the name of a field of the cookie
COUNT = "cart_count"
PROVINCE = "cart_province"


def shopper() -> Actor:
    """Who buys: the person who is signed in, or a guest."""
    return current_viewer() or Actor(user_id=None)


def known_token() -> str | None:
    """The hash of the browser's token, if it has one."""
    token = session.get(TOKEN)
    return hash_of(token) if isinstance(token, str) else None


def own_token() -> str | None:
    """The hash of the browser's token, which gets one now; None for people who are signed in."""
    if current_viewer() is not None:
        return None
    if not isinstance(session.get(TOKEN), str):
        session[TOKEN] = new_token()
        session.permanent = True
    return known_token()


def find_basket() -> int | None:
    """The id of the basket at hand; None if there is none.

    What somebody had chosen before signing in comes along.
    """
    viewer, token_hash = current_viewer(), known_token()
    if viewer is None:
        return queries.find_cart_id(user_id=None, token_hash=token_hash)
    if token_hash is not None:
        with transaction():
            count = operations.adopt_cart(actor=viewer, token_hash=token_hash, at=now())
        session.pop(TOKEN)
        remember_count(count)
    return queries.find_cart_id(user_id=viewer.user_id, token_hash=None)


def remember_count(count: int) -> None:
    """Keep what the basket in the head of every page shows."""
    if session.get(COUNT, 0) != count:
        session[COUNT] = count


def forget_basket() -> None:
    """The basket has become an order."""
    session.pop(TOKEN, None)
    session.pop(COUNT, None)


def known_province() -> str | None:
    """The province that the reader last named as theirs."""
    code = session.get(PROVINCE)
    return code if isinstance(code, str) else None


def remember_province(code: str) -> None:
    """Keep the reader's province, so that fees are known before they are asked again."""
    if session.get(PROVINCE) != code:
        session[PROVINCE] = code
