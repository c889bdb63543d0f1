"""Addresses of the pages of a list; every page has one, so that it can be sent and found again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Flask, request

from marketplace.platform.pagination import PageRequest

AROUND: Final = 1
"""How many pages are shown on each side of the present one."""

GAP: Final = 0
"""Stands for pages that are left out."""

Arguments = Mapping[str, str | int | Sequence[str]]


def page_request(size: int, key: str = "trang") -> PageRequest:
    """The page that the address asks for; the first when it asks nonsense."""
    return PageRequest(number=request.args.get(key, 1, type=int), size=size)


def page_window(at: int, last: int) -> list[int]:
    """The page numbers to show: the first, the last, those around `at`, and `GAP` between."""
    shown = sorted({1, last, *range(max(1, at - AROUND), min(last, at + AROUND) + 1)})
    return list(_with_gaps(shown))


def page_url(number: int, args: Arguments | None = None, key: str = "trang") -> str:
    """The address of another page of this list.

    Args:
        number: the page, from 1; the first has no number in its address.
        args: the other parameters; those of the present address when left out.
        key: the parameter that holds the number.
    """
    kept = request.args.to_dict(flat=False) if args is None else args
    query = [(name, value) for name, values in kept.items() for value in _each(values)]
    query = [(name, value) for name, value in query if name != key and value != ""]
    if number > 1:
        query.append((key, str(number)))
    address = request.script_root + request.path
    return f"{address}?{urlencode(query)}" if query else address


def init_app(app: Flask) -> None:
    """Give templates the addresses."""
    app.jinja_env.globals.update(page_url=page_url, page_window=page_window)


def _each(values: str | int | Sequence[str]) -> Iterable[str]:
    return (str(values),) if isinstance(values, str | int) else values


def _with_gaps(numbers: list[int]) -> Iterable[int]:
    before = 0
    for number in numbers:
        if number == before + 2:
            yield before + 1
        elif number > before + 2:
            yield GAP
        yield number
        before = number
