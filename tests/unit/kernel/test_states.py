"""State machines: only what the table allows."""

from enum import StrEnum

import pytest

from marketplace.kernel.errors import ConflictError
from marketplace.kernel.states import NotAllowedError, StateMachine

PRODUCT = StateMachine(
    "product",
    {"draft": {"published", "gone"}, "published": {"archived"}, "archived": {"draft"}, "gone": ()},
)


def test_a_machine_knows_its_states():
    assert PRODUCT.name == "product"
    assert PRODUCT.states == ("draft", "published", "archived", "gone")
    assert PRODUCT.following("draft") == {"published", "gone"}
    assert repr(PRODUCT) == "StateMachine('product')"


def test_only_what_the_table_allows():
    allowed = {
        (one, other)
        for one in PRODUCT.states
        for other in PRODUCT.states
        if PRODUCT.can(one, other)
    }

    assert allowed == {
        ("draft", "published"),
        ("draft", "gone"),
        ("published", "archived"),
        ("archived", "draft"),
    }


def test_a_refusal_says_from_where_to_where():
    with pytest.raises(NotAllowedError) as refusal:
        PRODUCT.require("published", "draft")

    assert isinstance(refusal.value, ConflictError)
    assert refusal.value.code == "state.not_allowed"
    assert refusal.value.details == {
        "machine": "product",
        "from_state": "published",
        "to_state": "draft",
    }


def test_what_is_allowed_is_not_refused():
    assert PRODUCT.require("draft", "published") is None


def test_final_states():
    assert [state for state in PRODUCT.states if PRODUCT.is_final(state)] == ["gone"]


def test_enums_serve_as_states():
    class Light(StrEnum):
        RED = "red"
        GREEN = "green"

    machine = StateMachine("light", {Light.RED: {Light.GREEN}, Light.GREEN: {Light.RED}})

    assert machine.can(Light.RED, "green")
    assert machine.states == ("red", "green")


def test_a_state_that_does_not_exist_is_a_bug():
    with pytest.raises(ValueError, match="product has no state 'sold'"):
        PRODUCT.can("draft", "sold")
    with pytest.raises(ValueError, match="product has no state 'sold'"):
        PRODUCT.require("sold", "draft")


def test_a_table_with_a_hole_is_refused():
    with pytest.raises(ValueError, match="light: no row for green"):
        StateMachine("light", {"red": {"green"}})


def test_a_machine_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot be changed"):
        PRODUCT.name = "other"
