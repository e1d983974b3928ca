"""Points and distances."""

from __future__ import annotations

import math

import pytest
from geopy.distance import EARTH_RADIUS, great_circle
from geopy.units import miles
from hypothesis import given
from hypothesis import strategies as st

from finder.places import EARTH_RADIUS_MILES, Point, great_circle_miles

points = st.builds(Point, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.5), (0.0, -999.0), (math.nan, 0.0), (0.0, math.nan), (math.inf, 0.0)],
)
def test_refuses_coordinates_outside_the_earth(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="lies between"):
        Point(latitude=latitude, longitude=longitude)


def test_is_the_radius_of_geopy() -> None:
    assert pytest.approx(miles(kilometers=EARTH_RADIUS), abs=1e-9) == EARTH_RADIUS_MILES


@given(points, points)
def test_agrees_with_geopy_and_with_the_haversine_of_the_index_to_the_meter(a: Point, b: Point) -> None:
    measured = great_circle_miles(a, b)
    assert measured == great_circle((a.latitude, a.longitude), (b.latitude, b.longitude)).miles
    north = math.sin(math.radians(b.latitude - a.latitude) / 2) ** 2
    east = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    both = north + math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude)) * east
    haversine = 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(1.0, both)))
    assert measured == pytest.approx(haversine, abs=0.0006)


def test_boston_to_new_york_is_190_miles() -> None:
    boston, new_york = Point(latitude=42.3601, longitude=-71.0589), Point(latitude=40.7128, longitude=-74.0060)
    assert great_circle_miles(boston, new_york) == pytest.approx(190.2, abs=0.2)
