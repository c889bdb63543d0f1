"""Settings, and what production refuses."""

import pytest

from marketplace.platform.config import DEVELOPMENT_SECRET, ConfigurationError, read_settings
from marketplace.platform.roles import role_of, with_options

EVERYWHERE = "0.0.0.0"  # noqa: S104 - read, not bound
SAFE = {
    "APP_ENV": "production",
    "SECRET_KEY": "x" * 32,
    "BASE_URL": "https://chomua.example",
}


def test_nothing_needs_to_be_set():
    settings = read_settings({})

    assert (settings.host, settings.port, settings.app_env) == ("127.0.0.1", 8000, "development")
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.var_dir.name == "var"


def test_what_is_set_is_respected():
    settings = read_settings(
        {"HOST": EVERYWHERE, "PORT": "9000", "VAR_DIR": "/data", "DATABASE_URL": "postgresql://x/y"}
    )

    assert (settings.host, settings.port) == (EVERYWHERE, 9000)
    assert settings.base_url == "http://127.0.0.1:9000"
    assert str(settings.database_dir) == "/data/pg"
    assert settings.database_url == "postgresql://x/y"


def test_production_starts_when_all_is_safe():
    read_settings(SAFE).check()

    assert read_settings(SAFE).is_production


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"FLASK_DEBUG": "1"}, "debug"),
        ({"BASE_URL": "http://chomua.example"}, "BASE_URL"),
        ({"APP_ENV": "prod"}, "APP_ENV"),
    ],
)
def test_production_refuses_what_is_not(change, word):
    with pytest.raises(ConfigurationError, match=word):
        read_settings({**SAFE, **change}).check()


@pytest.mark.parametrize(
    ("given", "is_on"),
    [
        ({}, False),
        ({"APP_ENV": "test"}, False),
        ({"APP_ENV": "production"}, True),
        ({"REQUIRE_SECOND_FACTOR": "yes"}, True),
        ({"APP_ENV": "production", "REQUIRE_SECOND_FACTOR": "off"}, False),
    ],
)
def test_production_wants_a_second_factor_unless_told_otherwise(given, is_on):
    assert read_settings(given).require_second_factor is is_on


def test_a_switch_is_yes_or_no():
    with pytest.raises(ConfigurationError, match="REQUIRE_SECOND_FACTOR must be yes or no"):
        read_settings({"REQUIRE_SECOND_FACTOR": "maybe"})


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000.0"])
def test_a_port_is_a_number(port):
    with pytest.raises(ConfigurationError, match="PORT"):
        read_settings({"PORT": port})


@pytest.mark.parametrize("hours", ["-1", "721", "a day"])
def test_a_new_account_waits_for_a_time_that_makes_sense(hours):
    with pytest.raises(ConfigurationError, match="PAYOUT_HOLD_HOURS must be a number from 0 to"):
        read_settings({"PAYOUT_HOLD_HOURS": hours})

    found = [read_settings({"PAYOUT_HOLD_HOURS": text}).payout_hold_hours for text in ("0", "")]
    assert found == [0, 24]


@pytest.mark.parametrize("minutes", ["4", "1441", "half an hour"])
def test_goods_are_kept_for_a_time_that_makes_sense(minutes):
    with pytest.raises(ConfigurationError, match="HOLD_MINUTES must be a number from 5 to 1440"):
        read_settings({"HOLD_MINUTES": minutes})

    assert [read_settings({"HOLD_MINUTES": text}).hold_minutes for text in ("5", "1440", "")] == [
        5,
        1_440,
        30,
    ]


def test_a_url_keeps_its_options():
    url = with_options("postgresql://u@/db?host=%2Ftmp%2Fa", {"role": "app_rw"})

    longer = with_options(url, {"statement_timeout": "5s"})

    assert role_of(longer) == "app_rw"
    assert role_of("postgresql://u@/db") == "u"
    assert longer.endswith("options=-c%20role%3Dapp_rw%20-c%20statement_timeout%3D5s")
