"""Passwords: which are good enough, and how they are kept.

Long is better than complicated: 8 to 128 characters of any kind, but none of those that everybody
tries first and not the person's own name. Kept as argon2id with the library's parameters.

Source: OWASP ASVS 5.0, 6.2.1 to 6.2.12 and 11.4.2; NIST SP 800-63B, 3.1.1.2.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketplace.accounts.errors import (
    PasswordCommonError,
    PasswordPersonalError,
    PasswordTooLongError,
    PasswordTooShortError,
)
from marketplace.kernel.text import fold
from marketplace.platform.config import current_settings

LEAST: Final = 8
MOST: Final = 128
"""Bounds in characters; the upper one keeps hashing cheap for us, not passwords short."""
TELLING: Final = 3
"""Names shorter than this say nothing about whose password it is."""

_hasher: Final = PasswordHasher()


def require_acceptable(password: str, *, about: Iterable[str], field: str = "password") -> None:
    """Refuse a password that others would guess.

    Args:
        password: as typed; nothing is cut off or changed.
        about: the person's name and e-mail address.
        field: which field of the form an error belongs to.

    Raises:
        PasswordTooShortError, PasswordTooLongError: see `LEAST` and `MOST`.
        PasswordPersonalError: it is made of `about` or of the market's name and digits only.
        PasswordCommonError: it stands on the list of the most used ones.
    """
    if len(password) < LEAST:
        raise PasswordTooShortError(field=field, least=LEAST)
    if len(password) > MOST:
        raise PasswordTooLongError(field=field, most=MOST)
    if _is_personal(password, about):
        raise PasswordPersonalError(field=field)
    if _is_common(password):
        raise PasswordCommonError(field=field)


def hash_password(password: str) -> str:
    """What is kept of a password: argon2id with a salt of its own. Takes about 50 ms."""
    return _hasher.hash(_normal(password))


def matches(password: str, kept: str) -> bool:
    """Whether `kept` was made of `password`."""
    try:
        return _hasher.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def pretend_to_check(password: str) -> None:
    """Take as long as `matches`, where there is no account, so that time does not tell."""
    matches(password, _nobody())


def needs_rehash(kept: str) -> bool:
    """Whether the parameters have grown since `kept` was made."""
    return _hasher.check_needs_rehash(kept)


def _normal(password: str) -> str:
    # One keyboard composes ế, another sends three code points: the same password to its owner.
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this account")


def _is_personal(password: str, about: Iterable[str]) -> bool:
    bare = _letters(password)
    known = {_letters(current_settings().market_name)}
    for text in about:
        known |= {_letters(text), _letters(text.partition("@")[0])}
        known |= {_letters(word) for word in text.replace("@", " ").replace(".", " ").split()}
    telling = {text for text in known if len(text) >= TELLING}
    return bare in telling or any(bare == first + last for first in telling for last in telling)


def _letters(text: str) -> str:
    """What is left of a text when tones, case, spaces, digits and signs are taken away."""
    return "".join(letter for letter in fold(text) if letter.isalpha())


def _is_common(password: str) -> bool:
    plain = fold(password).replace(" ", "")
    tries = {password.lower(), plain, plain.rstrip("0123456789!.@#*")}
    return any(text in _common() for text in tries if text) or len(set(plain)) <= 2  # noqa: PLR2004


@cache
def _common() -> frozenset[str]:
    # Read when the first password is chosen. The file is run by itself: importing the package
    # would build all its dictionaries, tens of megabytes in every web worker.
    package = find_spec("zxcvbn")
    assert package is not None  # noqa: S101 - it is locked
    assert package.submodule_search_locations is not None  # noqa: S101 - it is a package
    lists = run_path(str(Path(package.submodule_search_locations[0]) / "frequency_lists.py"))
    return frozenset(lists["FREQUENCY_LISTS"]["passwords"]) | VIETNAMESE


VIETNAMESE: Final = frozenset(
    {
        "anhyeuem",
        "chomua",
        "emyeuanh",
        "hoptacxa",
        "iloveyou",
        "khongbiet",
        "khongnho",
        "matkhau",
        "matkhaucuatoi",
        "minhyeuem",
        "nongdan",
        "nongsan",
        "saigon",
        "tinhyeu",
        "vietnam",
        "vietnamvodich",
        "xinchao",
        "yeuem",
        "yeuanh",
    }
)
"""What a list made from English leaks misses, folded and without digits at the end."""
