"""The gazetteer: resolves the place that a person typed, offline.

ZIP codes are looked up in ``zips``, names in ``towns``; the result is an origin or a PlaceError.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from finder.places.errors import (
    AmbiguousPlace,
    MilitaryAddress,
    NoCoordinates,
    OutsideUnitedStates,
    UnknownPlace,
    UnknownZip,
)
from finder.places.names import Town
from finder.places.origin import Origin, point_origin, state_origin, town_origin, zip_origin
from finder.places.point import Point, great_circle_miles
from finder.places.query import Named, StateQuery, ZipQuery, read_place
from finder.places.spelling import joined
from finder.places.states import states
from finder.places.towns import Towns
from finder.places.zips import Zip, Zips

MILITARY_CITIES = frozenset({"apo", "fpo", "dpo"})
"""The "cities" of military mail."""

WIDEST_SEARCH = 100.0
"""Miles: a point with no ZIP code within this distance is outside the country; no search radius is wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A rectangle of the map, in decimal degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Return whether a point is in the rectangle."""
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


class Gazetteer:
    """All ZIP codes, cities, counties and states. Loaded once per process with ``load``; threads may share it."""

    def __init__(self, zips: Zips) -> None:
        """Store the ZIP codes; the indexes of names are built when first needed."""
        self._zips = zips
        self._names = Towns(zips)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Gazetteer:
        """Return the gazetteer of this process. ZIP codes are read when first needed."""
        return cls(Zips())

    def resolve(self, text: str) -> Origin:
        """Resolve a typed place: ZIP code, ``City, ST``, city, county, state, or ``latitude,longitude``.

        Raises a PlaceError, and nothing else, whatever the text.
        """
        query = read_place(text)
        if isinstance(query, ZipQuery):
            return self._zip(query.code)
        if isinstance(query, Point):
            return self._point(query)
        if isinstance(query, StateQuery):
            return self._state(query)
        for named in query:
            if origin := self._named(named):
                return origin
        raise UnknownPlace(self._names.resembling(query))

    def zips(self) -> Iterator[Zip]:
        """Return every ZIP code."""
        return iter(self._zips)

    def centroid(self, zip_code: str) -> Point | None:
        """Return the center of a five-digit ZIP code, None if it is unknown."""
        entry = self._zips.get(zip_code)
        return entry.point if entry else None

    def state_of(self, zip_code: str) -> str | None:
        """Return the state of a five-digit ZIP code, by its code."""
        entry = self._zips.get(zip_code)
        return entry.state if entry else None

    def in_state(self, zip_code: str, state: str) -> bool:
        """Return whether a five-digit ZIP code may belong to an address in a state; unknown ZIP codes may."""
        return (self.state_of(zip_code) or state) == state

    def fee_zip(self, zip_code: str, state: str) -> str:
        """Return the ZIP code (five digits) by which fees at an address go; empty where it is another state's."""
        five = zip_code[:5]
        return five if self.in_state(five, state) else ""

    def city_center(self, city: str, state: str) -> Point | None:
        """Return the mean of the ZIP code centroids of a city, by name and state code; None: no such city."""
        town = self._names.cities.find(city).get(state)
        return town.point if town else None

    def city_of(self, zip_code: str) -> str | None:
        """Return the postal city of a five-digit ZIP code, None if it is unknown."""
        entry = self._zips.get(zip_code)
        return (entry.city or None) if entry else None

    def describe(self, zip_code: str) -> str:
        """Return a ZIP code with its city: ``02139 (Cambridge, MA)``; without one if it is unknown."""
        entry = self._zips.get(zip_code)
        place = ", ".join(filter(None, (entry.city, entry.state))) if entry else ""
        return f"{zip_code} ({place})" if place else zip_code

    def towns(self, bounds: Bounds, limit: int = 40) -> list[Town]:
        """Return the largest cities (by number of ZIP codes) in a rectangle of the map, largest first."""
        inside = [town for point, town in self._names.placed_cities if bounds.holds(point)]
        return sorted(inside, key=lambda town: (-len(town.zips), town.title))[:limit]

    def nearest(self, point: Point) -> Zip:
        """Return the ZIP code with a city whose center is nearest to a point."""
        zips, places = self._located
        north = places[:, 0] - point.latitude
        east = (places[:, 1] - point.longitude + 180) % 360 - 180
        shrink = math.cos(math.radians(point.latitude))
        return zips[int(np.argmin(north**2 + (east * shrink) ** 2))]

    @cached_property
    def _located(self) -> tuple[list[Zip], npt.NDArray[np.float64]]:
        """The ZIP codes that have a city and a center, and those centers: shape (n, 2), latitude and longitude."""
        zips = [entry for entry in self._zips if entry.city and entry.latitude is not None]
        return zips, np.array([(entry.latitude, entry.longitude) for entry in zips], dtype=np.float64)

    def warm(self) -> None:
        """Load everything now, so that no visitor waits for it."""
        self._names.warm()
        self.resolve("42.37,-71.11")

    def _zip(self, code: str) -> Origin:
        entry = self._zips.get(code)
        if entry is None:
            raise UnknownZip(code)
        if states()[entry.state].military:
            raise MilitaryAddress(code)
        if entry.point is None:
            raise NoCoordinates(code)
        return zip_origin(entry, entry.point)

    def _point(self, point: Point) -> Origin:
        near = self.nearest(point)
        if near.point is None or great_circle_miles(point, near.point) > WIDEST_SEARCH:
            raise OutsideUnitedStates
        return point_origin(point, near)

    def _state(self, query: StateQuery) -> Origin:
        """Return the origin of a state. Raises AmbiguousPlace if the name is also that of a large city."""
        if query.state.military:
            raise MilitaryAddress
        cities = () if query.certain else self._names.large_cities(query.state.name)
        if cities:
            largest, *others = (city.title for city in cities)
            raise AmbiguousPlace((largest, f"{query.state.name} State", *others))
        return state_origin(query.state)

    def _named(self, named: Named) -> Origin | None:
        """Return the origin of one reading of a name, None if there is no such place."""
        if joined(named.name) in MILITARY_CITIES or (named.state and named.state.military):
            raise MilitaryAddress
        found = self._names.find(named)
        if found is None:
            return None
        kind, town = found
        if town.point is None:
            raise NoCoordinates
        return town_origin(kind, town.name, town.state, town.point, town.source)
