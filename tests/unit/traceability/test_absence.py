"""Why a certificate of the product is not on a lot."""

from datetime import date

import pytest

from marketplace.kernel.validity import Period
from marketplace.traceability.rules import ABSENCE_WORDS, Absence, Reach, why_absent

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
WITHIN, BEFORE, AFTER = date(2026, 6, 1), date(2025, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("state", "harvested_on", "reach", "why"),
    [
        ("claimed", WITHIN, Reach.HERE, Absence.WAITING),
        ("revoked", AFTER, Reach.ELSEWHERE, Absence.REVOKED),
        ("expired", AFTER, Reach.ELSEWHERE, Absence.ENDED),
        ("verified", AFTER, Reach.EVERYWHERE, Absence.ENDED),
        ("verified", BEFORE, Reach.UNKNOWN, Absence.NOT_YET),
        ("verified", WITHIN, Reach.ELSEWHERE, Absence.ELSEWHERE),
        ("expired", WITHIN, Reach.UNKNOWN, Absence.NO_PLOT),
        ("verified", WITHIN, Reach.HERE, Absence.LATER),
        ("verified", WITHIN, Reach.EVERYWHERE, Absence.LATER),
    ],
)
def test_the_first_reason_that_holds(state, harvested_on, reach, why):
    assert why_absent(state, YEAR, reach, harvested_on=harvested_on) == why


@pytest.mark.parametrize("day", [YEAR.starts_on, YEAR.ends_on])
def test_the_first_and_the_last_day_count(day):
    assert why_absent("verified", YEAR, Reach.HERE, harvested_on=day) == Absence.LATER


def test_one_without_an_end_never_ended():
    open_end = Period(date(2026, 1, 1))

    assert why_absent("verified", open_end, Reach.HERE, harvested_on=AFTER) == Absence.LATER


def test_every_reason_has_words():
    assert set(ABSENCE_WORDS) == set(Absence)
