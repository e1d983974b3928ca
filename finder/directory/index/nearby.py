"""The rows in the area of a query, with their distance: the only part of a search that reads coordinates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finder.digits import is_digits
from finder.directory.index.arrays import Arrays
from finder.directory.index.grid import runs
from finder.directory.query import Query
from finder.places.point import EARTH_RADIUS_MILES, Point

HALF_ROUND_THE_EARTH_MILES = math.pi * EARTH_RADIUS_MILES

_TOLERANCE_MILES = 1e-7
"""Tolerance, so that a place exactly on the circle is inside in spite of rounding."""


ListingsOf = Callable[[str], Sequence[int]]
"""Returns the ids of the listings of an NPI, which may be typed in place of a name."""


@dataclass(frozen=True)
class Rows:
    """Rows with the square of their straight distance on the unit sphere (None without a center)."""

    rows: NDArray[np.intp]
    chord: NDArray[np.float64] | None

    def __getitem__(self, places: NDArray[np.intp] | slice) -> Rows:
        """Return the rows at some positions."""
        return Rows(self.rows[places], None if self.chord is None else self.chord[places])


class Nearby:
    """Finds the rows of a release by place and by name."""

    def __init__(self, arrays: Arrays, listings_of: ListingsOf = lambda _: ()) -> None:
        self._arrays = arrays
        self._listings_of = listings_of
        self._numbers = np.arange(len(arrays.cell), dtype=np.intp)
        self._states = {state: place for place, state in enumerate(arrays.states)}

    def find(self, query: Query) -> Rows:
        """Return the rows in the query's area (radius, state or everywhere) that match its name."""
        if query.origin is None:
            rows = Rows(self._numbers, None)
        elif query.origin.point is None:
            rows = Rows(self._in_state(query.origin.state or ""), None)
        else:
            rows = self._within(query.origin.point, query.radius_miles)
        if not query.name:
            return rows
        if is_digits(query.name, 10):
            return rows[np.flatnonzero(np.isin(self._arrays.listing[rows.rows], self._listings_of(query.name)))]
        return rows[np.flatnonzero(self._arrays.names.find(query.name, len(self._numbers))[rows.rows])]

    def _within(self, center: Point, radius_miles: float) -> Rows:
        pieces = runs(self._arrays.cell, center, radius_miles) or [slice(0, 0)]
        away = np.concatenate([self._arrays.position[:, piece] for piece in pieces], axis=1)
        away -= on_the_sphere(center)
        chord = np.einsum("ij,ij->j", away, away)
        inside = np.flatnonzero(chord <= _chord(radius_miles + _TOLERANCE_MILES))
        rows = np.concatenate([self._numbers[piece] for piece in pieces])
        return Rows(rows, chord)[inside]

    def _in_state(self, state: str) -> NDArray[np.intp]:
        place = self._states.get(state)
        if place is None:
            return self._numbers[:0]
        start, end = self._arrays.state_starts[place : place + 2]
        return self._arrays.by_state[start:end].astype(np.intp)


def on_the_sphere(point: Point) -> NDArray[np.float64]:
    """Return a point on the unit sphere, shape (3, 1)."""
    phi, lam = math.radians(point.latitude), math.radians(point.longitude)
    return np.array([[math.cos(phi) * math.cos(lam)], [math.cos(phi) * math.sin(lam)], [math.sin(phi)]])


def _chord(miles: float) -> float:
    """Return the squared straight distance on the unit sphere for a distance along the surface."""
    return float((2 * math.sin(min(miles / EARTH_RADIUS_MILES, math.pi) / 2)) ** 2)
