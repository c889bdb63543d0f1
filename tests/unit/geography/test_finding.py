"""Places as people write them, old names too, and distances."""

import pytest

from marketplace.geography.distances import distance_km
from marketplace.geography.finding import find_place
from marketplace.geography.queries import province, provinces


@pytest.mark.parametrize(
    ("text", "codes", "former"),
    [
        ("Bình Dương", ("79",), "Bình Dương"),
        ("binh duong", ("79",), "Bình Dương"),
        ("  tỉnh   Bình Dương ", ("79",), "Bình Dương"),
        ("phường Thủ Dầu Một, tỉnh Bình Dương", ("79",), "Bình Dương"),
        ("Bà Rịa - Vũng Tàu", ("79",), "Bà Rịa - Vũng Tàu"),
        ("Đắk Nông", ("68",), "Đắk Nông"),
        ("Đắk Lắk", ("66",), ""),
        ("TP HCM", ("79",), ""),
        ("Sài Gòn", ("79",), ""),
        ("Bắc Ninh", ("24",), ""),
        ("Bắc Giang", ("24",), "Bắc Giang"),
        ("Bình", (), ""),
        ("", (), ""),
    ],
)
def test_names(text, codes, former):
    found = find_place(text)

    if not codes:
        assert found is None
    else:
        assert (found.codes, found.former) == (codes, former)


def test_every_former_name_leads_to_its_province_of_today():
    for each in provinces():
        for name in each.former_names:
            assert each.code in find_place(name).codes
            assert find_place(name).former == name


def test_distances():
    hanoi, saigon = province("01"), province("79")

    assert distance_km(hanoi, hanoi) == 0
    assert distance_km(hanoi, saigon) == distance_km(saigon, hanoi) == 1131
