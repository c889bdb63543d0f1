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
ICON = re.compile(r"""(?:icon\(|glyph=)['"]([^'"]+)['"]""")


def tags(html: str, name: str) -> list[str]:
    """The start tags of a name, with what templates put into them."""
    return re.findall(rf"<{name}\b(?:[^>{{]|\{{\{{.*?\}}\}}|\{{%.*?%\}}|\{{)*>", html, re.DOTALL)


def read(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(ROOT.parent).as_posix())
def template(request) -> str:
    return read(request.param)


def test_nothing_from_elsewhere(template):
    for tag in ("script", "link", "img", "iframe"):
        assert not [
            found for found in tags(template, tag) if re.search(r"=['\"](https?:)?//", found)
        ]


def test_nothing_unescaped(template):
    assert not re.findall(r"\|\s*safe\b", template)
    assert "autoescape false" not in template


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
