"""Secrets that a browser or a mail carries; only their hashes are kept."""

import hashlib
import secrets
from typing import Final

TOKEN_BYTES: Final = 32
"""256 random bits: guessing is out of the question, so a plain hash is enough to keep one."""


def new_token() -> str:
    """A fresh secret, fit for a cookie or a URL: 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a secret: the SHA-256 in hexadecimal, 64 characters."""
    return hashlib.sha256(token.encode()).hexdigest()
