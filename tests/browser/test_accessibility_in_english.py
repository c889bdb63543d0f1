"""The same as `test_accessibility`, in English: a file of its own, for files share the cores."""

import pytest

from tests.browser.looking import look_at_every_page, send_every_form

pytestmark = pytest.mark.browser


def test_every_page_is_fit_for_everybody(market, chromium, world):
    look_at_every_page(market, chromium, world, "/en")


def test_every_form_says_what_is_missing(market, chromium, world):
    send_every_form(market, chromium, world, "/en")
