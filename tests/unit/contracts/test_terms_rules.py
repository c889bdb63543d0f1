"""Every rule about terms, one at a time: the soundest terms with one thing wrong."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import terms_errors as errors
from marketplace.contracts.clauses import offered
from marketplace.contracts.law import penalty_cap_bps
from marketplace.contracts.terms import (
    Advance,
    Breach,
    Calling,
    Clause,
    Grade,
    Limit,
    Party,
    Payment,
    Place,
    Planned,
    Price,
    Stage,
)
from marketplace.contracts.terms_rules import faults, require_sound
from tests.factories.contracts import FIRST_DAY, LAST_DAY, PLACE, TONNE, planned, some_terms

TODAY = date(2026, 11, 2)
INDEX = Price(118_000, reference_code="robusta")
SEEN = date(2026, 11, 20)
OWN = Clause("own-1", 0, "Bốc xếp", "Bên mua bốc xếp.")


def sound(**changes):
    """Terms with everything in them, all of it right."""
    base = {
        "price": replace(
            INDEX,
            premium_minor=1_500,
            floor_minor=90_000,
            ceiling_minor=140_000,
            standard_moisture=Decimal("12.5"),
        ),
        "grades": (Grade("R1", "Loại 1"), Grade("R2", "Loại 2", -4_000)),
        "limits": (Limit("Độ ẩm", "at_most", Decimal("12.5"), "%"),),
        "place": PLACE,
        "advances": (Advance("Phân bón NPK", 30_000_000, SEEN),),
        "payment": Payment(((3_000, 0), (7_000, 15)), 100_000_000, 2_000, 500, 30),
        "breach": Breach(20, 500, 800, 100),
        "clauses": (*offered(), OWN),
    }
    return some_terms(**base | changes)


def test_sound_terms_are_taken():
    assert faults(sound(), today=TODAY) == []
    assert faults(some_terms(), today=TODAY) == []
    require_sound(sound(), today=TODAY)


def grades(*changed):
    return {"grades": (Grade("R1", "Loại 1"), *changed)}


def priced(**changes):
    return {"price": replace(sound().price, **changes)}


def paid(**changes):
    return {"payment": replace(sound().payment, **changes)}


WRONG = {
    "no title": ({"title": " "}, errors.TitleError, "title"),
    "long title": ({"title": "x" * 161}, errors.TitleError, "title"),
    "no name": ({"seller": Party(" ")}, errors.PartyError, "seller_representative"),
    "long person": (
        {"buyer": Party("A", representative="x" * 201)},
        errors.PartyError,
        "buyer_representative",
    ),
    "ends before": (
        {"ends_on": date(2026, 10, 31), "schedule": (), "calling": Calling.CALL_OFF},
        errors.TermError,
        "ends_on",
    ),
    "eleven years": ({"ends_on": date(2036, 11, 2)}, errors.TermError, "ends_on"),
    "nothing": ({"total_g": 0}, errors.VolumeError, "total"),
    "everything": ({"total_g": 10**12 + 1}, errors.VolumeError, "total"),
    "no tolerance": ({"tolerance_bps": -1}, errors.ToleranceError, "tolerance"),
    "all tolerance": ({"tolerance_bps": 5_001}, errors.ToleranceError, "tolerance"),
    "no price": (priced(base_minor=0), errors.BasePriceError, "base"),
    "high price": (priced(base_minor=10_000_001), errors.BasePriceError, "base"),
    "worth nothing": (
        {"total_g": 1, "price": Price(1), "schedule": (Planned(SEEN, SEEN, 1, PLACE),)},
        errors.WorthNothingError,
        "base",
    ),
    "month with a reference": (
        priced(monthly={date(2026, 12, 1): 1_000}),
        errors.MonthPriceError,
        "monthly",
    ),
    "month outside": (
        {"price": Price(1_000, monthly={date(2027, 5, 1): 1_000})},
        errors.MonthPriceError,
        "monthly",
    ),
    "no day of a month": (
        {"price": Price(1_000, monthly={date(2026, 12, 2): 1_000})},
        errors.MonthPriceError,
        "monthly",
    ),
    "month for nothing": (
        {"price": Price(1_000, monthly={date(2026, 12, 1): 0})},
        errors.MonthPriceError,
        "monthly",
    ),
    "unknown reference": (
        priced(reference_code="gold"),
        errors.ReferenceCodeError,
        "reference_code",
    ),
    "floor of a fixed price": (
        {"price": Price(1_000, floor_minor=900)},
        errors.BoundsWithoutReferenceError,
        "reference_code",
    ),
    "premium of a fixed price": (
        {"price": Price(1_000, premium_minor=1)},
        errors.BoundsWithoutReferenceError,
        "reference_code",
    ),
    "floor over ceiling": (priced(floor_minor=140_001), errors.BoundsError, "ceiling"),
    "floor of nothing": (priced(floor_minor=0), errors.BoundsError, "ceiling"),
    "mad premium": (priced(premium_minor=-10_000_001), errors.BoundsError, "ceiling"),
    "no moisture": (
        priced(standard_moisture=Decimal(0)),
        errors.StandardMoistureError,
        "standard_moisture",
    ),
    "all moisture": (
        priced(standard_moisture=Decimal("60.1")),
        errors.StandardMoistureError,
        "standard_moisture",
    ),
    "grade twice": (grades(Grade("R1", "Loại 1")), errors.GradesError, "grades"),
    "grade without a code": (grades(Grade(" ", "Loại 2")), errors.GradesError, "grades"),
    "grade without a name": (grades(Grade("R2", "")), errors.GradesError, "grades"),
    "long grade": (grades(Grade("x" * 21, "Loại 2")), errors.GradesError, "grades"),
    "too many grades": (
        grades(*(Grade(f"X{each}", "Loại") for each in range(12))),
        errors.GradesError,
        "grades",
    ),
    "no base grade": (
        {"grades": (Grade("R2", "Loại 2", -1),)},
        errors.BaseGradeMissingError,
        "grades",
    ),
    "base grade that is not taken": (
        {"grades": (Grade("R1", "Loại 1", is_accepted=False),)},
        errors.BaseGradeMissingError,
        "grades",
    ),
    "grade below nothing": (
        grades(Grade("R2", "Loại 2", -118_001)),
        errors.GradePriceError,
        "grades",
    ),
    "limit without a name": (
        {"limits": (Limit("", "at_most", Decimal(1)),)},
        errors.LimitsError,
        "limits",
    ),
    "odd limit": (
        {"limits": (Limit("Độ ẩm", "about", Decimal(1)),)},
        errors.LimitsError,
        "limits",
    ),
    "too many limits": (
        {"limits": (Limit("Độ ẩm", "at_most", Decimal(1)),) * 13},
        errors.LimitsError,
        "limits",
    ),
    "long packing": ({"packing": "x" * 201}, errors.PackingError, "packing"),
    "long inspector": ({"inspector": "x" * 201}, errors.PackingError, "inspector"),
    "no schedule": ({"schedule": ()}, errors.ScheduleSizeError, "schedule"),
    "too many deliveries": (
        {"schedule": (Planned(SEEN, SEEN, TONNE, PLACE),) * 201, "total_g": 201 * TONNE},
        errors.ScheduleSizeError,
        "schedule",
    ),
    "sum": ({"total_g": 20 * TONNE + 1}, errors.ScheduleSumError, "schedule"),
    "delivery of nothing": (
        {"schedule": (planned(SEEN, 20), planned(SEEN, 0))},
        errors.SchedulePlanError,
        "schedule",
    ),
    "delivery before it begins": (
        {"schedule": (planned(date(2026, 11, 6), 20),)},
        errors.SchedulePlanError,
        "schedule",
    ),
    "delivery after it ends": (
        {"schedule": (planned(date(2027, 5, 1), 20),)},
        errors.SchedulePlanError,
        "schedule",
    ),
    "delivery backwards": (
        {"schedule": (Planned(SEEN, FIRST_DAY, 20 * TONNE, PLACE),)},
        errors.SchedulePlanError,
        "schedule",
    ),
    "more expected than sold": (
        {"calling": Calling.CALL_OFF, "schedule": (planned(SEEN, 21),)},
        errors.ScheduleSumError,
        "schedule",
    ),
    "called off to nowhere": (
        {"calling": Calling.CALL_OFF, "schedule": (), "place": None},
        errors.PlaceMissingError,
        "province_code",
    ),
    "no sale": ({"stages": (Stage.PRODUCTION,)}, errors.StagesError, "stages"),
    "sale twice": ({"stages": (Stage.SALE, Stage.SALE)}, errors.StagesError, "stages"),
    "advance of nothing": (
        {"advances": (Advance("Phân", 0, SEEN),)},
        errors.AdvancesError,
        "advances",
    ),
    "advance without a name": (
        {"advances": (Advance("", 1, SEEN),)},
        errors.AdvancesError,
        "advances",
    ),
    "advance after the end": (
        {"advances": (Advance("Phân", 1, date(2027, 5, 1)),)},
        errors.AdvancesError,
        "advances",
    ),
    "advance beyond the value": (
        {"advances": (Advance("Phân", 2_360_000_001, SEEN),)},
        errors.AdvancesError,
        "advances",
    ),
    "no time to look": ({"accept_hours": 0}, errors.AcceptHoursError, "accept_hours"),
    "endless time": ({"accept_hours": 337}, errors.AcceptHoursError, "accept_hours"),
    "no stage": (paid(stages=()), errors.PaymentStagesError, "payments"),
    "not the whole": (paid(stages=((9_999, 15),)), errors.PaymentStagesError, "payments"),
    "stage of nothing": (
        paid(stages=((0, 1), (10_000, 15))),
        errors.PaymentStagesError,
        "payments",
    ),
    "stages on one day": (
        paid(stages=((5_000, 15), (5_000, 15))),
        errors.PaymentStagesError,
        "payments",
    ),
    "stage next year": (paid(stages=((10_000, 181),)), errors.PaymentStagesError, "payments"),
    "deposit that is never taken": (paid(deposit_bps=0), errors.DepositError, "deposit"),
    "taken without a deposit": (paid(deposit_minor=0), errors.DepositError, "deposit"),
    # 4 % of 2,360,000,000 is less than the deposit.
    "deposit that is never used up": (paid(deposit_bps=400), errors.DepositError, "deposit"),
    "deposit of more than all": (paid(deposit_bps=10_001), errors.DepositError, "deposit"),
    "kept for no time": (paid(retention_days=0), errors.RetentionError, "retention"),
    "time without money": (paid(retention_bps=0), errors.RetentionError, "retention"),
    "too much kept": (paid(retention_bps=3_001), errors.RetentionError, "retention"),
    "kept too long": (paid(retention_days=366), errors.RetentionError, "retention"),
    "cap above the law": (
        {"breach": Breach(20, 500, 801)},
        errors.PenaltyCapError,
        "penalty_cap",
    ),
    "penalty above the law": (
        {"breach": Breach(20, 801, 800)},
        errors.PenaltyCapError,
        "short_penalty",
    ),
    "penalty without a cap": (
        {"breach": Breach(20, 0, 0)},
        errors.PenaltyWithoutCapError,
        "penalty_cap",
    ),
    "mad rate": ({"breach": Breach(2_001, 0, 800)}, errors.PenaltyRateError, "late_penalty"),
    "mad bonus": ({"breach": Breach(bonus_bps=2_001)}, errors.PenaltyRateError, "bonus"),
    "clause without words": (
        {"clauses": (replace(OWN, text_vi=" "),)},
        errors.ClausesError,
        "clauses",
    ),
    "clause twice": ({"clauses": (OWN, OWN)}, errors.ClausesError, "clauses"),
    "long clause": (
        {"clauses": (replace(OWN, text_en="x" * 5_001),)},
        errors.ClausesError,
        "clauses",
    ),
    "altered clause": (
        {"clauses": (replace(offered()[0], text_vi="Khác."),)},
        errors.ClauseAlteredError,
        "clauses",
    ),
    "clause of a later version": (
        {"clauses": (replace(offered()[0], version=99),)},
        errors.ClauseAlteredError,
        "clauses",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_field(case):
    changes, error, field = case

    found = faults(sound(**changes), today=TODAY)

    assert (error, field) in {(type(each), each.details["field"]) for each in found}
    with pytest.raises(type(found[0])):
        require_sound(sound(**changes), today=TODAY)


def test_the_borders_are_taken():
    widest = sound(
        title="x" * 160,
        ends_on=date(2036, 11, 1),
        tolerance_bps=5_000,
        accept_hours=336,
        breach=Breach(2_000, 800, 800, 2_000),
        payment=Payment(((1, 0), (9_999, 180)), 236_000_000, 1_000, 3_000, 365),
        schedule=(Planned(FIRST_DAY, LAST_DAY, 20 * TONNE, PLACE),),
    )

    assert faults(widest, today=TODAY) == []


def test_a_leap_day_may_begin_a_contract_of_ten_years():
    leap = date(2028, 2, 29)
    terms = sound(
        starts_on=leap,
        ends_on=date(2038, 2, 28),
        schedule=(Planned(leap, leap, 20 * TONNE, PLACE),),
    )

    assert faults(terms, today=TODAY) == []


def test_everything_that_is_wrong_is_said_at_once():
    found = faults(sound(title="", total_g=0, accept_hours=0), today=TODAY)

    assert [each.details["field"] for each in found][:2] == ["title", "total"]
    assert "accept_hours" in {each.details["field"] for each in found}


def test_called_off_goods_need_no_schedule():
    terms = sound(calling=Calling.CALL_OFF, schedule=(), place=Place("79"))

    assert faults(terms, today=TODAY) == []


def test_the_law_has_its_day():
    assert penalty_cap_bps(date(2005, 12, 31)) == 0
    assert penalty_cap_bps(date(2006, 1, 1)) == 800
    assert penalty_cap_bps(TODAY) == 800
