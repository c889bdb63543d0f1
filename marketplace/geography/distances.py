"""How far apart provinces lie, as the crow flies: enough to say "near" and "far"."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

from marketplace.geography.places import Province

EARTH_KM: Final = 6371


def distance_km(first: Province, second: Province) -> int:
    """The kilometres between the centres of two provinces; 0 within one."""
    lat, other_lat = radians(first.lat), radians(second.lat)
    across = sin((other_lat - lat) / 2) ** 2
    along = sin(radians(second.lon - first.lon) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(across + cos(lat) * cos(other_lat) * along)))
