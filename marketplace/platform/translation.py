"""The language of the reader, and texts in it.

Texts are written in Vietnamese; Vietnamese needs no catalogue. English comes from
`marketplace/translations/en/LC_MESSAGES/messages.mo`, read once. A text without an
English one stays Vietnamese; `make check` finds those.
"""

import gettext as catalogues
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import LazyProxy

LOCALES = ("vi", "en")
DEFAULT = "vi"
FOLDER = Path(__file__).parents[1] / "translations"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def current_locale() -> str:
    """The reader's language: "vi" or "en"."""
    return _locale.get()


@contextmanager
def using_locale(code: str) -> Iterator[None]:
    """Write in another language inside the block.

    Args:
        code: "vi" or "en".

    Raises:
        LookupError: a language that we do not have.
    """
    if code not in LOCALES:
        raise LookupError(code)
    token = _locale.set(code)
    try:
        yield
    finally:
        _locale.reset(token)


def gettext(text: str, /, **params: object) -> str:
    """`text` in the reader's language, with `%(name)s` filled in."""
    translated = _catalogue(current_locale()).gettext(text)
    return translated % params if params else translated


def ngettext(singular: str, plural: str, num: int, /, **params: object) -> str:
    """The form for `num` things; `%(num)s` is filled in by itself."""
    translated = _catalogue(current_locale()).ngettext(singular, plural, num)
    return translated % {"num": num, **params}


def lazy_gettext(text: str, /, **params: object) -> Any:  # noqa: ANN401 - stands in for a str
    """Like `gettext`, but put into words when it is shown: for labels made at import."""
    lookup: Callable[..., str] = gettext
    return LazyProxy(lookup, text, enable_cache=False, **params)


@cache
def _catalogue(locale: str) -> catalogues.NullTranslations:
    if locale == DEFAULT:
        return catalogues.NullTranslations()
    return catalogues.translation("messages", FOLDER, [locale], fallback=True)
