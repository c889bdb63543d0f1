"""Places: 34 provinces, 6 regions, 3,321 communes, and what they were called when."""

from collections import Counter
from datetime import date

import pytest

from marketplace.geography import queries
from marketplace.geography.errors import (
    ProvinceNotFoundError,
    RegionNotFoundError,
    UnknownCommuneError,
    UnknownProvinceError,
)
from marketplace.geography.places import CommuneKind, ProvinceKind
from marketplace.kernel.text import canon_tone, fold, slug, sort_key

NOVEMBER = date(2026, 11, 22)

FORMER_63 = """
01 Hà Nội; 02 Hà Giang; 04 Cao Bằng; 06 Bắc Kạn; 08 Tuyên Quang; 10 Lào Cai; 11 Điện Biên;
12 Lai Châu; 14 Sơn La; 15 Yên Bái; 17 Hòa Bình; 19 Thái Nguyên; 20 Lạng Sơn; 22 Quảng Ninh;
24 Bắc Giang; 25 Phú Thọ; 26 Vĩnh Phúc; 27 Bắc Ninh; 30 Hải Dương; 31 Hải Phòng; 33 Hưng Yên;
34 Thái Bình; 35 Hà Nam; 36 Nam Định; 37 Ninh Bình; 38 Thanh Hóa; 40 Nghệ An; 42 Hà Tĩnh;
44 Quảng Bình; 45 Quảng Trị; 46 Thừa Thiên Huế; 48 Đà Nẵng; 49 Quảng Nam; 51 Quảng Ngãi;
52 Bình Định; 54 Phú Yên; 56 Khánh Hòa; 58 Ninh Thuận; 60 Bình Thuận; 62 Kon Tum; 64 Gia Lai;
66 Đắk Lắk; 67 Đắk Nông; 68 Lâm Đồng; 70 Bình Phước; 72 Tây Ninh; 74 Bình Dương; 75 Đồng Nai;
77 Bà Rịa - Vũng Tàu; 79 Hồ Chí Minh; 80 Long An; 82 Tiền Giang; 83 Bến Tre; 84 Trà Vinh;
86 Vĩnh Long; 87 Đồng Tháp; 89 An Giang; 91 Kiên Giang; 92 Cần Thơ; 93 Hậu Giang; 94 Sóc Trăng;
95 Bạc Liêu; 96 Cà Mau
"""
FORMER_NAMES = [row.strip().split(" ", 1)[1] for row in FORMER_63.split(";")]


def test_nine_cities_and_twenty_five_provinces():
    kinds = Counter(unit.kind for unit in queries.provinces())

    assert kinds == {ProvinceKind.CITY: 9, ProvinceKind.PROVINCE: 25}


def test_provinces_come_in_the_order_of_the_alphabet():
    names = [unit.name for unit in queries.provinces()]

    assert names == sorted(names, key=sort_key)
    assert names[:6] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]


def test_codes_and_slugs_name_one_province_each():
    assert len({unit.code for unit in queries.provinces()}) == 34
    for unit in queries.provinces():
        assert queries.province(unit.code) is unit
        assert queries.province_by_slug(unit.slug) is unit
        assert unit.slug == slug(unit.name)


def test_points_lie_in_the_country():
    for unit in queries.provinces():
        assert 8 < unit.lat < 24
        assert 102 < unit.lon < 110


def test_six_regions_hold_every_province_once():
    members = {
        region.id: {unit.code for unit in queries.provinces_of_region(region.id)}
        for region in queries.regions()
    }

    assert members == {
        "mien-nui-phia-bac": {"04", "08", "11", "12", "14", "15", "19", "20", "25"},
        "dong-bang-song-hong": {"01", "22", "24", "31", "33", "37"},
        "bac-trung-bo": {"38", "40", "42", "44", "46"},
        "tay-nguyen-nam-trung-bo": {"48", "51", "52", "56", "66", "68"},
        "dong-nam-bo": {"75", "79", "80"},
        "dong-bang-song-cuu-long": {"82", "86", "91", "92", "96"},
    }


def test_regions_are_named_in_two_languages():
    region = queries.region_of("66")

    assert region.slug == region.id == "tay-nguyen-nam-trung-bo"
    assert region.vi == "Duyên hải Nam Trung Bộ và Tây Nguyên"
    assert region.en == "South Central Coast and Central Highlands"


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("22", date(2026, 8, 31), "Tỉnh Quảng Ninh"),
        ("22", date(2026, 9, 1), "Thành phố Quảng Ninh"),
        ("24", date(2025, 6, 30), "Tỉnh Bắc Giang"),
        ("24", date(2025, 7, 1), "Tỉnh Bắc Ninh"),
        ("24", date(2026, 9, 20), "Thành phố Bắc Ninh"),
        ("46", date(2024, 12, 31), "Tỉnh Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "Thành phố Huế"),
        ("91", date(2025, 6, 30), "Tỉnh Kiên Giang"),
        ("91", NOVEMBER, "Tỉnh An Giang"),
        ("79", date(2000, 1, 1), "Thành phố Hồ Chí Minh"),
    ],
)
def test_a_name_holds_from_its_day(code, day, name):
    assert queries.full_name(code, on=day) == name


def test_names_in_english():
    assert queries.province("01").full_name_en == "Hanoi City"
    assert queries.province("79").full_name_en == "Ho Chi Minh City"
    assert queries.province("66").full_name_en == "Dak Lak Province"
    assert queries.province("66").full_name == "Tỉnh Đắk Lắk"


def test_every_former_name_leads_to_one_province():
    assert len(FORMER_NAMES) == 63
    for name in FORMER_NAMES:
        assert len(queries.province_codes_named(fold(name))) == 1, name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ben tre", "86"),
        ("Bến Tre", "86"),
        ("tỉnh Bến Tre", "86"),
        ("dak nong", "68"),
        ("Kiên Giang", "91"),
        ("Bà Rịa \u2013 Vũng Tàu", "79"),
        ("TP. HCM", "79"),
        ("Thành phố Hồ Chí Minh", "79"),
        ("sài gòn", "79"),
        ("Hanoi", "01"),
        ("Hoàng Sa", "48"),
        ("Trường Sa", "56"),
    ],
)
def test_a_province_is_found_by_any_of_its_names(text, code):
    assert queries.province_codes_named(text) == {code}


@pytest.mark.parametrize("text", ["", "tỉnh", "tỉnh Bến", "sầu riêng Tiền Giang", "Atlantis"])
def test_other_text_names_no_province(text):
    assert queries.province_codes_named(text) == frozenset()


def test_goods_are_searched_by_former_names_too():
    assert queries.search_words("86") == "vinh long ben tre tra vinh"
    assert queries.search_words("01") == "ha noi hanoi"


def test_the_communes_are_all_there():
    units = [unit for row in queries.provinces() for unit in queries.communes_of(row.code)]

    assert len(units) == len({unit.code for unit in units}) == 3321
    assert Counter(unit.kind for unit in units) == {
        CommuneKind.WARD: 709,
        CommuneKind.COMMUNE: 2599,
        CommuneKind.SPECIAL_ZONE: 13,
    }
    for unit in units:
        assert len(unit.code) == 5
        assert unit.code.isdecimal()
        assert unit.name == canon_tone(unit.name) == unit.name.strip()
        assert queries.find_commune(unit.code) is unit


def test_communes_come_in_the_order_of_the_alphabet():
    for row in queries.provinces():
        units = queries.communes_of(row.code)
        assert units == tuple(sorted(units, key=lambda unit: (sort_key(unit.name), unit.code)))
        assert {unit.province_code for unit in units} == {row.code}


def test_ba_che_has_its_right_code():
    assert queries.find_commune("06970").full_name == "Xã Ba Chẽ"
    assert queries.find_commune("06978") is None


def test_wards_of_2026_were_communes_before():
    changed = Counter(
        (unit.province_code, unit.was_xa_until)
        for row in queries.provinces()
        for unit in queries.communes_of(row.code)
        if unit.was_xa_until
    )

    assert changed == {("75", date(2026, 4, 30)): 10, ("24", date(2026, 9, 20)): 12}


def test_an_address_is_written_as_on_its_day():
    place = queries.require_place("75", "26368")

    assert place.written_on(date(2026, 4, 29)) == "Xã Long Thành, Tỉnh Đồng Nai"
    assert place.written_on(NOVEMBER) == "Phường Long Thành, Thành phố Đồng Nai"
    assert queries.require_place("66", None).written_on(NOVEMBER) == "Tỉnh Đắk Lắk"


def test_a_place_must_exist():
    with pytest.raises(UnknownProvinceError) as refusal:
        queries.require_place("83", None)
    assert refusal.value.details == {"province_code": "83"}

    for commune_code in ("26368", "99999", ""):
        with pytest.raises(UnknownCommuneError) as refusal:
            queries.require_place("66", commune_code)
        assert refusal.value.details == {"province_code": "66", "commune_code": commune_code}


def test_what_does_not_exist_is_not_found():
    assert queries.find_province("83") is None
    assert queries.find_region("mien-tay") is None
    for ask in (
        lambda: queries.province("83"),
        lambda: queries.province_by_slug("ben-tre"),
        lambda: queries.communes_of("83"),
        lambda: queries.full_name("83", on=NOVEMBER),
        lambda: queries.search_words("83"),
        lambda: queries.region_of("83"),
    ):
        with pytest.raises(ProvinceNotFoundError):
            ask()
    for ask in (lambda: queries.region("mien-tay"), lambda: queries.provinces_of_region("x")):
        with pytest.raises(RegionNotFoundError):
            ask()
