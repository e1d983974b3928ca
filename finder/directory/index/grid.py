"""Grid cells: finds the rows that can lie within a radius of a point without reading the others.

The globe is cut into cells of an eighth of a degree, nine miles high. Rows are sorted by cell, by band of latitude and
west to east in each, so that the part of a band that a circle can touch is one run of rows. Distances are not computed
here.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from finder.places.point import EARTH_RADIUS_MILES, Point

CELL_DEGREES = 0.125
BANDS = round(180 / CELL_DEGREES)
COLUMNS = round(360 / CELL_DEGREES)
NOWHERE = BANDS * COLUMNS
"""The cell of rows without coordinates: after every real cell, and in no circle."""

_MARGIN = 1e-9
"""Radians (a quarter of an inch) by which circles are enlarged, so that rounding never loses a row."""


def cells(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the cell of each point, in degrees; NaN is ``NOWHERE``."""
    known = ~(np.isnan(latitude) | np.isnan(longitude))
    band = np.clip(np.floor((np.where(known, latitude, 0.0) + 90) / CELL_DEGREES), 0, BANDS - 1)
    column = np.floor((np.where(known, longitude, 0.0) + 180) / CELL_DEGREES) % COLUMNS
    return np.where(known, band * COLUMNS + column, NOWHERE).astype(np.int32)


def runs(cell: NDArray[np.int32], center: Point, radius_miles: float) -> list[slice]:
    """Return the runs of rows, sorted by ``cell``, that together hold every row within the radius and few others."""
    bands, first, last = _columns(center, min(radius_miles / EARTH_RADIUS_MILES + _MARGIN, math.pi))
    west, east = bands * COLUMNS, (bands + 1) * COLUMNS
    starts, ends = west + np.maximum(first, 0), west + np.minimum(last + 1, COLUMNS)
    if first.min() < 0 or last.max() >= COLUMNS:  # over the 180th meridian: it goes on at the other edge of the grid
        starts = np.concatenate([starts, east + np.minimum(first, 0), west])
        ends = np.concatenate([ends, east, west + np.maximum(last + 1 - COLUMNS, 0)])
    low, high = np.searchsorted(cell, np.stack([starts, ends]).astype(np.int32)).tolist()
    return [slice(start, end) for start, end in zip(low, high, strict=True) if end > start]


def _columns(center: Point, radius: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the bands that a circle of ``radius`` radians touches, and the first and last column it can touch in each.

    Columns run on beyond the grid (below 0, from ``COLUMNS``) where the circle crosses the 180th meridian.
    """
    latitude, longitude = math.radians(center.latitude), math.radians(center.longitude)
    south, north = latitude - radius, latitude + radius
    bands = np.arange(_band(south), _band(north) + 1)
    if south <= -math.pi / 2 or north >= math.pi / 2:  # a pole lies inside: every meridian is touched
        return bands, np.zeros_like(bands), np.full_like(bands, COLUMNS - 1)
    lower = np.radians(bands * CELL_DEGREES - 90)
    widest = math.asin(math.sin(latitude) / math.cos(radius))  # where the circle reaches farthest east and west
    nearest = np.minimum(np.maximum(widest, lower), lower + math.radians(CELL_DEGREES))
    cosine = (math.cos(radius) - np.sin(nearest) * math.sin(latitude)) / (np.cos(nearest) * math.cos(latitude))
    width = np.arccos(np.minimum(np.maximum(cosine, -1), 1)) + _MARGIN
    first = np.floor((np.degrees(longitude - width) + 180) / CELL_DEGREES).astype(np.int64)
    last = np.floor((np.degrees(longitude + width) + 180) / CELL_DEGREES).astype(np.int64)
    return bands, first, np.minimum(last, first + COLUMNS - 1)


def _band(latitude: float) -> int:
    return min(max(math.floor((math.degrees(latitude) + 90) / CELL_DEGREES), 0), BANDS - 1)
