"""Vietnamese text: folding for search, slugs, alphabetical order, spelling of tones.

Text is stored in NFC. The alphabet is a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y,
with f j w z in their Latin places; the tones follow as none, huyền, hỏi, ngã, sắc, nặng.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

MEMO_LENGTH: Final = 25
"""How many characters of a transfer memo every bank keeps (EMVCo field 62-08)."""

_PLAIN_D: Final = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "\u2019": "'"})
_APOSTROPHE: Final = str.maketrans({"\u2019": "'"})
_SPACES: Final = re.compile(r"\s+")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_NOT_MEMO: Final = re.compile(r"[^A-Z0-9]+")


def fold(text: str) -> str:
    """`text` for searching: without tones, marks, case and double spaces; đ becomes d.

    Both sides of a search go through here, so "cà phê", "CA PHE" and a decomposed (NFD) "cà phê"
    meet. Folding twice changes nothing.
    """
    # đ has no decomposition: without the translation it would survive the removal of marks.
    compatible = unicodedata.normalize("NFKC", text).lower().translate(_PLAIN_D)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", compatible)
        if not unicodedata.combining(letter)
    )
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def slug(text: str) -> str:
    """`text` as a piece of a URL: "Cà phê Đắk Lắk" is "ca-phe-dak-lak". May be empty."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def ascii_memo(text: str, length: int = MEMO_LENGTH) -> str:
    """`text` as banks let a memo pass: capitals, digits, single spaces, cut to `length`."""
    return _NOT_MEMO.sub(" ", fold(text).upper()).strip()[:length].strip()


def initials(text: str) -> str:
    """The first letters of the first and the last word, in capitals, for a monogram.

    A Vietnamese name ends with the given name: "Nguyễn Văn Tuấn" is "NT". One word gives one
    letter, text without letters or digits gives none.
    """
    words = [
        word.lstrip("".join(_IDLE))
        for word in unicodedata.normalize("NFC", text).split()
        if any(letter.isalnum() for letter in word)
    ]
    if not words:
        return ""
    ends = words[:1] + words[1:][-1:]
    return "".join(next(letter for letter in word if letter.isalnum()) for word in ends).upper()


# --- order ------------------------------------------------------------------------------------

_PUNCTUATION: Final = "_-\u2013\u2014,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # in ICU's order
_IDLE: Final = tuple("'\"([{")
_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_OTHER_MARK: Final = "6"
_LEVEL: Final = "!"  # below every weight, so that a shorter text sorts first
_FOREIGN: Final = "~"  # above every weight
_FIRST_WEIGHT: Final = ord('"')
_WEIGHTS: Final = {
    symbol: chr(_FIRST_WEIGHT + position)
    for position, symbol in enumerate(" " + _PUNCTUATION + "0123456789" + _LETTERS)
}


def sort_key(text: str) -> str:
    r"""An ASCII string whose byte order is the Vietnamese alphabetical order of `text`.

    Stored beside a name and sorted with `COLLATE "C"`, it gives the order of ICU's `vi` collation
    for text of Latin letters, digits, spaces and common punctuation: letters first, over the whole
    text; only then tones; only then lower before upper case. Other scripts follow after z, by code
    point. At most three characters per letter (seven for other scripts) and two more.
    """
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for symbol in unicodedata.normalize("NFKC", text).translate(_APOSTROPHE):
        tone, base = _without_tone(" " if symbol.isspace() else symbol)
        if base == "" or unicodedata.category(base[0]) == "Cc":
            continue
        lower = base.lower()
        letters.append(_WEIGHTS.get(lower) or "".join(f"{_FOREIGN}{ord(c):06x}" for c in lower))
        tones.append(tone)
        cases.append("0" if base == lower else "1")
    return _LEVEL.join(("".join(letters), "".join(tones).rstrip("0"), "".join(cases).rstrip("0")))


def _without_tone(symbol: str) -> tuple[str, str]:
    """The tone's rank and the letter without it; marks that make a letter (ă, ơ) stay."""
    tone, kept = "0", ""
    for part in unicodedata.normalize("NFD", symbol):
        if part in _TONES:
            tone = _TONES[part]
        else:
            kept += part
    base = unicodedata.normalize("NFC", kept)
    if len(base) == 1 and base.lower() not in _WEIGHTS:
        plain = unicodedata.normalize("NFD", base)[0]
        if plain.lower() in _WEIGHTS:  # a foreign accent, such as the ü of a brand
            return _OTHER_MARK, plain
    return tone, base


# --- spelling -----------------------------------------------------------------------------------


def _tone_moves() -> Iterator[tuple[re.Pattern[str], str]]:
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            newer = unicodedata.normalize("NFC", first + second + tone)
            older = unicodedata.normalize("NFC", first + tone + second)
            for write in (str.lower, str.capitalize, str.upper):
                yield re.compile(rf"(?<![qQ]){write(newer)}(?![^\W\d_])"), write(older)


_TONE_MOVES: Final = tuple(_tone_moves())


def canon_tone(text: str) -> str:
    """`text` in NFC with the tone where the older spelling has it: hoà is hòa, thuỷ is thủy.

    Two spellings of oa, oe, uy at the end of a syllable live side by side; only these move
    (quý and hoàng stay).
    """
    text = unicodedata.normalize("NFC", text)
    for pattern, replacement in _TONE_MOVES:
        text = pattern.sub(replacement, text)
    return text
