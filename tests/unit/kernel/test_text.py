"""Vietnamese text: folding, slugs, memos, order, spelling."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.text import (
    ascii_memo,
    canon_tone,
    fold,
    initials,
    slug,
    sort_key,
)

# As ICU 78 sorts them with the collation "vi" (PyICU 2.17); strictly ascending.
_ICU_ROW = (
    "3 lá|a|A|á|Á|an|ăn|ân|ba|bà|bả|bã|bá|bạ|bạc|Bạc|ban|bàn|bán|bạn|bắc|Bắc|băng|bằng|bân|ca|Ca|"
    "CA|cà|cá|cà phê|Cà phê|cà phê 10|cà phê 2|cà phê chồn|cà-phê cà_phê|cam|cấm|cần|chanh|chè|"
    "cua|d|D|da|dà|Dak Lak|dâu|dưa|dừa|dứa|đ|Đ|đa|đà|Đà|Đăk Lăk|Đắk Lắk|đậu|đường|Đường|e|"
    "Ea H'leo|Ea Hleo|Ea Tu|em|ê|ế|ệ|Fuji|gà|gao|gạo|ghẹ|hành|hạt|hoa|hoà|hòa|hóa|hồ|hổ|hố|i|ì|"
    "im|Jambu|kem|kẹo|khoai|lạc|lúa|mật|mì|mít|muối|na|nấm|nem|nghệ|ngo|ngò|ngô|nhãn|nho|o|oi|ô|"
    "ồ|ổi|ơ|ở|ớt|pho|phở|quả|quýt|rau|râu|sả|sầu|thơm|tiêu|tỏi|tôm|trà|u|ư|ừ|ứ|ưa|vài|vải|vú|"
    "vừng|wasabi|xoài|y|ý|yến|zin"
)
IN_ICU_ORDER = _ICU_ROW.split("|")

PUNCTUATION_IN_ICU_ORDER = " _-\u2013\u2014,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$09a"

_TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
_SYLLABLES = [
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES
]
vietnamese = st.text(
    st.sampled_from([*_SYLLABLES, *map(str.upper, _SYLLABLES), *"bcdđghklmnpqrstvxBCDĐ 0123456789"])
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cà phê Đắk Lắk", "ca phe dak lak"),
        ("  ĐƯỜNG \t thốt\nnốt ", "duong thot not"),
        ("Ea H\u2019Leo", "ea h'leo"),
        ("Ðà Nẵng", "da nang"),
        ("½ kg", "1\u20442 kg"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
@settings(max_examples=300)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(vietnamese)
@settings(max_examples=300)
def test_composed_and_decomposed_text_fold_alike_and_to_ascii(text):
    folded = fold(unicodedata.normalize("NFC", text))

    assert folded == fold(unicodedata.normalize("NFD", text))
    assert folded.isascii()
    assert folded == fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cà phê rang xay, loại 1 \u2013 Đắk Lắk", "ca-phe-rang-xay-loai-1-dak-lak"),
        ("  --Gạo ST25!", "gao-st25"),
        ("???", ""),
    ],
)
def test_slug(text, expected):
    assert slug(text) == expected


def test_a_memo_is_what_banks_let_pass():
    assert ascii_memo("Thanh toán đơn hàng CM-1/2.") == "THANH TOAN DON HANG CM 1"
    assert ascii_memo("Hợp tác xã Cư M'gar", 10) == "HOP TAC XA"
    assert ascii_memo("!!!") == ""


@given(st.text(), st.integers(1, 60))
def test_a_memo_is_short_ascii_capitals(text, length):
    memo = ascii_memo(text, length)

    assert len(memo) <= length
    assert memo == memo.strip()
    assert set(memo) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Văn Tuấn", "NT"),
        ("đinh ánh", "ĐÁ"),
        ("Út", "Ú"),
        ('HTX "Cư M\'gar"', "HM"),
        ("\u2013 (Ban quản trị) \u2013", "BT"),
        ("…", ""),
        ("", ""),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_names_sort_as_icu_sorts_them():
    for before, after in pairwise(IN_ICU_ORDER):
        assert sort_key(before) < sort_key(after), (before, after)


def test_punctuation_sorts_as_icu_sorts_it():
    for before, after in pairwise(PUNCTUATION_IN_ICU_ORDER):
        assert sort_key(before) < sort_key(after), (before, after)


def _by_levels(text):
    """The same order written down another way: compare letters, then tones, then case."""
    alphabet = " 0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    letters, tones, cases = [], [], []
    for symbol in text:
        parts = unicodedata.normalize("NFD", symbol)
        tone = next((mark for mark in _TONES[1:] if mark in parts), "")
        letter = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
        letters.append(alphabet.index(letter.lower()))
        tones.append(_TONES.index(tone))
        cases.append(letter != letter.lower())
    return letters, tones, cases


@given(vietnamese, vietnamese)
@settings(max_examples=500)
def test_bytes_of_the_key_sort_like_the_three_levels(one, other):
    bytewise = sort_key(one).encode() < sort_key(other).encode()

    assert bytewise == (_by_levels(one) < _by_levels(other))
    assert (sort_key(one) == sort_key(other)) == (one == other)


@given(st.text())
@settings(max_examples=300)
def test_a_key_is_printable_ascii_and_the_same_for_nfd(text):
    key = sort_key(text)

    assert key.isascii()
    assert key == "" or key.isprintable()
    assert key == sort_key(unicodedata.normalize("NFD", text))


def test_other_scripts_follow_after_z():
    assert sort_key("zzz") < sort_key("東京")


def test_a_foreign_accent_sorts_with_its_letter():
    assert sort_key("u") < sort_key("ü") < sort_key("ư")


def test_a_typographic_apostrophe_sorts_as_the_plain_one():
    assert sort_key("Ea H\u2019Leo") == sort_key("Ea H'Leo")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoà", "hòa"),
        ("Hoà Bình", "Hòa Bình"),
        ("THUỶ", "THỦY"),
        ("khoẻ", "khỏe"),
        ("quý", "quý"),
        ("Quỳ Hợp", "Quỳ Hợp"),
        ("hoàng", "hoàng"),
        ("huỳnh", "huỳnh"),
        ("hoa\u0300", "hòa"),
    ],
)
def test_the_tone_moves_where_two_spellings_live(text, expected):
    assert canon_tone(text) == expected
