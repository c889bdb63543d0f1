"""Random bits for the codes that people copy: order numbers and payment references.

They come from the operating system. Only what must come out the same every time, such as the
demonstration data, draws them from a generator of its own.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Source = Callable[[int], int]
"""Gives a number of so many random bits."""

_source: ContextVar[Source] = ContextVar("source_of_chance", default=secrets.randbits)


def draw_bits(count: int) -> int:
    """A number of `count` random bits that nobody can foresee, outside a `drawn_from` block."""
    return _source.get()(count)


@contextmanager
def drawn_from(source: Source) -> Iterator[None]:
    """Let `draw_bits` ask `source` inside the block, in this thread only."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
