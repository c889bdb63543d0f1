"""The catalogues of other languages: compiled for use, and checked to be complete."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from marketplace.platform.config import ROOT
from marketplace.platform.translation import FOLDER

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

SOURCES = ("marketplace/**/*.py", "blueprints/**/*.py", "models/**/*.py")
TEMPLATES = (
    "templates/**/*.html",
    "templates/**/*.txt",
    "templates/**/*.xml",
    "templates/**/*.typ",
)
PYTHON_KEYWORDS = {
    "_": None,
    "mark": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}


def compile_catalogues() -> int:
    """Write each `messages.mo` that is missing or older than its `.po`; return how many."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - not in web processes
    from babel.messages.pofile import read_po  # noqa: PLC0415

    written = 0
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(".mo.new")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
        written += 1
    return written


def extracted(root: Path = ROOT) -> dict[str, list[str]]:
    """Every text that the code marks, with the places it is written: `{text: ["path:line"]}`."""
    from babel.messages.extract import extract_from_file  # noqa: PLC0415 - not in web processes

    found: dict[str, list[str]] = {}
    for method, patterns in (("python", SOURCES), ("jinja2.ext:babel_extract", TEMPLATES)):
        for path in _files(root, patterns):
            for line, texts, *_ in extract_from_file(method, path, keywords=PYTHON_KEYWORDS):
                for text in [texts] if isinstance(texts, str) else texts:
                    if text:
                        found.setdefault(text, []).append(f"{path.relative_to(root)}:{line}")
    return found


def mistakes() -> list[str]:
    """What is wrong with the English catalogue, one line each; empty when nothing is."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - not in web processes

    source = FOLDER / "en" / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        catalogue = read_po(file, locale="en")
    english: dict[str, list[str]] = {}
    for message in catalogue:
        if message.id and not message.fuzzy:
            ids, texts = _all(message.id), _all(message.string)
            english.update(dict.fromkeys(ids, texts))
    return [
        complaint
        for text, places in sorted(extracted().items())
        for complaint in _complaints(text, places[0], english.get(text))
    ]


def _complaints(text: str, place: str, translations: list[str] | None) -> Iterator[str]:
    if not translations or not all(translations):
        yield f"{place}: no English for {text!r}"
        return
    wanted = set(PLACEHOLDER.findall(text)) - {"num"}
    for translation in translations:
        given = set(PLACEHOLDER.findall(translation)) - {"num"}
        if given != wanted:
            yield f"{place}: {text!r} has {sorted(wanted)}, its English {sorted(given)}"


def _all(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _files(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted(path for pattern in patterns for path in root.glob(pattern))
