"""The table of schemes."""

import pytest

from marketplace.certification.schemes import (
    GROUPS,
    badge_label,
    find_scheme,
    scheme,
    schemes,
)


def test_has_every_scheme_once_in_a_known_group():
    codes = [each.code for each in schemes()]

    assert len(codes) == len(set(codes)) == 35
    assert {each.group for each in schemes()} == set(GROUPS)
    assert [each.position for each in schemes()] == list(range(35))


@pytest.mark.parametrize(
    ("code", "level", "vi", "en"),
    [
        ("VIETGAP_CROP", None, "VietGAP", "VietGAP"),
        ("OCOP", 4, "OCOP 4 sao", "OCOP 4-star"),
        ("ORGANIC_VN", None, "Hữu cơ Việt Nam", "Vietnam organic"),
        ("GI", None, "Chỉ dẫn địa lý", "Geographical indication"),
        ("BAP", 3, "BAP 3 sao", "BAP 3-star"),
    ],
)
def test_names_a_badge_in_both_languages(code, level, vi, en):
    assert (badge_label(code, level, "vi"), badge_label(code, level, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("code", "level", "fits"),
    [
        ("OCOP", 3, True),
        ("OCOP", 5, True),
        ("OCOP", 2, False),
        ("OCOP", None, False),
        ("VIETGAP_CROP", None, True),
        ("VIETGAP_CROP", 4, False),
    ],
)
def test_only_some_schemes_have_stars(code, level, fits):
    assert scheme(code).allows_level(level) is fits


@pytest.mark.parametrize(
    ("code", "number", "unusual"),
    [
        ("VIETGAP_CROP", "VietGAP-TT-13-09-68-0096", False),
        ("VIETGAP_CROP", "vietgap-tt-13-09-68-0096", False),
        ("VIETGAP_CROP", "0096/2026", True),
        ("OCOP", "123/QĐ-UBND", False),
        ("GLOBALGAP_IFA", "4059841500237", False),
        ("GLOBALGAP_IFA", "4059841500238", True),  # the check digit
        ("HACCP", "anything at all", False),  # no pattern, nothing to say
    ],
)
def test_a_pattern_only_hints(code, number, unusual):
    assert scheme(code).looks_unusual(number) is unusual


def test_every_example_is_usual():
    examples = [each for each in schemes() if each.number_example and each.number_pattern]

    assert [each.code for each in examples if each.looks_unusual(each.number_example)] == []
    assert len(examples) == 11


def test_an_unknown_code_is_none_or_a_bug():
    assert find_scheme("NOPE") is None
    with pytest.raises(KeyError):
        scheme("NOPE")


def test_what_everybody_must_have_gives_no_badge():
    assert [each.code for each in schemes() if not each.is_badge] == [
        "FSC_ATTP",
        "ATTP_COMMIT",
        "SELF_DECLARE",
        "TEST_REPORT",
    ]


def test_organic_schemes_and_export_codes_need_two_officers():
    assert {each.code for each in schemes() if each.needs_two} == {
        "ORGANIC_VN",
        "ORGANIC_EU",
        "ORGANIC_USDA",
        "ORGANIC_JAS",
        "PGS",
        "PUC_EXPORT",
        "PHC_EXPORT",
        "GACC",
    }


@pytest.mark.parametrize(
    ("number", "is_unusual"),
    [
        ("4059841500237", False),
        ("4059841500238", True),  # another check digit
        ("405984150023", True),
        ("40598415002370", True),
        ("405984150023A", True),
    ],
)
def test_a_ggn_has_thirteen_digits_the_last_of_which_checks_the_others(number, is_unusual):
    assert scheme("GLOBALGAP_IFA").looks_unusual(number) is is_unusual
