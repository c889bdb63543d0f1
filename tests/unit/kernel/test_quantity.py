"""Quantities: units of weight convert exactly, counts do not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.quantity import (
    NAMES_VI,
    Quantity,
    Unit,
    UnitMismatchError,
    grams_of,
    kg_of,
)


@pytest.mark.parametrize(
    ("unit", "grams"),
    [
        (Unit.G, 1),
        (Unit.LANG, 100),
        (Unit.KG, 1_000),
        (Unit.YEN, 10_000),
        (Unit.TA, 100_000),
        (Unit.TAN, 1_000_000),
    ],
)
def test_units_of_weight_in_grams(unit, grams):
    one = Quantity(Decimal(1), unit)

    assert one.is_weight
    assert one.grams == grams


def test_weights_convert_into_each_other():
    assert Quantity(Decimal("1.5"), Unit.TA).to(Unit.KG) == Quantity(Decimal(150), Unit.KG)
    assert Quantity(Decimal(250), Unit.G).to(Unit.LANG) == Quantity(Decimal("2.5"), Unit.LANG)


def test_pieces_have_no_weight():
    eggs = Quantity(Decimal(10), Unit.PIECE)

    assert not eggs.is_weight
    assert eggs.to(Unit.PIECE) == eggs
    with pytest.raises(UnitMismatchError, match="piece does not convert into kg"):
        eggs.to(Unit.KG)
    with pytest.raises(UnitMismatchError, match="kg does not convert into piece"):
        Quantity(Decimal(1), Unit.KG).to(Unit.PIECE)


def test_sums_keep_the_unit_of_the_first():
    ton, sack = Quantity(Decimal(1), Unit.TAN), Quantity(Decimal(50), Unit.KG)

    assert ton + sack == Quantity(Decimal("1.05"), Unit.TAN)
    assert ton - sack == Quantity(Decimal("0.95"), Unit.TAN)


@pytest.mark.parametrize("amount", [1, 1.5, "1"])
def test_only_decimals_are_quantities(amount):
    with pytest.raises(TypeError, match="Decimal only"):
        Quantity(amount, Unit.KG)


def test_what_is_no_number_or_no_unit_is_refused():
    with pytest.raises(ValueError, match="is no quantity"):
        Quantity(Decimal("NaN"), Unit.KG)
    with pytest.raises(ValueError, match="gia"):
        Quantity(Decimal(1), "gia")


def test_grams_and_kilograms():
    assert grams_of(Decimal("1.5")) == 1_500
    assert kg_of(1_500) == Decimal("1.5")
    assert str(kg_of(20_000)) == "20"
    assert str(kg_of(0)) == "0"


def test_finer_than_a_gram_is_refused():
    with pytest.raises(ValueError, match="finer than a gram"):
        grams_of(Decimal("0.0005"))


@pytest.mark.parametrize("grams", [1.0, True])
def test_grams_are_whole(grams):
    with pytest.raises(TypeError, match="Whole grams only"):
        kg_of(grams)


@given(st.integers(-(10**12), 10**12))
def test_grams_survive_the_way_through_kilograms(grams):
    assert grams_of(kg_of(grams)) == grams


def test_every_unit_has_a_name():
    assert set(NAMES_VI) == set(Unit)
