"""A point on the earth and the distance between two, in miles along the great circle."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_MILES = 6371.009 / 1.609344
"""Mean radius of the earth as in geopy (tested), so that the index and displayed distances agree to the meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place by latitude (-90 to 90) and longitude (-180 to 180), both in decimal degrees, north and east positive."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude) and -90 <= self.latitude <= 90):
            raise ValueError(f"a latitude lies between -90 and 90, not {self.latitude!r}")
        if not (math.isfinite(self.longitude) and -180 <= self.longitude <= 180):
            raise ValueError(f"a longitude lies between -180 and 180, not {self.longitude!r}")


def great_circle_miles(a: Point, b: Point) -> float:
    """Return the distance of ``a`` and ``b`` along the great circle in miles (geopy's ``great_circle``)."""
    from geopy.distance import great_circle  # here, because geopy loads two HTTP clients with it: 0.3 s at every start

    return float(great_circle((a.latitude, a.longitude), (b.latitude, b.longitude)).miles)
