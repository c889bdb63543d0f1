"""The words by which a product is found."""

import json

import pytest

from marketplace.catalogue.categories import DATA
from marketplace.catalogue.words import search_text, synonyms_of
from marketplace.kernel.text import fold


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Ngô nếp tươi Mộc Châu", "bắp"),
        ("Bắp nếp tươi", "ngô"),
        ("Thịt lợn đen gác bếp", "heo"),
        ("Xúc xích heo", "lợn"),
        ("Dứa Queen Đồng Giao", "khóm"),
        ("Khóm Cầu Đúc", "thơm"),
        ("Lạc đỏ Diễn Châu", "đậu phộng"),
        ("Vừng đen", "mè"),
        ("Chè Shan tuyết cổ thụ", "trà"),
        ("Trà ô long", "chè"),
        ("Kỷ tử sấy", "câu kỷ tử"),
        ("Bột trà xanh", "chè"),
        ("Hồ tiêu đen Chư Sê", "hạt tiêu"),
    ],
)
def test_adds_what_other_regions_say(name, also):
    assert also in synonyms_of([name])


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("Gạo thơm ST25", "dứa"),  # fragrant, no pineapple
        ("Miến dong Na Rì", "mãng cầu"),  # a place
        ("Cá tra phi lê", "chè"),  # tra is no trà
        ("Mật ong Nậm Lạc", "đậu phộng"),  # a place
        ("Cà phê sạch", "trà"),
    ],
)
def test_does_not_take_one_word_for_another(name, never):
    assert never not in synonyms_of([name])


def test_finds_a_word_in_either_spelling_of_the_tone_and_in_nfd():
    nfd = "Mè đen"

    assert "vừng" in synonyms_of([nfd])


def test_folds_and_keeps_phrases_apart():
    text = search_text(
        things=("Ngô nếp", "", "Sticky corn", "Ngô nếp"), places=("HTX Mộc Châu", "son la")
    )

    assert text == "ngo nep ; sticky corn ; ngo ; bap ; htx moc chau ; son la"


def test_every_word_of_the_categories_is_written_once():
    tree = json.loads(DATA.read_text("utf-8"))
    leaves = [child for top in tree for child in top["children"]]
    rows = [*tree, *leaves]

    assert (len(tree), len(leaves)) == (13, 50)
    assert len({row["slug"] for row in rows}) == 63
    assert all(row["name_vi"] and row["name_en"] for row in rows)
    assert len({fold(row["name_vi"]) for row in rows}) == 63
