"""Signed texts, which only we can have made, and sealed ones, which only we can read."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.platform.config import current_settings
from marketplace.platform.errors import BadTokenError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


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


def seal(purpose: str, text: str) -> str:
    """`text` encrypted for the database (AES-128-CBC with HMAC-SHA-256, Fernet).

    Args:
        purpose: what the text is, "totp"; one sealed for another purpose does not open.
        text: what `unseal` gives back; the result is about 4/3 of it and 100 characters long.
    """
    return _box(purpose).encrypt(text.encode()).decode("ascii")


def unseal(purpose: str, sealed: str) -> str:
    """What was sealed.

    Raises:
        BadTokenError: sealed for another purpose, with another SECRET_KEY, or changed.
    """
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - loaded for the first secret

    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise BadTokenError from error


def blind_index(purpose: str, text: str) -> str:
    """A keyed hash of `text`: finds an equal text, and tells nothing to who has not our secret.

    Args:
        purpose: what the text is; equal texts of two purposes have nothing in common.
        text: what is to be found again.

    Returns:
        64 hexadecimal digits (HMAC-SHA-256).
    """
    return hmac.new(_key("index", purpose), text.encode(), hashlib.sha256).hexdigest()


def _box(purpose: str) -> "Fernet":
    from cryptography.fernet import Fernet  # noqa: PLC0415 - loaded for the first secret

    return Fernet(base64.urlsafe_b64encode(_key("seal", purpose)))


def _key(use: str, purpose: str) -> bytes:
    # The secret is long and random, so one HMAC is enough to draw a key for each purpose from it.
    secret = current_settings().secret_key.encode()
    return hmac.new(secret, f"marketplace.{use}.{purpose}".encode(), hashlib.sha256).digest()
