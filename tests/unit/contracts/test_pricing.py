"""Prices and penalties against a table reckoned by hand (CTR-02)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.pricing import (
    Penalty,
    beyond_tolerance,
    part_of,
    penalties,
    price_line,
)
from marketplace.contracts.pricing.errors import (
    MoistureImpossibleError,
    ReferenceMissingError,
    UnknownGradeError,
)
from marketplace.contracts.terms import Breach, Grade, Price
from tests.factories.contracts import some_terms

NOVEMBER = date(2026, 11, 1)
DAY = date(2026, 11, 20)
DRY = Decimal("12.5")
KG, TONNE = 1_000, 1_000_000

FIXED = Price(120_000)
SMALL = Price(500)
LEAST = Price(499)
ODD = Price(7_350)
MONTHLY = Price(120_000, monthly={NOVEMBER: 118_000})
INDEX = Price(100_000, reference_code="robusta")
ABOVE = replace(INDEX, premium_minor=1_500)
BELOW = replace(INDEX, premium_minor=-2_500)
BOUND = replace(ABOVE, floor_minor=90_000, ceiling_minor=130_000)
MOIST = Price(120_000, standard_moisture=DRY)
ALL = replace(BOUND, standard_moisture=DRY)

GRADES = (
    Grade("R0", "Loại đặc biệt", 2_500),
    Grade("R1", "Loại 1"),
    Grade("R2", "Loại 2", -4_000),
    Grade("BX", "Bột xô", -125_000, is_accepted=False),
)

# Name: price, day of shipping, grade, grams, moisture, reference → counted, per kg, amount.
LINES = {
    "fixed": (FIXED, DAY, "", 5 * TONNE, None, None, 5 * TONNE, 120_000, 600_000_000),
    "one gram": (FIXED, DAY, "", 1, None, None, 1, 120_000, 120),
    "half a đồng goes up": (SMALL, DAY, "", 1, None, None, 1, 500, 1),
    "less than half goes down": (LEAST, DAY, "", 1, None, None, 1, 499, 0),
    "one and a half goes up": (SMALL, DAY, "", 3, None, None, 3, 500, 2),
    "nothing": (FIXED, DAY, "", 0, None, None, 0, 120_000, 0),
    "odd weight": (ODD, DAY, "", 12_345_678, None, None, 12_345_678, 7_350, 90_740_733),
    "price of the month": (
        *(MONTHLY, date(2026, 11, 30), "", TONNE, None, None),
        *(TONNE, 118_000, 118_000_000),
    ),
    "first day of the month": (
        *(MONTHLY, NOVEMBER, "", TONNE, None, None),
        *(TONNE, 118_000, 118_000_000),
    ),
    "the day after the month": (
        *(MONTHLY, date(2026, 12, 1), "", TONNE, None, None),
        *(TONNE, 120_000, 120_000_000),
    ),
    "index": (INDEX, DAY, "", 2 * TONNE, None, 121_500, 2 * TONNE, 121_500, 243_000_000),
    "index and premium": (
        *(ABOVE, DAY, "", 2 * TONNE, None, 100_000),
        *(2 * TONNE, 101_500, 203_000_000),
    ),
    "index and discount": (
        *(BELOW, DAY, "", 2 * TONNE, None, 100_000),
        *(2 * TONNE, 97_500, 195_000_000),
    ),
    "below the floor": (BOUND, DAY, "", TONNE, None, 80_000, TONNE, 90_000, 90_000_000),
    "one đồng below the floor": (BOUND, DAY, "", TONNE, None, 88_499, TONNE, 90_000, 90_000_000),
    "at the floor": (BOUND, DAY, "", TONNE, None, 88_500, TONNE, 90_000, 90_000_000),
    "one đồng above the floor": (BOUND, DAY, "", TONNE, None, 88_501, TONNE, 90_001, 90_001_000),
    "one đồng below the ceiling": (
        *(BOUND, DAY, "", TONNE, None, 128_499),
        *(TONNE, 129_999, 129_999_000),
    ),
    "at the ceiling": (BOUND, DAY, "", TONNE, None, 128_500, TONNE, 130_000, 130_000_000),
    "one đồng above the ceiling": (
        *(BOUND, DAY, "", TONNE, None, 128_501),
        *(TONNE, 130_000, 130_000_000),
    ),
    "above the ceiling": (BOUND, DAY, "", TONNE, None, 140_000, TONNE, 130_000, 130_000_000),
    "grade of the base": (FIXED, DAY, "R1", 5 * TONNE, None, None, 5 * TONNE, 120_000, 600_000_000),
    "lower grade": (FIXED, DAY, "R2", 5 * TONNE, None, None, 5 * TONNE, 116_000, 580_000_000),
    "higher grade": (FIXED, DAY, "R0", 5 * TONNE, None, None, 5 * TONNE, 122_500, 612_500_000),
    "grade that is worth nothing": (FIXED, DAY, "BX", TONNE, None, None, TONNE, 0, 0),
    "lower grade beneath the floor": (
        *(BOUND, DAY, "R2", TONNE, None, 80_000),
        *(TONNE, 86_000, 86_000_000),
    ),
    "higher grade over the ceiling": (
        *(BOUND, DAY, "R0", TONNE, None, 140_000),
        *(TONNE, 132_500, 132_500_000),
    ),
    "grade in its month": (MONTHLY, DAY, "R2", 750 * KG, None, None, 750 * KG, 114_000, 85_500_000),
    "dry as agreed": (MOIST, DAY, "", 5 * TONNE, DRY, None, 5 * TONNE, 120_000, 600_000_000),
    # 5,000 kg x 85 / 87.5 = 4,857.142857… kg
    "too moist": (
        *(MOIST, DAY, "", 5 * TONNE, Decimal(15), None),
        *(4_857_143, 120_000, 582_857_160),
    ),
    # 5,000 kg x 89 / 87.5 = 5,085.714285… kg
    "drier": (
        *(MOIST, DAY, "", 5 * TONNE, Decimal(11), None),
        *(5_085_714, 120_000, 610_285_680),
    ),
    "bone dry": (MOIST, DAY, "", TONNE, Decimal(0), None, 1_142_857, 120_000, 137_142_840),
    # 7 g x 81.25 / 87.5 = 6.5 g
    "half a gram goes up": (MOIST, DAY, "", 7, Decimal("18.75"), None, 7, 120_000, 840),
    "nobody measured": (MOIST, DAY, "", 5 * TONNE, None, None, 5 * TONNE, 120_000, 600_000_000),
    "measured for nothing": (
        *(FIXED, DAY, "", 5 * TONNE, Decimal(15), None),
        *(5 * TONNE, 120_000, 600_000_000),
    ),
    # 4,875.001 kg x 86.3 / 87.5 = 4,808.143843… kg; 98,750 + 1,500 - 4,000 = 96,250 đ/kg
    "index, premium, grade and moisture": (
        *(ALL, DAY, "R2", 4_875_001, Decimal("13.7"), 98_750),
        *(4_808_144, 96_250, 462_783_860),
    ),
}

# In basis points: per day of lateness, for missing goods, cap, bonus.
EASY = Breach(late_bps_per_day=20, short_bps=500, cap_bps=800)
HARD = Breach(late_bps_per_day=50, short_bps=800, cap_bps=800)
HARDEST = Breach(late_bps_per_day=100, short_bps=800, cap_bps=800)
KIND = replace(EASY, bonus_bps=100)
NONE = Penalty(0, 0, 0, 0)

# Name: breach, goods, days late, grams missing, what they cost, everything accepted → penalty.
BREACHES = {
    "nothing agreed": (Breach(), 600_000_000, 3, TONNE, 120_000_000, True, NONE),
    "as agreed": (EASY, 600_000_000, 0, 0, 0, True, NONE),
    "early": (EASY, 600_000_000, -3, 0, 0, True, NONE),
    "bonus": (KIND, 600_000_000, 0, 0, 0, True, Penalty(0, 0, 0, 6_000_000)),
    "no bonus with something rejected": (KIND, 600_000_000, 0, 0, 0, False, NONE),
    "no bonus when late": (
        *(KIND, 600_000_000, 1, 0, 0, True),
        Penalty(1_200_000, 0, 1_200_000, 0),
    ),
    "no bonus when short": (
        *(KIND, 600_000_000, 0, 10, 1_200, True),
        Penalty(0, 60, 60, 0),
    ),
    "a day late": (EASY, 600_000_000, 1, 0, 0, True, Penalty(1_200_000, 0, 1_200_000, 0)),
    "three days late": (EASY, 600_000_000, 3, 0, 0, True, Penalty(3_600_000, 0, 3_600_000, 0)),
    "late up to the cap": (
        *(HARD, 600_000_000, 16, 0, 0, True),
        Penalty(48_000_000, 0, 48_000_000, 0),
    ),
    "late beyond the cap": (
        *(HARD, 600_000_000, 20, 0, 0, True),
        Penalty(60_000_000, 0, 48_000_000, 0),
    ),
    "short": (
        *(HARD, 576_000_000, 0, 200 * KG, 24_000_000, True),
        Penalty(0, 1_920_000, 1_920_000, 0),
    ),
    "late and short": (
        *(EASY, 576_000_000, 2, 200 * KG, 24_000_000, True),
        Penalty(2_304_000, 1_200_000, 3_504_000, 0),
    ),
    # 8 % of 100 and 20 million
    "late and short beyond the cap": (
        *(HARDEST, 100_000_000, 10, 200 * KG, 20_000_000, True),
        Penalty(10_000_000, 1_600_000, 9_600_000, 0),
    ),
    "nothing came": (
        *(HARD, 0, 5, 5 * TONNE, 600_000_000, False),
        Penalty(0, 48_000_000, 48_000_000, 0),
    ),
    # 0.2 % of 12,345 is 24.69
    "rounded up": (EASY, 12_345, 1, 0, 0, True, Penalty(25, 0, 25, 0)),
    "half a đồng of penalty goes up": (EASY, 250, 1, 0, 0, True, Penalty(1, 0, 1, 0)),
}


def test_the_table_has_forty_cases() -> None:
    assert len(LINES) + len(BREACHES) >= 40


@pytest.mark.parametrize("case", LINES.values(), ids=LINES)
def test_a_line_costs_what_the_table_says(
    case: tuple[Price, date, str, int, Decimal | None, int | None, int, int, int],
) -> None:
    price, day, grade, net_g, moisture, reference, counted_g, unit, amount = case

    priced = price_line(
        terms=some_terms(price=price, grades=GRADES if grade else ()),
        shipped_on=day,
        grade=grade,
        net_g=net_g,
        moisture=moisture,
        reference_minor=reference,
    )

    assert (priced.counted_g, priced.unit_minor, priced.amount_minor) == (counted_g, unit, amount)


@pytest.mark.parametrize("case", BREACHES.values(), ids=BREACHES)
def test_a_breach_costs_what_the_table_says(
    case: tuple[Breach, int, int, int, int, bool, Penalty],
) -> None:
    breach, goods, days_late, missing_g, missing_minor, is_whole, expected = case

    penalty = penalties(
        terms=some_terms(breach=breach),
        goods_minor=goods,
        days_late=days_late,
        missing_g=missing_g,
        missing_minor=missing_minor,
        is_whole=is_whole,
    )

    assert penalty == expected


def test_a_price_keeps_what_it_was_reckoned_from() -> None:
    priced = price_line(
        terms=some_terms(price=ALL, grades=GRADES),
        shipped_on=DAY,
        grade="R2",
        net_g=4_875_001,
        moisture=Decimal("13.7"),
        reference_minor=80_000,
    )

    assert priced.inputs == {
        "shipped_on": "2026-11-20",
        "net_g": 4_875_001,
        "moisture": "13.7",
        "standard_moisture": "12.5",
        "counted_g": 4_808_144,
        "source": "reference",
        "reference_code": "robusta",
        "reference_minor": 80_000,
        "premium_minor": 1_500,
        "start_minor": 81_500,
        "floor_minor": 90_000,
        "ceiling_minor": 130_000,
        "bound": "floor",
        "grade": "R2",
        "difference_minor": -4_000,
        "unit_minor": 86_000,
        "amount_minor": 413_500_384,
    }


def _price(
    price: Price = FIXED, grade: str = "", moisture: str | None = None, *, graded: bool = False
) -> None:
    price_line(
        terms=some_terms(price=price, grades=GRADES if graded else ()),
        shipped_on=DAY,
        grade=grade,
        net_g=TONNE,
        moisture=None if moisture is None else Decimal(moisture),
        reference_minor=None,
    )


@pytest.mark.parametrize(("grade", "graded"), [("R9", True), ("", True), ("R1", False)])
def test_a_grade_that_was_not_agreed_has_no_price(grade: str, *, graded: bool) -> None:
    with pytest.raises(UnknownGradeError):
        _price(grade=grade, graded=graded)


@pytest.mark.parametrize("moisture", ["-0.1", "100", "101"])
def test_a_moisture_that_nothing_can_have_is_refused(moisture: str) -> None:
    with pytest.raises(MoistureImpossibleError):
        _price(MOIST, moisture=moisture)


def test_an_index_that_was_never_published_prices_nothing() -> None:
    with pytest.raises(ReferenceMissingError):
        _price(INDEX)


@pytest.mark.parametrize(
    ("accepted_g", "missing_g"),
    [(5_000_000, 0), (4_750_000, 0), (4_749_999, 1), (0, 4_750_000), (5_250_001, 0)],
)
def test_the_tolerance_is_exact_at_its_border(accepted_g: int, missing_g: int) -> None:
    terms = some_terms(tolerance_bps=500)

    found = beyond_tolerance(terms=terms, planned_g=5_000_000, accepted_g=accepted_g)

    assert found == missing_g


def test_a_part_is_rounded_half_up() -> None:
    assert [part_of(minor, 5_000) for minor in (0, 1, 2, 3)] == [0, 1, 1, 2]
