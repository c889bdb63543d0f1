"""The shapes of plots: read, measured, drawn."""

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.membership.errors import ShapeInvalidError
from marketplace.membership.land import shapes
from marketplace.membership.land.drawing import SIZE, plan_of
from marketplace.membership.land.measuring import area_m2, distance_m
from marketplace.membership.land.shapes import outlines, read_shape

FIELD = [
    [108.0500001, 12.7000001],
    [108.0521001, 12.7000001],
    [108.0521001, 12.7021001],
    [108.0500001, 12.7021001],
]


INNER = [
    [
        [108.0504001, 12.7004001],
        [108.0507001, 12.7004001],
        [108.0507001, 12.7007332],
        [108.0504001, 12.7007332],
    ],
    [
        [108.0505001, 12.7005001],
        [108.0506001, 12.7005001],
        [108.0506001, 12.7006001],
        [108.0505001, 12.7006001],
    ],
]
"""A pond within the field, and an island within the pond."""


def moved(ring, east):
    return [[round(x + east, 7), y] for x, y in ring]


def polygon(*ring, close=True):
    kept = list(ring) + ([ring[0]] if close else [])
    return {"type": "Polygon", "coordinates": [kept]}


def read(value):
    return read_shape(value if isinstance(value, str) else json.dumps(value))


class TestArea:
    @pytest.mark.parametrize(
        ("ring", "expected"),
        [
            # GeographicLib's own PolygonArea gives these (Karney 2013); the first is in ISO's
            # range of a coffee garden, the second an eighth of the globe.
            ([(108.0, 12.7), (108.0021, 12.7), (108.0021, 12.7021), (108.0, 12.7021)], 52_989.02),
            ([(0.0, 0.0), (90.0, 0.0), (0.0, 90.0)], 63_758_202_715_511.06),
        ],
    )
    def test_is_that_of_the_ellipsoid(self, ring, expected):
        assert area_m2(ring) == pytest.approx(expected, rel=1e-7)
        assert area_m2(ring[::-1]) == pytest.approx(expected, rel=1e-7)

    @given(
        st.floats(8.5, 23), st.floats(102.5, 109), st.floats(0.0002, 0.01), st.floats(0.0002, 0.01)
    )
    def test_of_a_small_rectangle_is_near_length_times_width(self, north, east, width, height):
        ring = [
            (east, north),
            (east + width, north),
            (east + width, north + height),
            (east, north + height),
        ]

        along, up = distance_m(ring[0], ring[1]), distance_m(ring[1], ring[2])

        assert area_m2(ring) == pytest.approx(along * up, rel=1e-3)


class TestReading:
    def test_a_feature_a_collection_and_a_multipolygon_of_one_are_a_polygon(self):
        plain = polygon(*FIELD)
        feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": plain}
        wrapped = [
            plain,
            feature,
            {"type": "FeatureCollection", "features": [feature]},
            {"type": "MultiPolygon", "coordinates": [plain["coordinates"]]},
            polygon(*FIELD, close=False),
            polygon(*FIELD[::-1]),
            polygon(FIELD[0], FIELD[0], *FIELD[1:]),
        ]

        read_all = [read(each) for each in wrapped]

        assert {each.area_m2 for each in read_all} == {52_989}
        for each in read_all:
            [ring] = each.geometry["coordinates"]
            assert ring[0] == ring[-1]
            assert len(ring) == 5
            assert each.warnings == ()
            turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(ring))
            assert turn < 0  # counter-clockwise

    def test_holes_are_taken_off_and_run_the_other_way(self):
        shape = read({"type": "Polygon", "coordinates": [FIELD, INNER[0]]})

        outer, hole = shape.geometry["coordinates"]
        assert shape.area_m2 == round(area_m2(FIELD) - area_m2(INNER[0])) == 51_788
        assert (outer[0], outer[-1], len(outer)) == (FIELD[0], FIELD[0], 5)
        assert hole == [INNER[0][place] for place in (0, 3, 2, 1, 0)]
        assert read(shape.geometry) == shape

    def test_parts_are_summed_and_one_may_lie_in_the_hole_of_another(self):
        with_hole, apart = [FIELD, INNER[0]], [moved(FIELD, 0.01)]
        shape = read({"type": "MultiPolygon", "coordinates": [with_hole, apart, [INNER[1]]]})

        assert shape.geometry["type"] == "MultiPolygon"
        assert [len(part) for part in shape.geometry["coordinates"]] == [2, 1, 1]
        total = 2 * area_m2(FIELD) - area_m2(INNER[0]) + area_m2(INNER[1])
        assert shape.area_m2 == round(total)
        assert [len(ring) for ring in outlines(shape.geometry)] == [4, 4, 4, 4]

    def test_a_point_has_no_area(self):
        shape = read({"type": "Point", "coordinates": [108.0512345, 12.7012345, 512.3]})

        assert shape.geometry == {"type": "Point", "coordinates": [108.0512345, 12.7012345]}
        assert shape.area_m2 is None
        assert shape.warnings == (shapes.HEIGHTS,)

    @pytest.mark.parametrize(
        ("written", "warning"),
        [
            ('{"type":"Point","coordinates":[108.05,12.7012345]}', shapes.COARSE),
            ('{"type":"Point","coordinates":[108,12]}', shapes.COARSE),
        ],
    )
    def test_what_may_be_wrong_is_said(self, written, warning):
        assert read(written).warnings == (warning,)

    @pytest.mark.parametrize(
        ("written", "why"),
        [
            ("", shapes.NOT_JSON),
            ("12.7, 108.05", shapes.NOT_JSON),
            ('{"type":"Point","coordinates":[NaN,1]}', shapes.NOT_JSON),
            ("[" * 100_000, shapes.NOT_JSON),
            ("9" * 200_001, shapes.TOO_LONG),
            ("[]", shapes.NO_SHAPE),
            ("null", shapes.NO_SHAPE),
            ('{"type":"FeatureCollection","features":7}', shapes.NO_SHAPE),
            ('{"type":"Feature","geometry":null}', shapes.NO_SHAPE),
            ({"type": "LineString", "coordinates": FIELD}, shapes.NOT_THIS_KIND),
            ({"type": "Point", "coordinates": [12.7, 108.05]}, shapes.SWAPPED),
            ({"type": "Point", "coordinates": ["108", "12"]}, shapes.NOT_NUMBERS),
            ({"type": "Point", "coordinates": [True, False]}, shapes.NOT_NUMBERS),
            ({"type": "Point", "coordinates": [1e308, 12]}, shapes.NOT_NUMBERS),
            ('{"type":"Point","coordinates":[1e999,12]}', shapes.NOT_NUMBERS),
            ({"type": "Point", "coordinates": []}, shapes.NOT_NUMBERS),
            ({"type": "Polygon", "coordinates": []}, shapes.NOT_NUMBERS),
            ({"type": "Polygon", "coordinates": [[]]}, shapes.TOO_FEW),
            (polygon(FIELD[0], FIELD[1]), shapes.TOO_FEW),
            (polygon(FIELD[0], FIELD[2], FIELD[1], FIELD[3]), shapes.CROSSES),
            (polygon(FIELD[0], FIELD[1], FIELD[2], FIELD[1]), shapes.CROSSES),
            (polygon(FIELD[0], FIELD[1], FIELD[2], FIELD[0], FIELD[3]), shapes.CROSSES),
            (polygon([108.0, 12.0], [108.01, 12.0], [108.02, 12.0]), shapes.CROSSES),
            (
                polygon([108.0, 12.0], [108.000005, 12.0], [108.000005, 12.000001]),
                shapes.TOO_SMALL,
            ),
            (polygon([107.0, 12.0], [108.0, 12.0], [108.0, 13.0]), shapes.TOO_LARGE),
            ('{"type":"Point","coordinates":[2.3522221,48.8566667]}', shapes.OUTSIDE),
            ({"type": "Point", "coordinates": [812345.6, 1405432.1]}, shapes.METRES),
            ({"type": "Point", "coordinates": [10**400, 12]}, shapes.NOT_NUMBERS),
            ({"type": "Polygon", "coordinates": [FIELD, FIELD]}, shapes.NOT_APART),
            ({"type": "Polygon", "coordinates": [FIELD, INNER[0], 7]}, shapes.NOT_NUMBERS),
            ({"type": "Polygon", "coordinates": [FIELD, moved(INNER[0], 0.01)]}, shapes.NOT_APART),
            ({"type": "Polygon", "coordinates": [FIELD, *INNER]}, shapes.NOT_APART),
            ({"type": "Polygon", "coordinates": [FIELD, INNER[0][:2]]}, shapes.TOO_FEW),
            ({"type": "MultiPolygon", "coordinates": []}, shapes.NOT_NUMBERS),
            ({"type": "MultiPolygon", "coordinates": [FIELD]}, shapes.NOT_NUMBERS),
            ({"type": "MultiPolygon", "coordinates": [[FIELD], [INNER[0]]]}, shapes.NOT_APART),
            (
                {"type": "MultiPolygon", "coordinates": [[FIELD], [moved(FIELD, 0.001)]]},
                shapes.NOT_APART,
            ),
            (polygon(*([108 + n / 1e5, 12.5] for n in range(501))), shapes.TOO_LONG),
            (
                {
                    "type": "FeatureCollection",
                    "features": [
                        {"type": "Feature", "geometry": polygon(*FIELD)},
                        {"type": "Feature", "geometry": polygon(*FIELD)},
                    ],
                },
                shapes.MANY_SHAPES,
            ),
        ],
    )
    def test_what_is_no_plot_is_refused_with_words(self, written, why):
        with pytest.raises(ShapeInvalidError) as refused:
            read(written)

        assert refused.value.details["why"] == why

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["type", "coordinates", "features", "geometry"]),
                    inner | st.sampled_from(["Polygon", "Point", "Feature", "FeatureCollection"]),
                )
            ),
        )
    )
    def test_nothing_else_ever_happens(self, value):
        try:
            shape = read(json.dumps(value))
        except ShapeInvalidError as error:
            assert error.details["why"]  # noqa: PT017 - either is fine, a crash is not
        else:
            assert shape.geometry["type"] in {"Point", "Polygon", "MultiPolygon"}

    @given(st.integers(3, 40), st.floats(0.0005, 0.02))
    def test_a_round_field_never_crosses_itself(self, count, radius):
        ring = [
            [
                round(108 + radius * math.cos(2 * math.pi * each / count), 7),
                round(12 + radius * math.sin(2 * math.pi * each / count), 7),
            ]
            for each in range(count)
        ]

        assert [len(each) for each in outlines(read(polygon(*ring)).geometry)] == [count]


class TestPlan:
    def test_holds_the_whole_plot_in_the_middle_and_its_neighbours(self):
        own = read(polygon(*FIELD)).geometry
        near = {"type": "Point", "coordinates": [108.051, 12.7022]}
        far = {"type": "Point", "coordinates": [109.0, 12.7]}

        plan = plan_of(own, others=[near, far])

        [neighbour, drawn] = plan.plots
        numbers = [float(n) for pair in drawn.path[1:-1].split() for n in pair.split(",")]
        assert drawn.is_own
        assert min(numbers) >= 0
        assert max(numbers) <= SIZE
        assert neighbour.dot is not None
        assert (round(plan.east, 4), round(plan.north, 4)) == (108.0511, 12.7011)
        assert plan.scale_m == 50
        assert 0 < plan.bar <= SIZE / 4

    def test_draws_holes_and_parts_as_one_path(self):
        own = read(
            {"type": "MultiPolygon", "coordinates": [[FIELD, INNER[0]], [moved(FIELD, 0.01)]]}
        )

        [drawn] = plan_of(own.geometry).plots

        assert (drawn.path.count("M"), drawn.path.count("Z"), drawn.dot) == (3, 3, None)

    def test_of_nothing_looks_where_it_is_told(self):
        plan = plan_of(None, middle=(105.8, 21.0))

        assert plan.plots == ()
        assert (plan.east, plan.north) == (105.8, 21.0)

    def test_of_a_point_has_room_around_it(self):
        plan = plan_of({"type": "Point", "coordinates": [108.05, 12.7]})

        assert plan.plots[0].dot == (SIZE / 2, SIZE / 2)
        assert plan.metres >= 60
