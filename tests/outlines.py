"""Draws `static/img/vietnam.svg`, the shapes of the 34 provinces and cities, from a GeoJSON file.

    python -m tests.outlines vietnam-34.geojson

Run by hand when the borders change; what it writes is committed. The file holds polygons with the
property `code`, and the islands of both archipelagos as points with the property `archipelago`.
The islands stand in `templates/components/map.html`, with their names; the test of this module
says if one is missing there.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from marketplace.reporting.maps import HEIGHT, WIDTH, on_map

FILE: Final = Path(__file__).parents[1] / "static" / "img" / "vietnam.svg"
NOTE: Final = (
    "Borders of the provinces and cities of Viet Nam from 1 July 2025, rough, for colouring only."
    " From Natural Earth (public domain), dissolved by the mergers of 2025."
)

Ring = Sequence[Sequence[float]]


def draw(data: Mapping[str, Any]) -> str:
    """The file: one path for each province, its id the code with a p before it."""
    paths = "\n".join(
        f'<path id="p{each["properties"]["code"]}" d="{_outline(each["geometry"])}"/>'
        for each in data["features"]
        if "code" in each["properties"]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<!-- {NOTE} -->\n<defs>\n{paths}\n</defs></svg>\n"
    )


def islands(data: Mapping[str, Any]) -> dict[str, list[tuple[int, int]]]:
    """Where the islands of each archipelago lie on the map, by its name."""
    return {
        each["properties"]["archipelago"]: [
            on_map(lon, lat) for lon, lat in each["geometry"]["coordinates"]
        ]
        for each in data["features"]
        if "archipelago" in each["properties"]
    }


def _outline(geometry: Mapping[str, Any]) -> str:
    shapes = geometry["coordinates"]
    polygons = [shapes] if geometry["type"] == "Polygon" else shapes
    return "".join(_ring(ring) for polygon in polygons for ring in polygon)


def _ring(ring: Ring) -> str:
    points = list(_without_repeats(on_map(lon, lat) for lon, lat in ring))
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _without_repeats(points: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    before = None
    for point in points:
        if point != before:
            yield point
        before = point


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    FILE.write_text(draw(given), encoding="utf-8")
    sys.stdout.write(f"{FILE.stat().st_size} bytes, islands at {islands(given)}\n")
