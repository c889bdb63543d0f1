from random import Random

import pytest

from marketplace.kernel.chance import draw_bits, drawn_from


def test_bits_are_within_their_count():
    assert all(0 <= draw_bits(5) < 32 for _ in range(200))


def test_a_given_source_is_asked_inside_the_block_only():
    with drawn_from(Random(7).getrandbits):  # noqa: S311 - the same every time
        drawn = [draw_bits(40), draw_bits(25)]

    again = Random(7)  # noqa: S311 - the same every time
    assert drawn == [again.getrandbits(40), again.getrandbits(25)]
    assert draw_bits(64) != draw_bits(64)


def test_the_source_is_put_back_after_an_error():
    with pytest.raises(ZeroDivisionError), drawn_from(lambda _count: 1):
        _ = 1 / 0

    assert {draw_bits(40) for _ in range(4)} != {1}
