"""Signed texts: links and form values that only we can have made."""

from datetime import timedelta
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.platform.config import current_settings
from marketplace.platform.errors import BadTokenError


def sign(purpose: str, payload: object) -> str:
    """`payload` (anything JSON can say) as a text for a URL, readable by all, made by us.

    Args:
        purpose: what the text is for, "order-link"; one signed for another purpose is refused.
        payload: what `unsign` gives back.
    """
    return str(_serializer(purpose).dumps(payload))


def unsign(purpose: str, token: str, *, max_age: timedelta | None = None) -> Any:  # noqa: ANN401
    """What was signed.

    Raises:
        BadTokenError: not signed by us for this purpose, changed, or older than `max_age`.
    """
    seconds = None if max_age is None else int(max_age.total_seconds())
    try:
        return _serializer(purpose).loads(token, max_age=seconds)
    except BadData as error:
        raise BadTokenError from error


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_settings().secret_key, salt=f"marketplace.{purpose}")
