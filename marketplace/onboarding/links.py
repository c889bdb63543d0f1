"""The link by which somebody comes back to their application: whoever has one may fill it in.

It follows from the application and the address it was mailed to, so that every mail carries the
same one without its being kept; the database has only the hash. Another address is another link.
"""

import base64
import hashlib
import hmac

from marketplace.accounts.tokens import hash_of
from marketplace.platform.config import current_settings
from models.onboarding import Application


def token_of(application: Application) -> str:
    """What the link carries: 43 letters, digits, `-` and `_` that only we can make."""
    secret = current_settings().secret_key.encode()
    told = f"marketplace.application:{application.code}:{application.email}".encode()
    digest = hmac.new(secret, told, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def renew_link(application: Application) -> str:
    """Let the application be opened by its link, and by no other; returns the token."""
    token = token_of(application)
    application.resume_token_hash = hash_of(token)
    return token


def application_path(token: str) -> str:
    """The path of the page that goes on where one stopped, without the language."""
    return f"/tham-gia/{token}"
