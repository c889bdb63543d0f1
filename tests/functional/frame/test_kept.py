"""Parts of pages that are drawn once and kept."""

import pytest
from markupsafe import Markup

from blueprints.kept import KEY_BYTES, PACKED_FROM, Rack

LONG = Markup("<p>Cà phê chín đỏ, phơi giàn mười bốn ngày.</p>") * PACKED_FROM


def never() -> Markup:
    raise AssertionError("drawn again")


class TestRack:
    @pytest.mark.parametrize("part", [Markup(""), Markup("<b>Bơ sáp 034</b>"), LONG])
    def test_gives_back_the_very_part_that_was_drawn(self, part):
        rack = Rack()
        rack.get("one", lambda: part)

        again = rack.get("one", never)

        assert again == part
        assert isinstance(again, Markup)

    def test_keeps_long_parts_in_a_fraction_of_their_size(self):
        rack = Rack(most=len(LONG) // 10 + 2 * KEY_BYTES)
        rack.get("one", lambda: LONG)
        rack.get("two", lambda: LONG)

        assert rack.get("one", never) == rack.get("two", never)

    def test_forgets_what_was_not_asked_for_longest(self):
        rack = Rack(most=2 * KEY_BYTES + 200)
        for key in ("one", "two"):
            rack.get(key, lambda: Markup("x"))
        rack.get("one", never)
        rack.get("three", lambda: Markup("x"))

        assert rack.get("one", never) == "x"
        assert rack.get("two", lambda: Markup("drawn again")) == "drawn again"
