"""What a certificate is and may become."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.certification import errors
from marketplace.certification.rules import (
    CERTIFICATE,
    CertificateFact,
    Claim,
    require_sound,
    shown_state,
)

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
        ("verified", date(2027, 1, 2), "expired"),
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
    )

    assert fact.as_json() == {
        "code": "OCOP",
        "label_vi": "OCOP 4 sao",
        "label_en": "OCOP 4-star",
        "number": "123/QĐ-UBND",
        "issuer": "UBND tỉnh Đắk Lắk",
        "valid_to": "2028-12-31",
    }
    assert replace(fact, valid_to=None).as_json()["valid_to"] is None
    assert fact.is_badge
    assert not replace(fact, scheme_code="TEST_REPORT", level=None).is_badge
