"""Plots as people take them away: GeoJSON with the properties that are read again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from marketplace.geography import queries as geography
from marketplace.kernel.quantity import M2_PER_HECTARE
from marketplace.membership.files.features import EXTRA_NAMES, NAMES
from marketplace.membership.queries.land import PlotRow
from marketplace.platform.translation import current_locale

_SIDE: Final = 0.001
_SAMPLE_CORNER: Final = (108.0500001, 12.7000001)


def plots_file(plots: Iterable[PlotRow]) -> bytes:
    """All plots as one FeatureCollection; one that has not been drawn has no geometry."""
    return _written([_feature(_said(plot), plot.geometry, _besides(plot)) for plot in plots])


def sample_file() -> bytes:
    """Two plots as an example of what a file holds."""
    east, north = _SAMPLE_CORNER
    corners = ((0.0, 0.0), (_SIDE, 0.0), (_SIDE, _SIDE), (0.0, _SIDE), (0.0, 0.0))
    square = [[round(east + x, 7), round(north + y, 7)] for x, y in corners]
    point = [round(east + 2 * _SIDE, 7), round(north + _SIDE / 2, 7)]
    first = ("TH-0001", "TV-0001", "Nguyễn Thị Hoa", "Cà phê", 1.2)
    second = ("TH-0002", "TV-0002", "Y Blơm Niê", "Hồ tiêu", None)
    return _written(
        [
            _feature(first, {"type": "Polygon", "coordinates": [square]}),
            _feature(second, {"type": "Point", "coordinates": point}),
        ]
    )


def _said(plot: PlotRow) -> Sequence[Any]:
    """The values of the properties that are read again, in the order of `NAMES`."""
    declared = _hectares(plot.declared_area_m2)
    return plot.code, plot.owner_code, plot.owner_name, plot.crop, declared


def _besides(plot: PlotRow) -> Sequence[Any]:
    commune = geography.find_commune(plot.commune_code) if plot.commune_code else None
    return (
        _hectares(plot.area_m2),
        geography.province(plot.province_code).name,
        commune.full_name if commune else None,
        plot.retired_on.isoformat() if plot.retired_on else None,
    )


def _feature(
    said: Sequence[Any], geometry: Mapping[str, Any] | None, besides: Sequence[Any] = ()
) -> dict[str, Any]:
    locale = "en" if current_locale() == "en" else "vi"
    properties = dict(zip(NAMES[locale].values(), said, strict=True))
    properties |= dict(zip(EXTRA_NAMES[locale], besides, strict=False))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _hectares(m2: int | None) -> float | None:
    """Square metres as JSON writes hectares: four decimals at most, so nothing is lost."""
    return None if m2 is None else m2 / M2_PER_HECTARE


def _written(features: Sequence[Mapping[str, Any]]) -> bytes:
    """One feature a line, so that people can look through it, too."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()
