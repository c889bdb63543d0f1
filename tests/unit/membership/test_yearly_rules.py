"""What the figures of a year must hold."""

from dataclasses import replace

import pytest

from marketplace.membership.yearly.errors import (
    FigureOutOfBoundsError,
    PartTooLargeError,
    TextTooLongError,
    YearOutOfBoundsError,
)
from marketplace.membership.yearly.rules import FIGURES, LABELS, YearFigures, jumps, require_sound

SOUND = YearFigures(
    official_members=120,
    associate_members_capital=4,
    associate_members_other=6,
    labourers=40,
    labourers_members=40,
    charter_capital_minor=1_800_000_000,
    total_assets_minor=6_500_000_000,
    revenue_internal_minor=1_200_000_000,
    revenue_external_minor=3_400_000_000,
    profit_minor=-260_000_000,
    managers=7,
    managers_trained=7,
)


def test_every_figure_has_its_word():
    assert set(LABELS) == set(FIGURES)


@pytest.mark.parametrize("year", [1990, 2025, 2026])
def test_what_can_be_passes(year):
    require_sound(SOUND, year=year, this_year=2026)


@pytest.mark.parametrize("year", [1989, 2027])
def test_the_year_has_begun_and_is_not_ancient(year):
    with pytest.raises(YearOutOfBoundsError):
        require_sound(SOUND, year=year, this_year=2026)


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"official_members": -1}, FigureOutOfBoundsError, "official_members"),
        ({"official_members": 10_000_001}, FigureOutOfBoundsError, "official_members"),
        ({"mean_income_minor": -1}, FigureOutOfBoundsError, "mean_income_minor"),
        ({"total_assets_minor": 10**16 + 1}, FigureOutOfBoundsError, "total_assets_minor"),
        ({"profit_minor": -(10**16) - 1}, FigureOutOfBoundsError, "profit_minor"),
        ({"managers_trained": 8}, PartTooLargeError, "managers_trained"),
        ({"labourers_members": 41}, PartTooLargeError, "labourers_members"),
        ({"note": "x" * 1001}, TextTooLongError, "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changed, error, field):
    with pytest.raises(error) as refused:
        require_sound(replace(SOUND, **changed), year=2025, this_year=2026)

    assert refused.value.details["field"] == field


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"labourers": 400}, ["labourers"]),
        ({"labourers": 399}, []),
        ({"labourers": 4, "labourers_members": 4}, ["labourers", "labourers_members"]),
        ({"revenue_external_minor": 3_400_000}, ["revenue_external_minor"]),
        ({"revenue_external_minor": 0}, []),  # nothing may well be true
        ({"profit_minor": 2_600_000_000}, ["profit_minor"]),
        ({"mean_income_minor": 90_000_000}, []),
    ],
)
def test_ten_times_as_much_is_asked_about(changed, found):
    assert jumps(SOUND, replace(SOUND, **changed)) == found
