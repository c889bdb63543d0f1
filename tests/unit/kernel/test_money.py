"""Money: whole minor units, exact splitting, one rounding rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.money import (
    EXPONENTS,
    CurrencyMismatchError,
    Money,
    price_per_kg,
    sum_of,
    vnd,
)

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=200).filter(any)


@pytest.mark.parametrize("minor", [1.0, True, "1", Decimal(1), None])
def test_only_whole_numbers_are_amounts(minor):
    with pytest.raises(TypeError, match="Whole numbers only"):
        Money(minor, "VND")


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="Unknown currency 'DONG'"):
        Money(1, "DONG")
    with pytest.raises(ValueError, match="Unknown currency 'DONG'"):
        Money.from_major(Decimal(1), "DONG")


def test_sums_and_differences():
    assert vnd(45_000) + vnd(5_000) == vnd(50_000)
    assert vnd(5_000) - vnd(45_000) == vnd(-40_000)
    assert -vnd(5) == vnd(-5)
    assert sum_of([vnd(1), vnd(2), vnd(3)], "VND") == vnd(6)
    assert sum_of([], "VND") == vnd(0)
    assert sum_of([], "VND").is_zero


def test_amounts_compare():
    assert vnd(1) < vnd(2) <= vnd(2)
    assert vnd(3) > vnd(2) >= vnd(2)
    assert vnd(2) != Money(2, "USD")


def test_currencies_never_mix():
    dollars = Money(1, "USD")
    for mix in (
        lambda: vnd(1) + dollars,
        lambda: vnd(1) - dollars,
        lambda: vnd(1) < dollars,
        lambda: sum_of([dollars], "VND"),
    ):
        with pytest.raises(CurrencyMismatchError, match="VND and USD"):
            mix()


def test_an_amount_does_not_mix_with_a_bare_number():
    with pytest.raises(TypeError, match="Money and int do not mix"):
        vnd(1) + 1


@pytest.mark.parametrize(
    ("minor", "factor", "result"),
    [
        (5, Decimal("0.5"), 2),
        (15, Decimal("0.1"), 2),
        (25, Decimal("0.1"), 2),
        (26, Decimal("0.1"), 3),
        (-15, Decimal("0.1"), -2),
        (100_000_000_000_000, Decimal("1.000000000000001"), 100_000_000_000_000),
        (45_000, 3, 135_000),
    ],
)
def test_times_rounds_half_to_even_once(minor, factor, result):
    assert vnd(minor).times(factor) == vnd(result)


@pytest.mark.parametrize("factor", [1.5, True])
def test_times_refuses_what_is_not_exact(factor):
    with pytest.raises(TypeError, match="Whole numbers only"):
        vnd(1).times(factor)


@pytest.mark.parametrize(
    ("minor", "bps", "share"),
    [
        (185_000, 500, 9_250),
        (10, 500, 0),  # 0.5 goes to the even 0
        (30, 500, 2),  # 1.5 goes to the even 2
        (50, 500, 2),  # 2.5 goes to the even 2
        (-30, 500, -2),
        (999, 0, 0),
        (999, 10_000, 999),
    ],
)
def test_a_share_in_basis_points_rounds_half_to_even(minor, bps, share):
    assert vnd(minor).share_bps(bps) == vnd(share)


@given(minors, st.integers(0, 20_000))
def test_a_share_is_the_nearest_whole_number(minor, bps):
    exact = Fraction(minor * bps, 10_000)

    assert vnd(minor).share_bps(bps).minor == round(exact)


def test_what_is_left_over_goes_to_the_largest_remainders_then_to_the_first():
    assert vnd(100).split([1, 1, 1]) == [vnd(34), vnd(33), vnd(33)]
    assert vnd(10).split([1, 5, 3]) == [vnd(1), vnd(6), vnd(3)]
    assert vnd(5).split([0, 1, 0, 1]) == [vnd(0), vnd(3), vnd(0), vnd(2)]
    assert vnd(-100).split([1, 1, 1]) == [vnd(-34), vnd(-33), vnd(-33)]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1, 3]])
def test_a_split_needs_a_weight(bad):
    with pytest.raises(ValueError, match="Weights"):
        vnd(100).split(bad)


@given(minors, currencies, weights)
@settings(max_examples=500, deadline=None)
def test_a_split_adds_up_and_each_part_is_within_one_unit(minor, currency, split_by):
    parts = Money(minor, currency).split(split_by)

    whole = sum(split_by)
    assert sum_of(parts, currency) == Money(minor, currency)
    for part, weight in zip(parts, split_by, strict=True):
        assert abs(part.minor - Fraction(minor * weight, whole)) < 1


@given(minors, weights, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_weights_changes_only_who_gets_which_part(minor, split_by, random):
    shuffled = random.sample(split_by, len(split_by))

    one = sorted(part.minor for part in vnd(minor).split(split_by))
    other = sorted(part.minor for part in vnd(minor).split(shuffled))

    assert one == other


@given(minors, currencies)
def test_major_and_minor_are_the_same_amount(minor, currency):
    amount = Money(minor, currency)

    assert Money.from_major(amount.major, currency) == amount


def test_major_amounts():
    assert vnd(1_250_000).major == Decimal(1_250_000)
    assert Money(1_250, "USD").major == Decimal("12.50")
    assert Money.from_major(Decimal("1.250"), "KWD") == Money(1_250, "KWD")


@pytest.mark.parametrize("amount", [Decimal("0.5"), Decimal("NaN"), Decimal("Infinity")])
def test_a_fraction_of_a_dong_is_refused(amount):
    with pytest.raises(ValueError, match="is not an amount of VND"):
        Money.from_major(amount, "VND")


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="Decimal only"):
        Money.from_major(12.5, "USD")


@pytest.mark.parametrize(
    ("price", "net_weight_g", "per_kg"),
    [(185_000, 500, 370_000), (100_000, 300, 333_333), (5, 2_000, 2), (15, 2_000, 8)],
)
def test_the_price_of_a_kilogram(price, net_weight_g, per_kg):
    assert price_per_kg(vnd(price), net_weight_g) == vnd(per_kg)


def test_a_pack_without_weight_has_no_price_per_kilogram():
    with pytest.raises(ValueError, match="weighs more than nothing"):
        price_per_kg(vnd(1), 0)
    with pytest.raises(TypeError, match="Whole numbers only"):
        price_per_kg(vnd(1), 500.0)
