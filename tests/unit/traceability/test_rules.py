"""What makes a lot plausible, and what people type for its code."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.traceability import errors
from marketplace.traceability.rules import (
    MAX_LOT_G,
    NewLot,
    lot_code,
    read_lot_code,
    require_plausible,
)

TODAY = date(2026, 11, 2)
LOT = NewLot(
    organisation_id=1,
    product_id=2,
    harvested_on=date(2026, 10, 30),
    packed_on=date(2026, 10, 31),
    best_before_on=date(2026, 10, 31),
    quantity_g=1,
)


class TestRequirePlausible:
    def test_lets_a_lot_through_that_is_packed_and_eaten_on_one_day(self):
        assert require_plausible(LOT, today=TODAY) is None

    def test_lets_a_lot_through_that_is_harvested_today_and_not_packed(self):
        lot = replace(LOT, harvested_on=TODAY, packed_on=None, best_before_on=None)

        assert require_plausible(lot, today=TODAY) is None

    @pytest.mark.parametrize(
        ("change", "error", "field"),
        [
            ({"quantity_g": 0}, errors.LotQuantityInvalidError, "quantity"),
            ({"quantity_g": MAX_LOT_G + 1}, errors.LotQuantityInvalidError, "quantity"),
            ({"harvested_on": date(2026, 11, 3)}, errors.HarvestInFutureError, "harvested_on"),
            ({"packed_on": date(2026, 10, 29)}, errors.PackedBeforeHarvestError, "packed_on"),
            ({"packed_on": date(2026, 11, 3)}, errors.PackedInFutureError, "packed_on"),
            (
                {"best_before_on": date(2026, 10, 30)},
                errors.BestBeforeTooEarlyError,
                "best_before_on",
            ),
            ({"code": "lô 17"}, errors.LotCodeInvalidError, "code"),
            ({"code": ""}, errors.LotCodeInvalidError, "code"),
            ({"code": "A" * 21}, errors.LotCodeInvalidError, "code"),
        ],
    )
    def test_refuses_what_cannot_be(self, change, error, field):
        with pytest.raises(error) as refusal:
            require_plausible(replace(LOT, **change), today=TODAY)

        assert refusal.value.details["field"] == field


class TestLotCode:
    def test_says_whose_when_and_which(self):
        assert lot_code("CUMGAR", date(2026, 11, 30), 17) == "CUMGAR-2611-017"

    def test_never_grows_beyond_what_a_label_and_gs1_allow(self):
        assert lot_code("ABCDEFGHIJKLMNOPQRST", TODAY, 999) == "ABCDEFGHIJK-2611-999"


class TestReadLotCode:
    @pytest.mark.parametrize(
        "typed",
        [
            "CUMGAR-2611-017",
            "  cumgar-2611-017 ",
            "cumgar - 2611 - 017",
            "CƯMGAR–2611–017",
            "https://chomua.example/t/CUMGAR-2611-017",
            "https://chomua.example/en/t/CUMGAR-2611-017/?x=1",
        ],
    )
    def test_is_forgiving(self, typed):
        assert read_lot_code(typed) == "CUMGAR-2611-017"

    def test_gives_nothing_for_nothing(self):
        assert read_lot_code(" ?? ") == ""
