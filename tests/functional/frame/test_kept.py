"""Parts of pages that are drawn once and kept."""

import pytest
from markupsafe import Markup

from blueprints.kept import KEY_BYTES, PACKED_FROM, Part, Rack

LONG = Markup("<p>Cà phê chín đỏ, phơi giàn mười bốn ngày.</p>") * PACKED_FROM


def never() -> Part:
    raise AssertionError("drawn again")


class TestRack:
    @pytest.mark.parametrize("part", [Markup(""), Markup("<b>Bơ sáp 034</b>"), LONG])
    def test_gives_back_the_very_part_that_was_drawn(self, part):
        rack = Rack()
        rack.get("one", lambda: Part(part, ("facts", 1)))

        again = rack.get("one", never)

        assert again == Part(part, ("facts", 1))
        assert isinstance(again.drawn, Markup)

    def test_keeps_long_parts_in_a_fraction_of_their_size(self):
        rack = Rack(most=len(LONG) // 10 + 2 * KEY_BYTES)
        rack.get("one", lambda: Part(LONG))
        rack.get("two", lambda: Part(LONG))

        assert rack.get("one", never) == rack.get("two", never)

    def test_forgets_what_was_not_asked_for_longest(self):
        rack = Rack(most=2 * KEY_BYTES + 200)
        for key in ("one", "two"):
            rack.get(key, lambda: Part(Markup("x")))
        rack.get("one", never)
        rack.get("three", lambda: Part(Markup("x")))

        assert rack.get("one", never).drawn == "x"
        assert rack.get("two", lambda: Part(Markup("drawn again"))).drawn == "drawn again"
