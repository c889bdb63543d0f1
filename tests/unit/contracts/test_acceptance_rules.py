"""What a result of a line may say, and how the clock runs on after a dispute."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts.acceptance.errors import (
    ArrivalImpossibleError,
    GradeNotInContractError,
    MoistureMissingError,
    NamesMissingError,
    ReasonForLessMissingError,
    ResultsIncompleteError,
    WeightsDoNotAddUpError,
)
from marketplace.contracts.acceptance.rules import (
    Arrival,
    LineResult,
    Outcome,
    as_shipped,
    checked,
    checked_arrival,
    clock_after,
    outcomes,
)
from tests.factories.contracts import graded_terms, some_terms
from tests.moments import MONDAY, TUESDAY

DRY = Decimal("12.5")
PLAIN, GRADED = some_terms(), graded_terms()


@dataclass(frozen=True)
class Sent:
    """A line of a delivery."""

    id: int = 1
    lot_code: str = "LO-1"
    grade: str = "R1"
    shipped_g: int = 1_000


def said(**changes):
    return LineResult(**{"line_id": 1, "accepted_g": 1_000, "moisture": DRY} | changes)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (said(), (Outcome.FULL,)),
        (said(grade="R1"), (Outcome.FULL,)),
        (said(accepted_g=999, short_g=1, reason="Bao rách"), (Outcome.SHORT,)),
        (said(grade="R2", reason="Nhiều hạt vỡ"), (Outcome.REGRADED,)),
        (said(accepted_g=0, rejected_g=1_000, reason="Mốc"), (Outcome.REJECTED,)),
        (
            said(accepted_g=500, short_g=200, rejected_g=300, grade="R2", reason="Ướt"),
            (Outcome.SHORT, Outcome.REGRADED, Outcome.REJECTED),
        ),
    ],
)
def test_what_became_of_a_line(result, expected):
    [(_line, complete)] = checked([Sent()], [result], GRADED)

    assert outcomes(complete, shipped_as="R1") == expected


@pytest.mark.parametrize(
    ("result", "refusal"),
    [
        (said(accepted_g=999), WeightsDoNotAddUpError),
        (said(accepted_g=1_001), WeightsDoNotAddUpError),
        (said(accepted_g=1_001, short_g=-1), WeightsDoNotAddUpError),
        (said(accepted_g=999, short_g=1), ReasonForLessMissingError),
        (said(accepted_g=999, short_g=1, reason="  "), ReasonForLessMissingError),
        (said(accepted_g=0, rejected_g=1_000), ReasonForLessMissingError),
        (said(grade="R2"), ReasonForLessMissingError),
        (said(grade="R9", reason="Lạ"), GradeNotInContractError),
        (said(moisture=None), MoistureMissingError),
        (said(moisture=Decimal(100)), MoistureMissingError),
        (said(moisture=Decimal("-0.1")), MoistureMissingError),
    ],
)
def test_refuses(result, refusal):
    with pytest.raises(refusal):
        checked([Sent()], [result], GRADED)


def test_moisture_is_not_asked_for_goods_that_are_not_taken_or_not_priced_by_it():
    nothing = said(accepted_g=0, rejected_g=1_000, reason="Mốc", moisture=None)

    assert checked([Sent()], [nothing], GRADED)
    assert checked([Sent(grade="")], [said(moisture=None)], PLAIN)


@pytest.mark.parametrize(
    "results", [[], [said(), said()], [said(), said(line_id=2)], [said(line_id=2)]]
)
def test_every_line_has_exactly_one_result(results):
    with pytest.raises(ResultsIncompleteError):
        checked([Sent()], results, GRADED)


@pytest.mark.parametrize(
    ("grade", "terms", "counts_as"),
    [("R2", GRADED, "R2"), ("", GRADED, "R1"), ("A", PLAIN, ""), ("", PLAIN, "")],
)
def test_what_nobody_speaks_of_counts_as_it_was_shipped(grade, terms, counts_as):
    assert as_shipped(Sent(grade=grade), terms) == LineResult(1, 1_000, grade=counts_as)


def test_an_arrival_has_both_names_and_a_day_that_can_be():
    def arrive(**changes):
        values = {"arrived_on": date(2026, 11, 3), "received_by": " Lê  Kho ", "handed_by": "Tài"}
        return checked_arrival(Arrival(**values | changes), shipped_at=MONDAY, at=TUESDAY)

    assert arrive() == Arrival(date(2026, 11, 3), "Lê Kho", "Tài")
    assert arrive(arrived_on=date(2026, 11, 2)).arrived_on == date(2026, 11, 2)
    for day in (date(2026, 11, 1), date(2026, 11, 4)):
        with pytest.raises(ArrivalImpossibleError):
            arrive(arrived_on=day)
    for name in ("received_by", "handed_by"):
        with pytest.raises(NamesMissingError) as refused:
            arrive(**{name: "  "})
        assert refused.value.details["field"] == name


def test_what_was_left_of_the_time_is_left_after_a_dispute():
    deadline = MONDAY + timedelta(hours=48)

    later = clock_after(deadline, opened_at=MONDAY + timedelta(hours=47), resolved_at=TUESDAY)

    assert later == TUESDAY + timedelta(hours=1)
