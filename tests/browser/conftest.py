"""A Chromium and a marketplace for it to visit, one of each for all tests of this folder."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.market import Market, open_market
from tests.browser.world import World, settle_in
from tests.browsers import find_chromium
from tests.postgres import TestServer


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def market(
    app: Flask,  # made first: whoever ends last restores what was there before it
    server: TestServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Market]:
    """A marketplace in which every test puts up stalls of its own."""
    with open_market(server, tmp_path_factory.mktemp("market")) as market:
        yield market


@pytest.fixture(scope="package")
def world(market: Market) -> World:
    """Somebody in every role, and something in every state, on that marketplace."""
    return settle_in(market)
