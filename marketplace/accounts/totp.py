"""Codes that change every 30 seconds, as telephones make them (RFC 6238 upon RFC 4226).

Six digits, steps of 30 seconds, HMAC-SHA-1: what every authenticator app understands.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

DIGITS: Final = 6
STEP_SECONDS: Final = 30
DRIFT: Final = 1
"""How many steps the clock of a telephone may be ahead or behind."""
SECRET_BYTES: Final = 20
"""160 bits, as long as the hash. Source: RFC 4226 section 4, requirement 6."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def new_secret() -> str:
    """A fresh key in base32, as people type it into a telephone: 32 characters."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def step_at(at: datetime) -> int:
    """The number of the step that a moment falls into."""
    return int((at - _EPOCH).total_seconds() // STEP_SECONDS)


def code_of(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step.

    Args:
        secret: in base32.
        step: see `step_at`.
        digits: how many; the vectors of the RFC have eight.
    """
    message = step.to_bytes(8, "big")
    mac = hmac.new(base64.b32decode(secret), message, hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """The step whose code was typed, if it is near `at` and was not used before.

    Args:
        secret: in base32.
        code: as typed, without spaces.
        at: the present moment.
        after: the latest step whose code was used; it and all before it are refused.
    """
    now_step = step_at(at)
    found = None
    for step in range(now_step - DRIFT, now_step + DRIFT + 1):
        # Every step is compared, so that the time tells nothing.
        is_it = hmac.compare_digest(code_of(secret, step).encode(), code.encode())
        if is_it and (after is None or step > after):
            found = step
    return found


def key_uri(secret: str, *, account: str, issuer: str) -> str:
    """What the picture for the telephone says.

    Args:
        secret: in base32.
        account: whose it is, the e-mail address.
        issuer: where it is for, the name of the market.
    """
    label = quote(f"{issuer}:{account}", safe="@")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
    )
