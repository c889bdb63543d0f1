"""Signing, translating, failpoints."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine

from marketplace.platform.config import Settings, current_settings, use_settings
from marketplace.platform.errors import BadTokenError
from marketplace.platform.failpoints import FailpointError, failpoint
from marketplace.platform.secrets import blind_index, seal, sign, unseal, unsign
from marketplace.platform.translation import (
    current_locale,
    gettext,
    lazy_gettext,
    ngettext,
    using_locale,
)
from tests.moments import MONDAY


@pytest.fixture(autouse=True)
def secret():
    """The settings that everybody starts with; what a test changes is undone."""
    before = current_settings()
    use_settings(Settings())
    yield
    use_settings(before)


class TestSigning:
    def test_what_was_signed_comes_back(self):
        assert unsign("order", sign("order", {"id": 7})) == {"id": 7}

    @pytest.mark.parametrize("token", ["", "nonsense", "ImEi.aaaaaa.bbbb"])
    def test_what_was_not_is_refused(self, token):
        with pytest.raises(BadTokenError):
            unsign("order", token)

    def test_a_token_is_good_for_its_purpose_only(self):
        with pytest.raises(BadTokenError):
            unsign("reset", sign("order", 7))

    def test_a_token_grows_old(self):
        with time_machine.travel(MONDAY):
            token = sign("order", 7)
        with time_machine.travel(MONDAY + timedelta(hours=2)):
            assert unsign("order", token, max_age=timedelta(hours=3)) == 7
            with pytest.raises(BadTokenError):
                unsign("order", token, max_age=timedelta(hours=1))

    def test_what_was_sealed_is_unreadable_and_comes_back(self):
        sealed = seal("totp", "JBSWY3DP")

        assert "JBSWY3DP" not in sealed
        assert unseal("totp", sealed) == "JBSWY3DP"
        assert seal("totp", "JBSWY3DP") != sealed

    def test_a_seal_is_good_for_its_purpose_and_its_key_only(self):
        sealed = seal("totp", "JBSWY3DP")

        with pytest.raises(BadTokenError):
            unseal("bank", sealed)
        with pytest.raises(BadTokenError):
            unseal("totp", sealed[:-4] + "AAA=")
        use_settings(Settings(secret_key="another key of 32 characters at least"))  # noqa: S106
        with pytest.raises(BadTokenError):
            unseal("totp", sealed)


class TestBlindIndex:
    def test_finds_an_equal_text_and_belongs_to_its_purpose_and_its_key(self):
        found = blind_index("bank", "970436:0011")

        assert found == blind_index("bank", "970436:0011")
        assert len(found) == 64
        assert found not in {blind_index("bank", "970436:0012"), blind_index("tax", "970436:0011")}
        use_settings(Settings(secret_key="another key of 32 characters at least"))  # noqa: S106
        assert blind_index("bank", "970436:0011") != found


class TestTranslating:
    def test_vietnamese_is_what_is_written(self):
        assert current_locale() == "vi"
        assert gettext("Đã xác nhận %(number)s", number="CM1") == "Đã xác nhận CM1"
        assert ngettext("%(num)s đơn", "%(num)s đơn", 3) == "3 đơn"

    def test_a_language_lasts_as_long_as_its_block(self):
        with using_locale("en"):
            assert current_locale() == "en"

        assert current_locale() == "vi"

    def test_there_is_no_other_language(self):
        with pytest.raises(LookupError), using_locale("fr"):
            pass

    def test_a_lazy_text_is_put_into_words_when_shown(self):
        label = lazy_gettext("một chữ không ai dịch %(x)s", x=1)

        assert str(label) == "một chữ không ai dịch 1"
        assert f"<{label}>" == "<một chữ không ai dịch 1>"

    def test_a_percent_sign_without_parameters_stays(self):
        assert gettext("giảm 5%") == "giảm 5%"


class TestFailpoints:
    def test_they_do_nothing_by_themselves(self, monkeypatch):
        monkeypatch.delenv("FAILPOINT", raising=False)

        assert failpoint("anything") is None

    def test_an_armed_one_raises(self, monkeypatch):
        monkeypatch.setenv("FAILPOINT", "other:raise,here:raise")

        assert failpoint("elsewhere") is None
        with pytest.raises(FailpointError):
            failpoint("here")

    def test_only_tests_arm_them(self, monkeypatch):
        monkeypatch.setenv("FAILPOINT", "here:raise")
        monkeypatch.setenv("APP_ENV", "production")

        assert failpoint("here") is None

    def test_one_can_kill_the_process(self):
        code = "from marketplace.platform.failpoints import failpoint; failpoint('here')"
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code],
            check=False,
            env={"APP_ENV": "test", "FAILPOINT": "here:kill"},
        )

        assert done.returncode == -signal.SIGKILL
