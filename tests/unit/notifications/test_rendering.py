"""Every message reads well in both languages and both forms."""

import re
from datetime import timedelta

import pytest
from jinja2 import UndefinedError

from marketplace.notifications.rendering import FOLDER, render
from tests.moments import MONDAY

ACCOUNT_MAILS = {
    "confirm_email": {"token": "abc"},
    "already_registered": {},
    "reset_password": {"token": "abc"},
    "password_changed": {},
    "organisation_verified": {"organisation": "HTX Cư M’gar", "code": "CUMGAR"},
    "organisation_suspended": {
        "organisation": "HTX Cư M’gar",
        "code": "CUMGAR",
        "reason": "Giấy phép <hết hạn>",
    },
    "bank_account_changed": {
        "organisation": "HTX Cư M’gar",
        "code": "CUMGAR",
        "bank": "Agribank",
        "last_four": "4567",
        "released_at": MONDAY + timedelta(days=1),
    },
}


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("template", ACCOUNT_MAILS)
def test_has_a_subject_a_text_and_a_page(template, locale):
    words = render(template, locale, at=MONDAY, name="Hoa & Lan", **ACCOUNT_MAILS[template])

    assert 10 < len(words.subject) <= 120
    assert "\n" not in words.subject
    assert "Hoa & Lan" in words.text
    assert "Hoa &amp; Lan" in words.html
    assert f'<html lang="{locale}">' in words.html
    assert words.subject not in words.text
    assert ("/en/" in words.text) == (locale == "en")


def test_text_is_plain_and_the_page_is_escaped():
    words = render(
        "organisation_suspended",
        "vi",
        at=MONDAY,
        name="Hoa",
        **ACCOUNT_MAILS["organisation_suspended"],
    )

    assert "Giấy phép <hết hạn>" in words.text
    assert "Giấy phép &lt;hết hạn&gt;" in words.html


def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        render("confirm_email", "vi", at=MONDAY, name="Hoa")


def test_every_mail_has_both_forms_and_a_subject():
    texts, pages = (
        {path.stem for path in FOLDER.glob(kind) if "{% extends" in path.read_text()}
        for kind in ("*.txt", "*.html")
    )

    assert texts == pages
    assert texts >= set(ACCOUNT_MAILS)
    for name in texts:
        assert "{% block subject %}" in (FOLDER / f"{name}.txt").read_text(), name


def test_nothing_in_a_mail_comes_from_elsewhere():
    for path in FOLDER.glob("*.html"):
        assert not re.search(r"<(img|link|script|iframe)\b|\sstyle=", path.read_text()), path.name
