"""What holds for applications and their items, whatever is done to them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.onboarding import rules
from marketplace.onboarding.errors import NoteMissingError, WaiverDayError
from marketplace.onboarding.rules import APPLICATION, ITEM
from models.onboarding import ApplicationState, ItemState

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("state", "following"),
    [
        ("draft", {"submitted", "withdrawn"}),
        ("submitted", {"returned", "approved", "rejected", "withdrawn"}),
        ("returned", {"submitted", "withdrawn"}),
        ("approved", set()),
        ("rejected", set()),
        ("withdrawn", set()),
    ],
)
def test_the_way_of_an_application(state, following):
    assert APPLICATION.following(state) == following


@pytest.mark.parametrize(
    ("state", "following"),
    [
        ("open", {"submitted", "waived"}),
        ("submitted", {"accepted", "returned", "waived"}),
        ("accepted", {"submitted"}),
        ("returned", {"submitted", "waived"}),
        ("waived", {"submitted", "open"}),
    ],
)
def test_the_way_of_an_item(state, following):
    assert ITEM.following(state) == following


def test_every_state_has_a_row():
    assert set(APPLICATION.states) == set(ApplicationState)
    assert set(ITEM.states) == set(ItemState)


@given(st.lists(st.sampled_from(list(ItemState)), min_size=1, max_size=12))
def test_nothing_is_accepted_that_was_not_sent(way):
    state, before = "open", None
    for to in way:
        if ITEM.can(state, to):
            before, state = state, to
    assert state != "accepted" or before == "submitted"


ANY = st.none()
KINDS = st.sampled_from(["cooperative", "union", "group", "enterprise"])
PROVINCES = st.sampled_from(["01", "66", "79"])
GROUPS = st.sampled_from([1, 2, 3])


WANTED = st.tuples(ANY | KINDS, ANY | PROVINCES, ANY | GROUPS)


@given(WANTED, KINDS, PROVINCES, st.sets(GROUPS))
def test_a_narrower_requirement_concerns_no_more(wanted, kind, province, groups):
    of_kind, of_province, of_group = wanted
    whom = {"kind": kind, "province_code": province, "category_ids": groups}

    narrow = rules.concerns((of_kind, of_province, of_group), **whom)

    assert rules.concerns((None, None, None), **whom)
    assert not narrow or rules.concerns((of_kind, None, None), **whom)
    assert not narrow or rules.concerns((of_kind, of_province, None), **whom)
    assert narrow == (
        of_kind in {None, kind}
        and of_province in {None, province}
        and (of_group is None or of_group in groups)
    )


@given(st.integers(-400, 800))
def test_a_waiver_ends_after_today_and_within_a_year(days):
    until = TODAY + timedelta(days=days)

    if 0 < days <= 366:
        assert rules.require_waiver_day(until, today=TODAY) == until
    else:
        with pytest.raises(WaiverDayError):
            rules.require_waiver_day(until, today=TODAY)


def test_a_waiver_has_a_day():
    with pytest.raises(WaiverDayError):
        rules.require_waiver_day(None, today=TODAY)


def test_a_note_is_asked_for_where_it_is_needed():
    assert rules.read_note(" chụp lại \r\n", is_needed=True) == "chụp lại"
    assert rules.read_note(" ", is_needed=False) == ""
    with pytest.raises(NoteMissingError):
        rules.read_note(" ", is_needed=True)


@pytest.mark.parametrize(
    ("number", "tax_code", "is_unusual"),
    [
        ("", "0100109106", False),
        ("0100109106", "0100109106", False),
        ("0100 109 106", "0100109106-001", False),
        ("66.07.000123", "0100109106", True),
    ],
)
def test_old_registration_numbers_are_a_hint(number, tax_code, is_unusual):
    assert rules.looks_unusual(number, tax_code) is is_unusual


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_an_item_is_complete_when_it_has_what_is_asked(file, text, has_file, has_text, word):
    complete = rules.is_complete(
        needs_file=file, needs_text=text, has_file=has_file, has_text=has_text, is_confirmed=word
    )

    expected = (has_file or not file) and (has_text or not text) if file or text else word
    assert complete == expected
