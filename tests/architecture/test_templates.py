"""House rules of templates."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.relative_to(ROOT).parts]

TAG = re.compile(
    r"<(?P<name>[a-z][a-z0-9-]*)\b(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def tags(path: Path) -> list[tuple[int, str, str]]:
    """Each tag of a template: its line, its name and its attributes, Jinja blanked out."""
    text = path.read_text()
    plain = JINJA.sub(lambda match: re.sub(r"[^\n]", "~", match[0]), text)
    return [
        (plain.count("\n", 0, match.start()) + 1, match["name"], match["rest"])
        for match in TAG.finditer(plain)
    ]


def names(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=names)
class TestPage:
    def test_has_nothing_inline(self, path: Path):
        offences = [
            f"{line}: {name}"
            for line, name, rest in tags(path)
            if re.search(r"\s(style|on[a-z]+)\s*=", rest)
            or name == "style"
            or (name == "script" and "src" not in rest and "application/ld+json" not in rest)
        ]

        assert offences == []

    def test_pictures_say_what_they_show_and_how_big_they_are(self, path: Path):
        offences = [
            f"{line}: {missing}"
            for line, name, rest in tags(path)
            if name == "img" and "~" not in re.sub(r"\"[^\"]*\"", "", rest)
            for missing in ("alt", "width", "height")
            if not re.search(rf"\s{missing}\s*=", rest)
        ]

        assert offences == []

    def test_the_title_leaves_the_errors_of_the_form_to_the_layout(self, path: Path):
        title = re.search(r"{% block title %}.*", path.read_text())

        assert title is None or path.name == "layout.html" or "if form.errors" not in title[0]

    def test_forms_name_their_method(self, path: Path):
        offences = [
            line
            for line, name, rest in tags(path)
            if name == "form" and not re.search(r"\smethod\s*=", rest)
        ]

        assert offences == []

    def test_forms_that_change_something_carry_the_token(self, path: Path):
        text = path.read_text()
        for form in re.finditer(r"<form\b.*?</form>", text, re.DOTALL):
            if re.search(r"method=\"post\"", form[0], re.IGNORECASE):
                # TOKEN stands in a part that is kept; each reader's own is put in its place.
                assert re.search(r"csrf|hidden_tag|\bTOKEN\b", form[0]), form[0][:120]


def test_every_template_compiles(app: Flask):
    for path in TEMPLATES:
        app.jinja_env.get_template(names(path))

    assert TEMPLATES
