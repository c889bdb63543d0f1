"""What a certificate is and may become."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.certification import errors
from marketplace.certification.rules import (
    AREA_MAX_M2,
    CERTIFICATE,
    YEARLY_MAX_G,
    CertificateFact,
    Check,
    Claim,
    Extent,
    Missing,
    due_notice,
    missing,
    require_sound,
    require_source,
    shown_state,
)
from marketplace.certification.schemes import scheme
from models.certification import CheckKind

CLAIM = Claim(
    organisation_id=1,
    scheme_code="OCOP",
    level=4,
    number="123/QĐ-UBND",
    issuer="UBND tỉnh Đắk Lắk",
    valid_from=date(2026, 1, 1),
    valid_to=date(2028, 12, 31),
    file_id=7,
)


def test_takes_a_sound_claim():
    assert require_sound(CLAIM) is None
    assert require_sound(replace(CLAIM, valid_to=None)) is None
    assert require_sound(replace(CLAIM, valid_to=CLAIM.valid_from)) is None


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"scheme_code": "NOPE"}, errors.UnknownSchemeError, "scheme_code"),
        ({"scheme_code": "UTZ_LEGACY", "level": None}, errors.UnknownSchemeError, "scheme_code"),
        ({"level": None}, errors.WrongLevelError, "level"),
        ({"level": 2}, errors.WrongLevelError, "level"),
        ({"scheme_code": "VIETGAP_CROP"}, errors.WrongLevelError, "level"),
        ({"number": "  "}, errors.NumberMissingError, "number"),
        ({"issuer": ""}, errors.IssuerMissingError, "issuer"),
        ({"valid_to": date(2025, 12, 31)}, errors.WrongDatesError, "valid_to"),
        ({"file_id": None}, errors.PaperMissingError, "file"),
    ],
)
def test_refuses_what_is_no_certificate(change, refusal, field):
    with pytest.raises(refusal) as caught:
        require_sound(replace(CLAIM, **change))
    assert caught.value.details == {"field": field}


@pytest.mark.parametrize(
    ("was", "to", "may"),
    [
        ("claimed", "verified", True),
        ("claimed", "rejected", True),
        ("claimed", "revoked", False),
        ("verified", "revoked", True),
        ("verified", "rejected", False),
        ("rejected", "verified", False),
        ("revoked", "verified", False),
        ("revoked", "expired", False),
        ("verified", "expired", True),
        ("claimed", "expired", False),
        ("expired", "revoked", True),
        ("expired", "verified", False),
    ],
)
def test_states_follow_the_table(was, to, may):
    assert CERTIFICATE.can(was, to) is may


@pytest.mark.parametrize(
    ("state", "day", "shown"),
    [
        ("claimed", date(2026, 6, 1), "claimed"),
        ("rejected", date(2030, 6, 1), "rejected"),
        ("verified", date(2025, 12, 31), "upcoming"),
        ("verified", date(2026, 1, 1), "verified"),
        ("verified", date(2026, 11, 1), "verified"),  # 60 days and one more
        ("verified", date(2026, 11, 2), "expiring"),  # just at the border: to expiry 60 days
        ("verified", date(2027, 1, 1), "expiring"),  # the last day still counts
        ("verified", date(2027, 1, 2), "expired"),  # before the job has written it down
        ("expired", date(2027, 1, 2), "expired"),  # and after
        ("revoked", date(2027, 1, 2), "revoked"),
    ],
)
def test_people_read_the_dates_of_a_verified_certificate(state, day, shown):
    assert shown_state(state, date(2026, 1, 1), date(2027, 1, 1), day) == shown


def test_a_certificate_without_an_end_never_expires():
    assert shown_state("verified", date(2026, 1, 1), None, date(2099, 1, 1)) == "verified"


def test_a_fact_freezes_to_plain_values():
    fact = CertificateFact(
        certificate_id=3,
        scheme_code="OCOP",
        level=4,
        number="123/QĐ-UBND",
        issuer="UBND tỉnh Đắk Lắk",
        valid_from=date(2026, 1, 1),
        valid_to=date(2028, 12, 31),
        names_plots=True,
    )

    assert fact.as_json() == {
        "code": "OCOP",
        "label_vi": "OCOP 4 sao",
        "label_en": "OCOP 4-star",
        "number": "123/QĐ-UBND",
        "issuer": "UBND tỉnh Đắk Lắk",
        "valid_to": "2028-12-31",
        "names_plots": True,
    }
    assert replace(fact, valid_to=None).as_json()["valid_to"] is None
    assert fact.is_badge
    assert not replace(fact, scheme_code="TEST_REPORT", level=None).is_badge


class TestStars:
    def test_hold_36_months_from_the_decision_unless_the_paper_says_less(self):
        claim = replace(CLAIM, valid_to=None)

        assert claim.last_day == date(2029, 1, 1)
        assert replace(claim, issued_on=date(2025, 12, 15)).last_day == date(2028, 12, 15)
        assert CLAIM.last_day == date(2028, 12, 31)

    def test_never_hold_longer(self):
        require_sound(replace(CLAIM, valid_to=date(2029, 1, 1)))
        with pytest.raises(errors.TooLongError) as caught:
            require_sound(replace(CLAIM, valid_to=date(2029, 1, 2)))

        assert caught.value.details == {"field": "valid_to", "months": 36, "last": "01/01/2029"}

    def test_decided_too_long_ago_are_over_before_they_begin(self):
        with pytest.raises(errors.WrongDatesError):
            require_sound(replace(CLAIM, issued_on=date(2022, 1, 1), valid_to=None))

    @pytest.mark.parametrize(
        ("extent", "field"),
        [
            (Extent(area_m2=0), "area"),
            (Extent(area_m2=AREA_MAX_M2 + 1), "area"),
            (Extent(yearly_g=0), "yearly"),
            (Extent(yearly_g=YEARLY_MAX_G + 1), "yearly"),
        ],
    )
    def test_cannot_reach_impossibly_far(self, extent, field):
        require_sound(replace(CLAIM, extent=Extent("Xưởng", AREA_MAX_M2, YEARLY_MAX_G)))
        with pytest.raises(errors.WrongExtentError) as caught:
            require_sound(replace(CLAIM, extent=extent))

        assert caught.value.details == {"field": field}

    def test_other_schemes_hold_as_their_paper_says(self):
        claim = replace(CLAIM, scheme_code="VIETGAP_CROP", level=None)

        assert replace(claim, valid_to=None).last_day is None
        assert require_sound(replace(claim, valid_to=date(2099, 1, 1))) is None


DOCUMENT, REGISTER = CheckKind.DOCUMENT, CheckKind.REGISTER


class TestMissing:
    @pytest.mark.parametrize(
        ("code", "checks", "lacks"),
        [
            ("VIETGAP_CROP", [], (Missing.DOCUMENT,)),
            ("VIETGAP_CROP", [(REGISTER, 1)], (Missing.DOCUMENT,)),
            ("VIETGAP_CROP", [(DOCUMENT, 1)], ()),
            ("ORGANIC_VN", [], (Missing.DOCUMENT, Missing.SECOND_OFFICER)),
            ("ORGANIC_VN", [(DOCUMENT, 1)], (Missing.SECOND_OFFICER,)),
            ("ORGANIC_VN", [(DOCUMENT, 1), (REGISTER, 1)], (Missing.SECOND_OFFICER,)),
            ("ORGANIC_VN", [(DOCUMENT, 1), (REGISTER, 2)], ()),
            ("GACC", [(REGISTER, 1), (REGISTER, 2)], (Missing.DOCUMENT,)),
            ("PUC_EXPORT", [(DOCUMENT, 1), (DOCUMENT, 2)], ()),
        ],
    )
    def test_is_what_nobody_has_looked_at_yet(self, code, checks, lacks):
        assert missing(scheme(code), checks) == lacks

    def test_a_register_has_a_name(self):
        assert require_source(Check(DOCUMENT)) is None
        assert require_source(Check(REGISTER, "danh sách của Cục Trồng trọt")) is None
        with pytest.raises(errors.SourceMissingError) as caught:
            require_source(Check(REGISTER, "  "))
        assert caught.value.details == {"field": "source"}


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (400, None),
        (91, None),
        (90, 90),
        (61, 90),
        (60, 60),
        (31, 60),
        (30, 30),
        (8, 30),
        (7, 7),
        (1, 7),
        (0, 7),
        (-1, None),
    ],
)
def test_the_newest_notice_that_has_been_reached_is_due(left, due):
    last = date(2026, 12, 31)

    assert due_notice(last, last - timedelta(days=left)) == due
