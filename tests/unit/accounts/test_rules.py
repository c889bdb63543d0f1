"""Rules of accounts."""

from datetime import timedelta

import pytest

from marketplace.accounts import rules
from marketplace.accounts.errors import (
    EmailUnreadableError,
    FeeOutOfBoundsError,
    NameMissingError,
    PhoneUnreadableError,
    TextTooLongError,
)
from marketplace.kernel.errors import InvalidError
from marketplace.kernel.states import NotAllowedError
from tests.moments import MONDAY, TUESDAY


class TestEmail:
    def test_is_kept_in_lower_case_without_spaces_around(self):
        assert rules.read_email("  Hoa.Nguyen@Vuon.Example ") == "hoa.nguyen@vuon.example"

    @pytest.mark.parametrize("text", ["", "hoa", "hoa@", "@vuon.example", "a b@vuon.example"])
    def test_must_be_one(self, text):
        with pytest.raises(EmailUnreadableError):
            rules.read_email(text)

    def test_has_room_in_its_column(self):
        with pytest.raises(EmailUnreadableError):
            rules.read_email("h" * 60 + "@" + ".".join(["v" * 60] * 4) + ".example")


class TestTexts:
    def test_a_name_has_single_spaces(self):
        assert rules.read_name("  Nguyễn   Thị\tHoa ") == "Nguyễn Thị Hoa"

    @pytest.mark.parametrize("text", ["", "   ", "x" * 161])
    def test_a_name_is_there_and_fits(self, text):
        with pytest.raises(NameMissingError):
            rules.read_name(text)

    def test_a_text_has_one_kind_of_line_end(self):
        assert rules.read_text(" dòng một\r\ndòng hai ", 20, "story_vi") == "dòng một\ndòng hai"

    def test_a_text_fits(self):
        with pytest.raises(TextTooLongError) as refused:
            rules.read_text("xx", 1, "story_vi")

        assert refused.value.details == {"field": "story_vi", "most": 1}

    def test_a_phone_is_international_or_none(self):
        assert rules.read_phone("+84912345678") == "+84912345678"
        assert rules.read_phone("") is None
        with pytest.raises(PhoneUnreadableError):
            rules.read_phone("0912345678")

    def test_a_language_is_one_of_ours(self):
        assert rules.read_locale("en") == "en"
        with pytest.raises(InvalidError):
            rules.read_locale("fr")


class TestSessionLimits:
    def test_a_buyer_stays_in_for_fourteen_days_after_the_last_use(self):
        ends = rules.session_expires_at(MONDAY, TUESDAY, is_staff=False)

        assert ends == TUESDAY + timedelta(days=14)

    def test_staff_are_out_twelve_hours_after_signing_in_whatever_they_do(self):
        seen = MONDAY + timedelta(hours=11)

        assert rules.session_expires_at(MONDAY, seen, is_staff=True) == MONDAY + timedelta(hours=12)


class TestDelivery:
    def test_bounds_are_allowed(self):
        fees = {"own_region_fee": 0, "other_region_fee": 10_000_000}
        days = {"own_region_days": 0, "other_region_days": 30}

        assert rules.require_delivery_in_bounds(fees, 1, days) is None
        assert rules.require_delivery_in_bounds(fees, None, days) is None

    @pytest.mark.parametrize(
        ("fees", "free_from", "days", "field"),
        [
            ({"own_region_fee": -1}, None, {}, "own_region_fee"),
            ({"other_region_fee": 10_000_001}, None, {}, "other_region_fee"),
            ({}, 0, {}, "free_from"),
            ({}, 1_000_000_001, {}, "free_from"),
            ({}, None, {"own_region_days": 31}, "own_region_days"),
        ],
    )
    def test_slips_are_refused_at_their_field(self, fees, free_from, days, field):
        with pytest.raises(FeeOutOfBoundsError) as refused:
            rules.require_delivery_in_bounds(fees, free_from, days)

        assert refused.value.details == {"field": field}


class TestStanding:
    def test_an_organisation_is_verified_suspended_and_verified_again(self):
        assert rules.STANDING.can("pending", "verified")
        assert rules.STANDING.can("verified", "suspended")
        assert rules.STANDING.can("suspended", "verified")

    @pytest.mark.parametrize(
        ("was", "to"), [("pending", "suspended"), ("verified", "pending"), ("suspended", "pending")]
    )
    def test_nothing_else(self, was, to):
        with pytest.raises(NotAllowedError):
            rules.STANDING.require(was, to)
