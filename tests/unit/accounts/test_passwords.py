"""Which passwords are good enough, and how they are kept."""

import unicodedata

import pytest

from marketplace.accounts import passwords
from marketplace.accounts.errors import (
    PasswordCommonError,
    PasswordPersonalError,
    PasswordTooLongError,
    PasswordTooShortError,
)

ABOUT = ("Nguyễn Thị Hoa", "hoa.nguyen@vuoncam.example")


def require(password: str) -> None:
    passwords.require_acceptable(password, about=ABOUT, field="password")


class TestRequireAcceptable:
    @pytest.mark.parametrize(
        "password",
        [
            "mưa nắng",
            "ngựa pin ghim đúng",
            "x7!kQ2p.",
            "ộ" * 3 + "chữ nào cũng được",
            "Ất Tỵ nhà trồng 40 gốc bưởi",
            "a b" * 42 + "zz",
        ],
    )
    def test_takes_any_characters_and_any_composition(self, password):
        assert require(password) is None

    def test_seven_characters_are_too_few(self):
        with pytest.raises(PasswordTooShortError) as refused:
            require("cá kho!")

        assert refused.value.details == {"field": "password", "least": 8}

    def test_a_hundred_and_twenty_nine_are_too_many(self):
        with pytest.raises(PasswordTooLongError) as refused:
            require("gạo nếp " * 16 + "x")

        assert refused.value.details == {"field": "password", "most": 128}

    @pytest.mark.parametrize(
        "password",
        [
            *("password", "Password1", "12345678", "qwertyuiop", "mật khẩu", "MATKHAU123"),
            *("aaaaaaaa", "anhyeuem", "Anh yêu em!", "vietnam2026", "1212121212"),
        ],
    )
    def test_refuses_what_everybody_tries_first(self, password):
        with pytest.raises(PasswordCommonError):
            require(password)

    @pytest.mark.parametrize(
        "password",
        [
            *("Nguyễn Thị Hoa", "nguyenhoa1990", "hoa.nguyen@vuoncam.example", "vuoncam123"),
            *("Chợ Mùa 2026", "hoanguyen"),
        ],
    )
    def test_refuses_the_person_and_the_market(self, password):
        with pytest.raises(PasswordPersonalError):
            require(password)


class TestKeeping:
    def test_uses_argon2id_with_the_parameters_of_the_library(self):
        kept = passwords.hash_password("gió mùa đông bắc")

        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert not passwords.needs_rehash(kept)

    def test_the_right_one_matches_and_no_other(self):
        kept = passwords.hash_password("gió mùa đông bắc")

        assert passwords.matches("gió mùa đông bắc", kept)
        assert not passwords.matches("gió mùa đông bắ", kept)
        assert not passwords.matches("gió mùa đông bắc", "no hash at all")

    def test_two_keyboards_write_the_same_password(self):
        kept = passwords.hash_password(unicodedata.normalize("NFD", "gió mùa đông bắc"))

        assert passwords.matches(unicodedata.normalize("NFC", "gió mùa đông bắc"), kept)

    def test_nothing_is_cut_off(self):
        kept = passwords.hash_password("x" * 127 + "a")

        assert not passwords.matches("x" * 127 + "b", kept)
