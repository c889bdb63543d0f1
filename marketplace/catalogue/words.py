"""The words by which a product is found: its own, and those that people say instead.

Half the country says bắp, the other half ngô. The search text of a product carries both, folded,
so that a search needs no list of synonyms of its own.
"""

import re
from collections.abc import Iterable
from typing import Final

from marketplace.kernel.text import canon_tone, fold

SYNONYMS: Final[tuple[tuple[str, ...], ...]] = (
    ("ngô", "bắp"),
    ("lợn", "heo"),
    ("dứa", "khóm", "thơm"),
    ("lạc", "đậu phộng"),
    ("vừng", "mè"),
    ("chè", "trà"),
    ("sắn", "khoai mì"),
    ("đậu tương", "đậu nành"),
    ("chanh leo", "chanh dây"),
    ("na", "mãng cầu"),
    ("nghêu", "ngao"),
    ("cá lóc", "cá quả", "cá chuối"),
    ("miến", "bún tàu"),
    ("bánh tráng", "bánh đa"),
    ("kỷ tử", "kỳ tử", "câu kỷ tử"),
    ("hồ tiêu", "hạt tiêu", "tiêu"),
    ("hoa hồi", "đại hồi", "hồi"),
    ("ớt hiểm", "ớt chỉ thiên"),
    ("nấm hương", "nấm đông cô"),
    ("mộc nhĩ", "nấm mèo"),
    ("mắc ca", "macadamia", "mắc-ca"),
    ("hạt điều", "đào lộn hột"),
    ("ca cao", "cacao"),
    ("sô-cô-la", "socola", "chocolate"),
    ("cà phê", "cafe", "coffee"),
    ("trứng", "hột"),
    ("súp lơ", "bông cải"),
    ("mùi", "ngò"),
    ("hồng xiêm", "sa pô chê"),
    ("thanh long", "dragon fruit"),
    ("sữa chua", "da ua", "yaourt"),
    ("nước mắm", "mắm nhĩ"),
    ("củ đậu", "sắn nước"),
    ("atiso", "artichoke", "a-ti-sô"),
)
"""Words that mean the same thing to a buyer, from one region or another."""

NOT_TRIGGERS: Final = frozenset({"thơm", "mùi", "hồi", "hột", "tiêu"})
"""Words that mean other things too (gạo thơm is no pineapple): added, but never taken as a sign."""

BETWEEN: Final = " ; "
"""Stands between phrases, so that no phrase is found across two of them."""


def synonyms_of(phrases: Iterable[str]) -> tuple[str, ...]:
    """What else people call the things that `phrases` name, in the order of the table.

    Tones count (chè is tea, che is not), and a capital inside a phrase is a name, not a thing:
    "Miến dong Na Rì" is from Na Rì and has no custard apple in it.
    """
    texts = [_with_small_start(canon_tone(phrase)) for phrase in phrases]
    found: dict[str, None] = {}
    for group in _GROUPS:
        if any(sign.search(text) for sign in group.signs for text in texts):
            found.update(dict.fromkeys(group.words))
    return tuple(found)


def search_text(things: Iterable[str], places: Iterable[str]) -> str:
    """The folded text in which a product is searched.

    Args:
        things: its names, its categories: what it is. Synonyms are added to these.
        places: who makes it and where: names of people and places, which have no synonyms.
    """
    named = [thing for thing in things if thing]
    phrases = (*named, *synonyms_of(named), *places)
    return BETWEEN.join(dict.fromkeys(fold(phrase) for phrase in phrases if phrase))


class _Group:
    """Words that mean the same, and the patterns by which they are noticed."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self.signs = tuple(
            re.compile(rf"(?<!\w){re.escape(canon_tone(word))}(?!\w)")
            for word in words
            if word not in NOT_TRIGGERS
        )


_GROUPS: Final = tuple(_Group(words) for words in SYNONYMS)


def _with_small_start(text: str) -> str:
    return text[:1].lower() + text[1:]
