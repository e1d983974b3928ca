from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from finder.directory.index.grid import CELL_DEGREES, NOWHERE, cells, runs
from finder.places.point import EARTH_RADIUS_MILES, Point, great_circle_miles

LATITUDES = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, 89.9, -89.9, 42.25])
LONGITUDES = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9, -179.9, -71.25])


@given(LATITUDES, LONGITUDES, st.floats(0, 360), st.floats(0, 1), st.floats(5, 13_000))
@example(0.0, 180.0, 90.0, 1.0, 100.0)
@example(65.0, -179.9, 270.0, 1.0, 100.0)
@example(90.0, 0.0, 180.0, 1.0, 5.0)
@example(42.25, -71.25, 0.0, 1.0, 17.27)
def test_no_point_of_a_circle_is_outside_its_runs(
    latitude: float, longitude: float, bearing: float, part: float, radius: float
) -> None:
    center = Point(latitude=latitude, longitude=longitude)
    point = travel(center, bearing, part * radius)
    if great_circle_miles(center, point) > radius:
        return
    cell = cells(np.array([point.latitude]), np.array([point.longitude]))
    assert runs(cell, center, radius) == [slice(0, 1)]


@given(LATITUDES, LONGITUDES, st.floats(5, 13_000))
def test_no_row_is_in_two_runs(latitude: float, longitude: float, radius: float) -> None:
    cell = np.arange(0, NOWHERE + 1, 7, dtype=np.int32)
    found = runs(cell, Point(latitude=latitude, longitude=longitude), radius)
    rows = [row for run in found for row in range(run.start, run.stop)]
    assert len(rows) == len(set(rows))


@given(LATITUDES, LONGITUDES)
def test_a_row_without_a_point_is_in_no_run(latitude: float, longitude: float) -> None:
    unknown = cells(np.array([math.nan, 1.0]), np.array([1.0, math.nan]))
    assert unknown.tolist() == [NOWHERE, NOWHERE]
    assert runs(unknown, Point(latitude=latitude, longitude=longitude), math.pi * EARTH_RADIUS_MILES) == []


def test_the_runs_hold_few_rows_outside_the_circle() -> None:
    step = 0.05
    latitude, longitude = (grid.ravel() for grid in np.mgrid[30:50:step, -110:-90:step])
    cell = np.sort(cells(latitude, longitude))
    held = sum(run.stop - run.start for run in runs(cell, Point(latitude=40, longitude=-100), 100))
    circle = math.pi * (100 / EARTH_RADIUS_MILES) ** 2 * (180 / math.pi / step) ** 2 / math.cos(math.radians(40))
    assert circle < held < 1.4 * circle


@pytest.mark.parametrize("longitude", [-180.0, 180.0])
def test_plus_and_minus_180_degrees_are_one_cell(longitude: float) -> None:
    assert cells(np.array([10.0]), np.array([longitude])) == cells(np.array([10.0]), np.array([-180.0]))


def test_cells_are_an_eighth_of_a_degree() -> None:
    latitude = np.array([42.0, 42.0 + CELL_DEGREES - 1e-9, 42.0 + CELL_DEGREES])
    assert CELL_DEGREES == 1 / 8
    first, same, next_band = cells(latitude, np.full(3, -71.0)).tolist()
    assert first == same
    assert next_band - first == 360 * 8


def travel(start: Point, bearing: float, miles: float) -> Point:
    """Go along a great circle from a point."""
    phi, lam, theta = map(math.radians, (start.latitude, start.longitude, bearing))
    delta = miles / EARTH_RADIUS_MILES
    end = math.sin(phi) * math.cos(delta) + math.cos(phi) * math.sin(delta) * math.cos(theta)
    turn = math.atan2(
        math.sin(theta) * math.sin(delta) * math.cos(phi), math.cos(delta) - math.sin(phi) * min(max(end, -1), 1)
    )
    longitude = (math.degrees(lam + turn) + 180) % 360 - 180
    return Point(latitude=math.degrees(math.asin(min(max(end, -1), 1))), longitude=longitude)
