"""The map of the provinces: its file, the islands, the classes."""

import re
from pathlib import Path

import pytest

from blueprints.enterprise.sourcing_page import ARCHIPELAGOS
from marketplace.geography.queries import province, provinces
from marketplace.reporting.maps import HEIGHT, WIDTH, classes_of, on_map
from tests.outlines import FILE, draw, islands

ISLANDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "properties": {"code": "48"},
            "geometry": {"type": "Polygon", "coordinates": [[[108, 16], [108, 16], [109, 16]]]},
        },
        {
            "properties": {"archipelago": "Hoàng Sa", "province": "Đà Nẵng"},
            "geometry": {"type": "MultiPoint", "coordinates": [[111.6, 16.5], [112.3, 16.8]]},
        },
    ],
}


class TestFile:
    def test_holds_every_province_once_and_is_small(self):
        text = FILE.read_text(encoding="utf-8")

        codes = re.findall(r'<path id="p(\d\d)"', text)
        assert sorted(codes) == sorted(each.code for each in provinces())
        assert FILE.stat().st_size < 80_000
        assert "Natural Earth (public domain)" in text

    def test_every_province_lies_around_its_point(self):
        text = FILE.read_text(encoding="utf-8")
        for code, path in re.findall(r'<path id="p(\d\d)" d="([^"]+)"', text):
            points = [tuple(map(int, pair.split())) for pair in re.findall(r"\d+ \d+", path)]
            x, y = on_map(province(code).lon, province(code).lat)
            columns, rows = zip(*points, strict=True)
            assert min(columns) <= x <= max(columns)
            assert min(rows) <= y <= max(rows)
            assert min(columns) >= 0
            assert max(columns) <= WIDTH
            assert max(rows) <= HEIGHT

    def test_is_drawn_without_repeated_points(self):
        assert '<path id="p48" d="M234 293L270 293Z"/>' in draw(ISLANDS)

    def test_is_what_the_pages_ask_for(self):
        assert Path("static/img/vietnam.svg") == FILE.relative_to(FILE.parents[2])


class TestArchipelagos:
    def test_both_belong_to_their_provinces(self):
        assert {code: name for code, (name, _at, _islands) in ARCHIPELAGOS.items()} == {
            "48": "Hoàng Sa",
            "56": "Trường Sa",
        }

    def test_lie_at_their_true_place(self):
        assert islands(ISLANDS) == {"Hoàng Sa": list(ARCHIPELAGOS["48"][2][:2])}
        assert on_map(114.4, 10.4) == ARCHIPELAGOS["56"][2][0]


class TestClasses:
    def test_nothing_is_a_class_of_its_own(self):
        classes = classes_of({"01": 0, "04": 7})

        assert classes.of == {"01": 0, "04": 1}
        assert (classes.bottoms, classes.tops) == ([7], [7])

    def test_about_the_same_number_in_each(self):
        classes = classes_of({str(number): number for number in range(1, 11)})

        assert [classes.of[str(number)] for number in range(1, 11)] == [
            1,
            1,
            2,
            2,
            3,
            3,
            4,
            4,
            5,
            5,
        ]
        assert (classes.bottoms, classes.tops) == ([1, 3, 5, 7, 9], [2, 4, 6, 8, 10])

    @pytest.mark.parametrize("values", [{}, {"01": 0}])
    def test_without_values_there_is_no_class(self, values):
        assert classes_of(values).tops == []

    def test_equal_values_are_in_the_same_class(self):
        assert set(classes_of({str(number): 5 for number in range(9)}).of.values()) == {1}
