"""Codes of telephones: the vectors of RFC 6238 and RFC 4226, drift, and what was used."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""The key of both RFCs, for SHA-1."""


class TestVectors:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "94287082"),
            (1111111109, "07081804"),
            (1111111111, "14050471"),
            (1234567890, "89005924"),
            (2000000000, "69279037"),
            (20000000000, "65353130"),
        ],
    )
    def test_of_rfc_6238_appendix_b(self, seconds, code):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

        assert totp.code_of(SECRET, totp.step_at(moment), digits=8) == code

    @pytest.mark.parametrize(
        ("counter", "code"),
        [(0, "755224"), (1, "287082"), (2, "359152"), (8, "399871"), (9, "520489")],
    )
    def test_of_rfc_4226_appendix_d(self, counter, code):
        assert totp.code_of(SECRET, counter) == code


class TestMatching:
    AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    STEP = totp.step_at(AT)

    @pytest.mark.parametrize(("drift", "is_taken"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
    def test_one_step_before_and_after_is_taken(self, drift, is_taken):
        code = totp.code_of(SECRET, self.STEP + drift)

        found = totp.matching_step(SECRET, code, at=self.AT, after=None)

        assert found == (self.STEP + drift if is_taken else None)

    @pytest.mark.parametrize("used", [0, 1])
    def test_what_was_used_and_what_came_before_it_is_refused(self, used):
        code = totp.code_of(SECRET, self.STEP)

        found = totp.matching_step(SECRET, code, at=self.AT, after=self.STEP + used)

        assert found is None

    @pytest.mark.parametrize(
        "typed", ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16"]
    )
    def test_what_is_no_code_is_refused(self, typed):
        assert totp.matching_step(SECRET, typed, at=self.AT, after=None) is None


def test_every_key_is_new_and_has_160_bits():
    keys = {totp.new_secret() for _ in range(50)}

    assert len(keys) == 50
    assert {len(base64.b32decode(key)) for key in keys} == {20}


def test_the_picture_names_the_market_and_the_account():
    uri = totp.key_uri("ABCD", account="hoa@example.com", issuer="Chợ Mùa")

    assert uri == (
        "otpauth://totp/Ch%E1%BB%A3%20M%C3%B9a%3Ahoa@example.com"
        "?secret=ABCD&issuer=Ch%E1%BB%A3%20M%C3%B9a"
    )
