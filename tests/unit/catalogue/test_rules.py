"""What a product, a pack and a price must be."""

import pytest

from marketplace.catalogue import errors, rules
from marketplace.catalogue.rules import Missing
from marketplace.kernel.money import Money, vnd


@pytest.mark.parametrize("price", [vnd(1), vnd(145_000), vnd(1_000_000_000)])
def test_takes_a_price_above_nothing(price):
    assert rules.require_price(price) is None


@pytest.mark.parametrize("price", [vnd(0), vnd(-1)])
def test_refuses_a_price_of_nothing_or_less(price):
    with pytest.raises(errors.PriceNotPositiveError) as caught:
        rules.require_price(price)
    assert caught.value.details == {"field": "price"}


def test_refuses_a_price_with_a_zero_too_many():
    with pytest.raises(errors.PriceTooHighError):
        rules.require_price(vnd(1_000_000_001))


def test_refuses_another_currency_than_the_one_before():
    with pytest.raises(errors.CurrencyChangedError):
        rules.require_price(Money(1250, "USD"), instead_of=vnd(145_000))


@pytest.mark.parametrize("grams", [1, 500, 10_000_000])
def test_takes_the_weight_of_a_pack(grams):
    assert rules.require_weight(grams) is None


@pytest.mark.parametrize("grams", [0, -5, 10_000_001])
def test_refuses_a_weight_that_no_pack_has(grams):
    with pytest.raises(errors.WeightOutOfRangeError):
        rules.require_weight(grams)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (None, None),
        ("  ", None),
        ("9521234567899", "09521234567899"),
        ("952 1234-567 899", "09521234567899"),
        ("96385074", "00000096385074"),
    ],
)
def test_stores_a_bar_code_in_fourteen_digits(typed, stored):
    assert rules.require_gtin(typed) == stored


@pytest.mark.parametrize("typed", ["9521234567890", "12345", "GTIN"])
def test_refuses_a_wrong_bar_code(typed):
    with pytest.raises(errors.GtinWrongError):
        rules.require_gtin(typed)


@pytest.mark.parametrize("season", ["0" * 11, "0" * 13, "40000000000", "00000000000x"])
def test_refuses_what_is_no_season(season):
    with pytest.raises(errors.WrongSeasonError):
        rules.require_season(season)


def test_takes_a_season_of_twelve_months():
    assert rules.require_season("012301230123") is None


def test_a_name_is_more_than_spaces():
    assert rules.require_name("  Cam \n Cao   Phong ", field="name_vi") == "Cam Cao Phong"
    with pytest.raises(errors.NameMissingError):
        rules.require_name(" \t ", field="name_vi")


@pytest.mark.parametrize(
    ("verified", "packs", "photos", "missing"),
    [
        (True, 1, 1, ()),
        (False, 1, 1, (Missing.VERIFIED_SELLER,)),
        (True, 0, 3, (Missing.PACK,)),
        (True, 2, 0, (Missing.PHOTO,)),
        (False, 0, 0, (Missing.PACK, Missing.PHOTO, Missing.VERIFIED_SELLER)),
    ],
)
def test_says_all_that_is_missing_for_publication(verified, packs, photos, missing):
    assert (
        rules.missing_for_publication(seller_is_verified=verified, packs=packs, photos=photos)
        == missing
    )


@pytest.mark.parametrize(
    ("was", "to", "may"),
    [
        ("draft", "published", True),
        ("draft", "archived", True),
        ("published", "archived", True),
        ("published", "draft", False),
        ("archived", "published", True),
        ("archived", "draft", True),
    ],
)
def test_states_follow_the_table(was, to, may):
    assert rules.PRODUCT.can(was, to) is may
