"""What is different between two versions of a contract, line by line."""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.contracts.lines import Line, lines_of
from marketplace.contracts.terms import Terms

__all__ = ["Difference", "Line", "differences", "lines_of"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that was added (`before` empty), taken away (`after` empty), or changed."""

    key: str
    label: str
    before: str
    after: str


def differences(
    before: Terms, after: Terms, *, scheme_name: Callable[[str], str] = str
) -> list[Difference]:
    """Every line that does not say the same, in the order of the later version.

    What was taken away stands last. Texts are in the reader's language.
    """
    old = {each.key: each for each in lines_of(before, scheme_name=scheme_name)}
    new = {each.key: each for each in lines_of(after, scheme_name=scheme_name)}
    found = []
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        # A clause's title is its label: another title is another line to agree to.
        if was != now:
            found.append(
                Difference(
                    key, (now or was or Line(key, "", "")).label, _said(was, now), _said(now, was)
                )
            )
    return found


def _said(line: Line | None, other: Line | None) -> str:
    """What a line says, with its label where only the label tells the two apart."""
    if line is None:
        return ""
    if other is not None and other.text == line.text:
        return f"{line.label}: {line.text}"
    return line.text
