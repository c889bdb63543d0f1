"""Offers as values: their text, their soundness, what a kilogram costs, what changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import InvalidError
from marketplace.sourcing.quotes import errors
from marketplace.sourcing.quotes.offer import (
    Formula,
    Offer,
    Share,
    document_of,
    offer_of,
    written,
)
from marketplace.sourcing.quotes.rules import (
    Asked,
    Difference,
    differences,
    landed_minor,
    mean_landed_minor,
    require_complete,
    split_grams,
)

JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
CLOSES_ON = date(2026, 11, 20)
ASKED = Asked({JANUARY: 20_000_000, FEBRUARY: 30_000_000}, 500, {"limit:1", "scheme:VIETGAP_CROP"})
SOUND = Offer(
    product_id=7,
    grade="Loại 1",
    volumes={JANUARY: 10_000_000, FEBRUARY: 30_000_000},
    prices={JANUARY: 60_000, FEBRUARY: 64_000},
    fee_minor=500,
    payment_days=30,
    deviations={"limit:1": "Độ ẩm 13 %"},
    has_samples=True,
    valid_until=date(2026, 12, 20),
    note="Giao hai đợt mỗi tháng",
)
FORMULA = Formula("Giá cà phê Robusta London, kỳ gần", 2_000, 50_000, 70_000)
FOLLOWING = replace(SOUND, prices={}, formula=FORMULA)
SHARED = replace(
    SOUND,
    product_id=None,
    grade="",
    volumes={JANUARY: 10_000_000},
    prices={JANUARY: 60_000},
    shares=(Share(3, JANUARY, 31, "", 4_000_000), Share(2, JANUARY, 21, "A", 6_000_000)),
)


class TestTheText:
    def test_is_canonical_and_has_a_version(self):
        assert written(SHARED) == (
            '{"deviations":{"limit:1":"Độ ẩm 13 %"},"fee_minor":500,"formula":null,"grade":"",'
            '"has_samples":true,"note":"Giao hai đợt mỗi tháng","payment_days":30,'
            '"prices":{"2027-01":60000},"product_id":null,"shares":['
            '{"grade":"A","grams":6000000,"month":"2027-01","organisation_id":2,"product_id":21},'
            '{"grade":"","grams":4000000,"month":"2027-01","organisation_id":3,"product_id":31}],'
            '"v":1,"valid_until":"2026-12-20","volumes":{"2027-01":10000000}}'
        )

    @pytest.mark.parametrize("offer", [SOUND, FOLLOWING, Offer()])
    def test_comes_back_as_it_was(self, offer):
        assert offer_of(document_of(offer)) == offer

    def test_does_not_know_the_order_of_months_and_shares(self):
        turned = replace(
            SOUND,
            volumes=dict(reversed(SOUND.volumes.items())),
            prices=dict(reversed(SOUND.prices.items())),
        )
        assert written(turned) == written(SOUND)
        assert written(replace(SHARED, shares=SHARED.shares[::-1])) == written(SHARED)

    @pytest.mark.parametrize(
        "document", [{}, {"v": 2}, {**document_of(SOUND), "more": 1}, {"v": 1, "volumes": 3}]
    )
    def test_of_something_else_is_refused(self, document):
        with pytest.raises(ValueError, match=r"offer|version"):
            offer_of(document)


class TestAnOffer:
    def check(self, offer, today=CLOSES_ON):
        require_complete(offer, ASKED, closes_on=CLOSES_ON, today=today)

    @pytest.mark.parametrize("offer", [SOUND, FOLLOWING, SHARED])
    def test_that_is_complete(self, offer):
        self.check(offer)

    @pytest.mark.parametrize(
        ("changes", "error", "where"),
        [
            ({"volumes": {}, "prices": {}}, errors.VolumeMissingError, "volumes"),
            ({"volumes": {date(2027, 3, 1): 1}}, errors.MonthNotAskedError, "volumes"),
            ({"volumes": {JANUARY: 21_000_001}}, errors.TooMuchError, "volumes"),
            ({"volumes": {JANUARY: 0}}, errors.TooMuchError, "volumes"),
            ({"product_id": None}, errors.ProductMissingError, "product"),
            ({"prices": {JANUARY: 60_000}}, errors.PriceMissingError, "price"),
            ({"prices": {JANUARY: 0, FEBRUARY: 1}}, errors.PriceError, "price"),
            ({"fee_minor": -1}, errors.FeeError, "fee"),
            ({"payment_days": 181}, errors.PaymentDaysError, "payment_days"),
            ({"valid_until": None}, errors.ValidityError, "valid_until"),
            ({"valid_until": date(2026, 11, 19)}, errors.ValidityError, "valid_until"),
            ({"valid_until": date(2027, 11, 22)}, errors.ValidityError, "valid_until"),
            ({"deviations": {"limit:2": "?"}}, errors.DeviationUnknownError, None),
            ({"deviations": {"limit:1": "x" * 301}}, errors.TextTooLongError, "deviations"),
            ({"note": "x" * 1001}, errors.TextTooLongError, "note"),
            ({"formula": FORMULA}, errors.FormulaError, "premium"),
            (
                {"prices": {}, "formula": replace(FORMULA, reference=" ")},
                errors.FormulaError,
                "reference",
            ),
            (
                {"prices": {}, "formula": replace(FORMULA, floor_minor=70_001)},
                errors.FormulaError,
                "ceiling",
            ),
        ],
    )
    def test_that_is_refused(self, changes, error, where):
        with pytest.raises(error) as refused:
            self.check(replace(SOUND, **changes))
        assert refused.value.details.get("field") == where

    def test_of_exactly_the_tolerance_may_be_made(self):
        self.check(replace(SOUND, volumes={JANUARY: 21_000_000}, prices={JANUARY: 1}))

    def test_holds_from_today_when_it_comes_after_the_closing(self):
        with pytest.raises(errors.ValidityError):
            self.check(SOUND, today=date(2026, 12, 21))
        self.check(SOUND, today=date(2026, 12, 20))

    def test_whose_shares_do_not_add_up(self):
        short = replace(SHARED, shares=SHARED.shares[:1])
        with pytest.raises(InvalidError):
            self.check(short)


class TestWhatAKilogramCosts:
    def test_with_bringing_it(self):
        assert landed_minor(SOUND, JANUARY) == 60_500
        assert landed_minor(FOLLOWING, JANUARY) is None

    def test_on_the_whole_weighs_the_months(self):
        assert mean_landed_minor(SOUND) == 63_500  # (60.5 × 10 + 64.5 × 30) / 40

    def test_of_a_formula_is_its_ceiling(self):
        assert mean_landed_minor(FOLLOWING) == 70_500
        unbound = replace(FORMULA, ceiling_minor=None)
        assert mean_landed_minor(replace(FOLLOWING, formula=unbound)) is None

    def test_half_a_dong_goes_to_the_even_one(self):
        even = {JANUARY: 1_000, FEBRUARY: 1_000}
        for prices, mean in (((10, 11), 10), ((11, 12), 12)):
            offer = Offer(volumes=even, prices=dict(zip(even, prices, strict=True)))
            assert mean_landed_minor(offer) == mean


class TestDifferences:
    def test_name_what_was_and_what_is(self):
        better = replace(
            SOUND, prices={**SOUND.prices, JANUARY: 59_000}, payment_days=45, deviations={}
        )
        assert differences(SOUND, better) == [
            Difference(("price", "2027-01-01"), 60_000, 59_000),
            Difference(("payment_days", ""), 30, 45),
            Difference(("deviation", "limit:1"), "Độ ẩm 13 %", None),
        ]

    def test_of_the_same_are_none(self):
        assert differences(SHARED, replace(SHARED, shares=SHARED.shares[::-1])) == []


@given(
    weights=st.lists(st.integers(1, 10**9), min_size=1, max_size=9),
    part=st.integers(0, 10_000),
)
def test_grams_are_parted_to_the_gram_and_never_beyond_a_share(weights, part):
    grams = sum(weights) * part // 10_000
    parts = split_grams(grams, weights)
    assert sum(parts) == grams
    assert all(0 <= one <= weight for one, weight in zip(parts, weights, strict=True))


def test_a_request_bounds_months_by_its_tolerance():
    assert ASKED.most_in(JANUARY) == 21_000_000
    assert ASKED.most_in(JANUARY + timedelta(days=90)) == 0
