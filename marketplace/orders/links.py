"""Links by which a buyer without an account follows an order: whoever has one may see it."""

from typing import Final
from urllib.parse import urlencode

from marketplace.platform.errors import BadTokenError
from marketplace.platform.secrets import sign, unsign

PURPOSE: Final = "order-link"


def order_path(number: str, page: str = "") -> str:
    """The path of an order's page with its signature, without the language.

    Args:
        number: of the order.
        page: a page below it, such as "tra-tien".
    """
    below = f"/{page}" if page else ""
    return f"/don-hang/{number}{below}?{urlencode({'k': sign(PURPOSE, number)})}"


def opens(number: str, token: str) -> bool:
    """Whether `token` is the signature of a link to the order with this number."""
    try:
        return bool(unsign(PURPOSE, token) == number)
    except BadTokenError:
        return False
