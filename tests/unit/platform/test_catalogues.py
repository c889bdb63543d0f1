"""Catalogues: what is extracted, and what counts as a mistake."""

import pytest

from marketplace.platform.catalogues import _complaints, extracted


def test_texts_are_found_in_code_and_in_templates(tmp_path):
    (tmp_path / "marketplace" / "orders").mkdir(parents=True)
    (tmp_path / "templates" / "orders").mkdir(parents=True)
    (tmp_path / "marketplace" / "orders" / "words.py").write_text(
        'first = _("Đã nhận")\nsecond = mark(\n    "Đã giao "\n    "%(number)s"\n)\n'
    )
    (tmp_path / "templates" / "orders" / "page.html").write_text(
        '<p>{{ _("Giỏ hàng") }}</p>\n{{ ngettext("%(num)s lô", "%(num)s lô ", n) }}'
    )

    assert extracted(tmp_path) == {
        "Đã nhận": ["marketplace/orders/words.py:1"],
        "Đã giao %(number)s": ["marketplace/orders/words.py:3"],
        "Giỏ hàng": ["templates/orders/page.html:1"],
        "%(num)s lô": ["templates/orders/page.html:2"],
        "%(num)s lô ": ["templates/orders/page.html:2"],
    }


@pytest.mark.parametrize(
    ("text", "english", "complaints"),
    [
        ("Đã nhận", ["Received"], 0),
        ("Đã nhận", None, 1),
        ("Đã nhận", [""], 1),
        ("Đơn %(number)s", ["Order %(number)s"], 0),
        ("Đơn %(number)s", ["Order"], 1),
        ("Đơn %(number)s", ["Order %(code)s"], 1),
        ("%(num)s đơn", ["one order", "%(num)s orders"], 0),
    ],
)
def test_a_text_needs_an_english_one_with_the_same_parts(text, english, complaints):
    assert len(list(_complaints(text, "somewhere:1", english))) == complaints
