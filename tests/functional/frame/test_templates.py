"""The rules for templates: nothing that the strict policy would block, nothing half said."""

import re
from pathlib import Path

import pytest

from blueprints import desks
from blueprints.assets import ROOT
from blueprints.states import STATES

FOLDER = ROOT.parent / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*.html") if path.parts[-2] != "email")
"""Pages; mails have no policy and bring their style along."""
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JSON_LD = 'type="application/ld+json"'
ICON = re.compile(r"""(?:icon\(|glyph=)['"]([^'"]+)['"]""")


def tags(html: str, name: str) -> list[str]:
    """The start tags of a name, with what templates put into them."""
    return re.findall(rf"<{name}\b(?:[^>{{]|\{{\{{.*?\}}\}}|\{{%.*?%\}}|\{{)*>", html, re.DOTALL)


def read(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(ROOT.parent).as_posix())
def template(request) -> str:
    return read(request.param)


def test_nothing_inline(template):
    assert not re.findall(r"\sstyle\s*=", template)
    assert not re.findall(r"<[^>]*\son[a-z]+\s*=", template)
    assert "javascript:" not in template
    assert "hx-on" not in template
    assert "js:" not in re.findall(r"hx-\w+=\"([^\"]*)", template)
    assert all("src=" in script or JSON_LD in script for script in tags(template, "script"))
    assert not tags(template, "style")


def test_nothing_from_elsewhere(template):
    for tag in ("script", "link", "img", "iframe"):
        assert not [
            found for found in tags(template, tag) if re.search(r"=['\"](https?:)?//", found)
        ]


def test_nothing_unescaped(template):
    assert not re.findall(r"\|\s*safe\b", template)
    assert "autoescape false" not in template


def test_pictures_keep_their_place_and_have_a_text(template):
    for picture in tags(template, "img"):
        assert " alt=" in picture, picture
        assert "width=" in picture, picture
        assert "height=" in picture, picture


def test_forms_that_change_something_carry_the_token(template):
    forms = re.findall(r"<form\b.*?</form>", template, re.DOTALL)
    for form in forms:
        if re.search(r"method=['\"]post['\"]", form, re.IGNORECASE):
            assert "csrf" in form or "hidden_tag" in form, form[:200]


def test_tables_have_a_name(template):
    for table in re.findall(r"<table\b.*?</table>", template, re.DOTALL):
        assert "<caption" in table or "aria-label" in table, table[:200]


def test_icons_are_in_the_sprite(template):
    assert set(ICON.findall(template)) - sprite() == set()


def test_the_icons_of_states_and_menus_are_in_the_sprite():
    named = {look.glyph for looks in STATES.values() for look in looks.values()}
    for menu in (desks.SELLER, desks.ALLIANCE, desks.OPERATOR):
        named |= {entry.glyph for _, entries in menu for entry in entries}

    assert named - sprite() - {""} == set()


def sprite() -> set[str]:
    text = (ROOT / "img" / "icons.svg").read_text("utf-8")
    return set(re.findall(r'<symbol id="([^"]+)"', text))
